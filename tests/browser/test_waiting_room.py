"""A visitor who waits for a free session gets the page that was asked for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_server import serving
from playwright.sync_api import Page, expect


@pytest.fixture
def app(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "log.txt", environment={"FER_VISITORS": "1"}) as url:
        yield url


def test_the_page_asked_for_is_kept(open_tab: Callable[..., Page]) -> None:
    inside = open_tab("/")
    address = "/per_class?emotion=happy&threshold=0.3"
    waiting = open_tab(address)
    expect(waiting.get_by_role("heading", name="The app is at capacity")).to_be_visible()
    expect(waiting.get_by_text("Page not found")).to_have_count(0)
    waiting.wait_for_timeout(4000)  # at least one attempt, every 3 s
    assert waiting.url.endswith(address)
    inside.close()
    expect(waiting.get_by_role("heading", name="The app is at capacity")).to_have_count(0)
    expect(waiting.get_by_role("slider", name="Threshold").first).to_have_value("0.3")
    assert waiting.url.endswith(address)
