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


def check_layout(page: Page, scheme: str, width: int) -> None:
    """Check that the page shows no error and fits this width."""
    page.set_viewport_size({"width": width, "height": 900})
    settled(page)
    expect(page.locator(".stApp")).to_have_css("background-color", BACKGROUND[scheme])
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert overflow(page) <= 0, width


def check_place_in_menu(page: Page, name: str) -> None:
    """Check that tab and menu tell which page this is."""
    spec, product = PAGES[name], "FER Explorer"
    expect(page).to_have_title(product if name == "home" else f"{spec.title} · {product}")
    marked = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stTopNavSection"]')]
            .filter(button => !getComputedStyle(button).backgroundColor.endsWith(' 0)'))
            .map(button => button.innerText.trim())"""
    )
    assert marked == ([spec.group] if spec.group else [])


def check_accessibility(page: Page, scheme: str, width: int, name: str) -> None:
    """Check the page with axe and save a screenshot of all of it."""
    unroll(page, width)
    keep(page, f"{name}-{scheme}-{width}")
    grave, others, allowed = findings(page, only_colours=scheme == "dark")
    print(*others, sep="\n")
    assert not grave, "\n".join([f"{width} pixels:", *grave])
    if scheme == "light" and width == PHONE:
        assert allowed == set(ALLOWED), "fixed by now: remove it from ALLOWED"


@pytest.mark.parametrize("scheme", BACKGROUND)
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_is_accessible_and_usable(
    open_tab: Callable[..., Page], name: str, scheme: str
) -> None:
    """Use the page in the light theme at desktop width and in the dark theme at phone width.

    axe checks it before use at one width and after use at the other.
    """
    used, unused = (DESK, PHONE) if scheme == "light" else (PHONE, DESK)
    address = "/" if name == "home" else f"/{name}"
    page = open_tab(address, width=unused, scheme=scheme)
    check_layout(page, scheme, unused)
    if unused == DESK:
        check_place_in_menu(page, name)
    check_accessibility(page, scheme, unused, f"{name}-empty")
    check_layout(page, scheme, used)
    USES.get(name, unfold)(page)
    unfold(page)
    check_accessibility(page, scheme, used, f"{name}-used")
    for width in (used, unused):
        check_layout(page, scheme, width)
    other = "dark" if scheme == "light" else "light"
    page.emulate_media(color_scheme=other)  # type: ignore[arg-type]
    expect(page.locator(".stApp")).to_have_css("background-color", BACKGROUND[other])
