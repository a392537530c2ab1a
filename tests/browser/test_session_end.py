"""A closed tab's session ends on time, even if no other visitor comes."""

import re
import time
from collections.abc import Callable

import httpx2
import pytest
from browser import settled
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.xdist_group("strict"),
]


@pytest.fixture
def app(strict_app: str) -> str:
    return strict_app


def test_photo_and_downloads_are_deleted_with_the_session(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    page.get_by_role("button", name="Try the sample photo").wait_for()
    settled(page)
    media: list[str] = []
    images = re.compile("(?<!/static)/media/")  # without fonts
    page.on("request", lambda sent: media.append(sent.url) if images.search(sent.url) else None)
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": sample_photo()}
    )
    expect(page.get_by_role("img", name="Your photo mine.png, one face boxed")).to_be_visible()
    settled(page)
    with page.expect_download():
        page.get_by_role("button", name="Download CSV", exact=True).click()
    settled(page)
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}

    def status(address: str) -> int:
        return httpx2.get(address, cookies=cookies).status_code

    available = {address for address in media if status(address) == 200}
    assert {address.rpartition(".")[2] for address in available} >= {"csv", "jpg"}
    page.close()  # and no other visitor comes
    for _ in range(150):
        statuses = {status(address) for address in available}
        if statuses == {404}:
            break
        time.sleep(0.2)
    assert statuses == {404}
