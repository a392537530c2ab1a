"""Compare in a browser: the address, the image download, a phone."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import overflow, settled
from PIL import Image
from playwright.sync_api import Page, expect

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS

READY = [model for model in MODELS.values() if weights_file.is_ready(model)]
pytestmark = pytest.mark.skipif(len(READY) < 3, reason="fewer than three models are trained")


def test_the_address_has_the_models_but_not_the_photo(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab("/compare", width=1440)
    page.get_by_role("button", name="Try the sample photo").click()
    cells = page.locator("table.grid td.answer")
    expect(cells).to_have_count(len(READY))
    settled(page)
    deselected = READY[-1].title
    page.get_by_role("button", name=deselected, exact=True).click()
    expect(cells).to_have_count(len(READY) - 1)
    settled(page)
    assert page.url.endswith("?models=" + ".".join(model.name for model in READY[:-1]))
    assert "astronaut" not in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    image = Image.open(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert (image.format, image.info) == ("PNG", {})

    page.context.clear_cookies()  # as somebody else to whom the link was sent
    page.goto(page.url)
    expect(page.get_by_role("button", name="Try the sample photo")).to_be_visible()
    pill = page.get_by_role("button", name=deselected, exact=True)
    expect(pill).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Try the sample photo").click()
    expect(cells).to_have_count(len(READY) - 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_each_face_as_a_card(open_tab: Callable[..., Page], scheme: str) -> None:
    page = open_tab("/compare", width=390, scheme=scheme)
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible()
    settled(page)
    assert overflow(page) <= 0
    for cell in page.locator("table.grid td.answer").all():
        box = cell.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390
