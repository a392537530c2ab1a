"""Labelled photos become a test set in a browser: folder, labels, models, pages, reload, file."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import overflow, settled
from page_scenarios import choose
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo

pytestmark = pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of folders, one of which needs the visitor's word."""
    names = {"Happiness/a.jpg": "", "0_neutral/b.png": "admiral.png", "grumpy/c.jpg": ""}
    for name, sample in names.items():
        path = tmp_path / "faces" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(sample_photo(sample) if sample else sample_photo())
    (tmp_path / "faces/Happiness/broken.jpg").write_bytes(b"no picture")
    return tmp_path / "faces"


def test_a_labelled_folder_is_a_test_set_on_every_page(
    open_tab: Callable[..., Page], folder: Path, tmp_path: Path
) -> None:
    page = open_tab("/test_set", width=390)
    page.locator("input[type=file]").first.set_input_files(folder)
    expect(page.get_by_text("4 photos read.")).to_be_visible()
    choose(page, "grumpy (1)", "angry")
    settled(page)
    assert overflow(page) <= 0
    page.get_by_role("button", name="Evaluate 4 photos").click()
    heading = page.get_by_role("heading", name="My faces", exact=True)
    expect(heading).to_be_visible(timeout=90_000)
    expect(page.get_by_text("3 faces, 9 models")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Results (.json)").click()
    results = tmp_path / "again.json"
    download.value.save_as(results)
    assert "broken.jpg" in results.read_text("utf-8")
    page.reload()
    expect(heading).to_be_visible()
    page.get_by_role("button", name="Leaderboard").last.click()
    expect(page.get_by_text("on My faces").first).to_be_visible()
    expect(page).to_have_url(re.compile("split=own-1$"))
    settled(page)
    assert overflow(page) <= 0

    page = open_tab("/test_set?source=results")
    page.locator("input[type=file]").first.set_input_files(results)
    expect(page.get_by_role("heading", name="My faces", exact=True)).to_be_visible()
    page.get_by_role("button", name="Per-class metrics").last.click()
    expect(page.get_by_text("3 faces of My faces")).to_be_visible()
