"""A visitor's path through the app, in a real browser."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browser import settled
from playwright.sync_api import Page, expect

from fer_core import registry
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.format import number_word

OpenTab = Callable[..., Page]
needs_model = pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The sample photo and a text file named as a photo."""
    good, bad = tmp_path / "astronaut.png", tmp_path / "letter.jpg"
    good.write_bytes(sample_photo())
    bad.write_text("Dear detector, this is not a photo.")
    return [good, bad]


def to_classify(page: Page) -> None:
    page.get_by_role("button", name="Classify a photo").click()
    page.get_by_role("heading", name="Which emotion is this face showing?").wait_for()
    settled(page)


def test_home_lists_all_models(open_tab: OpenTab) -> None:
    page = open_tab()
    for model in registry.MODELS.values():
        cell = page.get_by_role("rowheader", name=model.title).first
        expect(cell).to_be_visible()


@needs_model
def test_photo_and_broken_file(open_tab: OpenTab, files: list[Path]) -> None:
    page = open_tab()
    to_classify(page)
    page.locator("input[type=file]").set_input_files(files)
    headline = page.get_by_role("heading", name="Most likely")
    expect(headline).to_be_visible()
    emotion = headline.inner_text().removeprefix("Most likely ").split(",")[0]
    assert emotion in EMOTIONS
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("letter.jpg: ")
    assert "astronaut" not in alert.inner_text()
    expect(page.get_by_role("img", name="Your photo astronaut.png, one face boxed")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV", exact=True).click()
    rows = list(csv.DictReader(download.value.path().open(encoding="utf-8-sig")))
    assert [row["file"] for row in rows] == ["astronaut.png", "letter.jpg"]
    assert rows[0]["emotion"] == emotion
    assert sum(float(rows[0][name]) for name in EMOTIONS) == pytest.approx(1, abs=1e-4)
    assert rows[1]["note"]


@needs_model
def test_photos_survive_a_walk_through_the_app(open_tab: OpenTab) -> None:
    page = open_tab()
    to_classify(page)
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    page.get_by_role("link", name="Home").click()
    page.get_by_role("heading", name=f"The {number_word(len(registry.MODELS))} models").wait_for()
    page.get_by_role("link", name="Classify").click()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Try the sample photo")).to_be_visible()


@needs_model
def test_the_rest_of_a_large_batch_can_be_skipped(open_tab: OpenTab, tmp_path: Path) -> None:
    """While photos are read, nothing of the empty page is in sight."""
    files = [tmp_path / f"{i:03}.png" for i in range(150)]
    for i, file in enumerate(files):
        file.write_bytes(sample_photo() + bytes([i]))
    page = open_tab("/classify")
    page.locator("input[type=file]").set_input_files(files)
    skip = page.get_by_role("button", name="Stop here")
    expect(skip).to_be_visible()
    expect(page.get_by_role("heading", name="Start with a photo of a face")).to_have_count(0)
    expect(page.get_by_text(re.compile(r"photo ([3-9]|\d\d+) of 150"))).to_be_visible()
    skip.click()
    expect(skip).to_have_count(0)
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    page.get_by_role("button", name="Discard the rest").click()
    note = page.get_by_text(re.compile(r"\d+ files were not read"))
    expect(note).to_be_visible()
    settled(page)  # the photo that was being read at "Stop here" is kept
    read = int(re.findall(r"\d+", page.get_by_text(re.compile(r"Photo \(\d+\)")).inner_text())[0])
    assert read > 0
    assert read + int(re.findall(r"\d+", note.inner_text())[0]) == len(files)
