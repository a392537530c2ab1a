"""Every page in a real browser: wide and narrow, light and dark."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visit import overflow, settled

ROOT = Path(__file__).parents[2]
PATHS = ["/" if p.stem == "home" else f"/{p.stem}" for p in (ROOT / "pages").glob("[a-z]*.py")]
BACKGROUND = {"light": "rgb(252, 252, 250)", "dark": "rgb(19, 25, 27)"}


@pytest.mark.parametrize("path", sorted(PATHS))
def test_page_fits_every_window_and_theme(open_tab: Callable[..., Page], path: str) -> None:
    page = open_tab(path, width=1440)
    settled(page)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, background in BACKGROUND.items():
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            settled(page)
            expect(page.locator(".stApp")).to_have_css("background-color", background)
            assert overflow(page) <= 0, (width, scheme)
            expect(page.locator("h1")).to_have_count(1)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
