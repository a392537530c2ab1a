"""Per-class metrics in a browser: the slider, the address and the legend."""

from collections.abc import Callable

import pytest
from browser import settled
from playwright.sync_api import Page, expect

from fer_core.artifacts.summaries import evaluated_models

pytestmark = pytest.mark.skipif(not evaluated_models(), reason="no model has been evaluated")


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


def test_the_legend_stays_above_the_lines_when_a_narrow_window_is_widened(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab("/per_class?emotion=disgust")
    expect(page.locator(".js-plotly-plot .legend")).to_have_count(3)
    settled(page)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
    for chart in page.locator(".js-plotly-plot:has(.legend)").all():
        legend = chart.locator(".legend").bounding_box()
        grid = chart.locator(".gridlayer").first.bounding_box()
        assert legend is not None
        assert grid is not None
        assert legend["y"] + legend["height"] <= grid["y"] + 4  # the grid's first line is 100 %
