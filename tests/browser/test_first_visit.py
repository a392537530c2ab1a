"""The first visit after the app has started."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_server import serving
from playwright.sync_api import Page, expect


@pytest.fixture
def app(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "log.txt") as url:
        yield url


def test_the_first_visit_may_open_any_page(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    expect(page.get_by_role("heading", name="Which emotion is this face showing?")).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_be_visible()
    expect(page.get_by_text("streamlit app")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)
