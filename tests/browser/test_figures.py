"""Charts as PNG and SVG, drawn in the browser under the page's security policy, and on paper."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from fer_core.registry import MODELS
from pages.components.figure import WIDTH


def saved(page: Page, frame: FrameLocator, kind: str) -> Path:
    with page.expect_download() as download:
        frame.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    return download.value.path()


def test_a_chart_is_a_png_and_an_svg_in_the_light_theme(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/confusion?model=resnet101", scheme="dark")
    page.get_by_test_id("stPopoverButton").first.click()
    frame = page.frame_locator("iframe[title$=figure_export]")
    with Image.open(saved(page, frame, "PNG")) as image:
        assert image.width == 3 * WIDTH
        assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    svg = saved(page, frame, "SVG").read_text(encoding="utf-8")
    assert "Confusion matrix of ResNet-101" in svg
    assert "@font-face" in svg
    assert "base64" in svg


def test_a_printed_page_has_its_address_and_the_whole_table_but_no_controls(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab("/leaderboard?split=PublicTest", width=794, scheme="dark")
    origin, table = page.locator("footer.print-only"), page.locator("table.print-only")
    expect(origin).to_be_hidden()
    page.emulate_media(media="print")
    expect(origin).to_contain_text("/leaderboard?split=PublicTest")
    expect(table.locator("tbody tr").last).to_be_visible()
    expect(table.get_by_role("columnheader")).to_have_count(len(MODELS) + 2)  # baseline, corner
    expect(page.get_by_test_id("stDownloadButton").first).to_be_hidden()
    expect(page.get_by_test_id("stDataFrame").first).to_be_hidden()
    heading = page.locator("h1")
    assert heading.evaluate("part => getComputedStyle(part).color") == "rgb(34, 41, 43)"
