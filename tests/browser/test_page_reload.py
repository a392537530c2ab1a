"""A reload loses nothing, and gives nothing to anybody else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo

pytestmark = pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")


def test_photos_survive_a_reload_in_their_own_browser_only(
    open_tab: Callable[..., Page], browser: Browser, app: str
) -> None:
    page = open_tab("/classify")
    sample = page.get_by_role("button", name="Try the sample photo")
    page.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "image/png", "buffer": sample_photo() + name.encode()}
            for name in ("a.png", "b.png")
        ]
    )
    answer = page.get_by_role("heading", name="Most likely")
    expect(answer).to_be_visible()
    expect(open_tab("/classify").get_by_role("button", name="Try the sample photo")).to_be_visible()
    page.goto(app + "/health")  # the session ends; another browser comes first
    stranger = browser.new_context()
    other = stranger.new_page()
    other.goto(app + "/classify")
    expect(other.get_by_role("button", name="Try the sample photo")).to_be_visible()
    stranger.close()
    page.goto(app + "/classify")
    expect(answer).to_be_visible()
    expect(page.get_by_text("Your photos are still here after a reload")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(sample).to_be_visible()
    page.reload()
    expect(sample).to_be_visible()
