"""Every page in a real browser, before and after use: wide and narrow, light and dark."""

from collections.abc import Callable

import pytest
from axe import ALLOWED, findings
from browser import keep, overflow, settled, unroll
from page_scenarios import USES, unfold
from playwright.sync_api import Page, expect

from pages.components.page_links import PAGES

DESK, PHONE = 1440, 390  # pixels wide
BACKGROUND = {"light": "rgb(252, 252, 250)", "dark": "rgb(19, 25, 27)"}


def look(page: Page, scheme: str, width: int) -> None:
    """Nothing is too wide or wrong in that width."""
    page.set_viewport_size({"width": width, "height": 900})
    settled(page)
    expect(page.locator(".stApp")).to_have_css("background-color", BACKGROUND[scheme])
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert overflow(page) <= 0, width


def read(page: Page, scheme: str, width: int, name: str) -> None:
    """Nothing is hard to read, for axe; leaves a screenshot of the whole page."""
    unroll(page, width)
    keep(page, f"{name}-{scheme}-{width}")
    grave, others, allowed = findings(page, only_colours=scheme == "dark")
    print(*others, sep="\n")
    assert not grave, "\n".join([f"{width} pixels:", *grave])
    if scheme == "light" and width == PHONE:
        assert allowed == set(ALLOWED), "mended by now: strike it out of ALLOWED"


@pytest.mark.parametrize("scheme", BACKGROUND)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_and_can_be_read_and_used(
    open_tab: Callable[..., Page], name: str, scheme: str
) -> None:
    """In the light it is used as by somebody at a desk, in the dark as by somebody with a phone;
    axe sees it before use in the one width and after use in the other."""
    used, unused = (DESK, PHONE) if scheme == "light" else (PHONE, DESK)
    address = "/" if name == "home" else f"/{PAGES[name].url_path or name}"
    page = open_tab(address, width=unused, scheme=scheme)
    look(page, scheme, unused)
    read(page, scheme, unused, f"{name}-empty")
    look(page, scheme, used)
    USES.get(name, unfold)(page)
    unfold(page)
    read(page, scheme, used, f"{name}-used")
    for width in (used, unused):
        look(page, scheme, width)
    other = "dark" if scheme == "light" else "light"
    page.emulate_media(color_scheme=other)  # type: ignore[arg-type]
    expect(page.locator(".stApp")).to_have_css("background-color", BACKGROUND[other])
