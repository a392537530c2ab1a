"""Pagination of a gallery with the keyboard and the address bar."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenTab = Callable[..., Page]


def test_pages_turn_by_keyboard_and_restart_with_other_faces(open_tab: OpenTab) -> None:
    page = open_tab("/data?faces=3")
    expect(page.get_by_text("Faces 25 to 36 of")).to_be_visible()
    forward = page.get_by_test_id("stPagination").get_by_role("button").last
    forward.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Faces 37 to 48 of")).to_be_visible()
    expect(page).to_have_url(re.compile("faces=4"))
    page.reload()
    expect(page.get_by_text("Faces 37 to 48 of")).to_be_visible()
    label = page.get_by_role("combobox", name="FER2013's label")
    label.click()
    label.fill("sad")
    label.press("Enter")
    expect(page.get_by_text("Faces 1 to 12 of")).to_be_visible()
    expect(page).to_have_url(re.compile("label=sad"))
    expect(page).not_to_have_url(re.compile("faces="))
