"""Per-class metrics in a browser: what only a browser can do, moving a slider and the address."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from visit import settled

from fer_core.predictions import evaluated

pytestmark = pytest.mark.skipif(not evaluated(), reason="no variant has been evaluated")


def test_the_threshold_moves_by_keyboard_and_survives_a_reload(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab("/per_class?emotion=happy&threshold=0.3")
    counts = page.locator("table.counts")
    expect(page.get_by_text("of the happy faces, the share found")).to_be_visible()
    settled(page)
    before = counts.inner_text()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    expect(counts).not_to_have_text(before, use_inner_text=True)
    settled(page)
    address, after = page.url, counts.inner_text()
    assert "emotion=happy" in address
    assert "threshold=0.4" in address
    page.goto(address)
    settled(page)
    assert counts.inner_text() == after != before
