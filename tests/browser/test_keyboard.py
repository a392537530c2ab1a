"""Classify by keyboard alone."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browser import settled
from PIL import Image
from playwright.sync_api import FileChooser, Page, ViewportSize, expect

from fer_core.artifacts import weights_file
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS

WINDOW: ViewportSize = {"width": 1440, "height": 1800}  # tall enough that nothing scrolls
MODEL = MODELS["individual"]
pytestmark = pytest.mark.skipif(
    not weights_file.is_ready(MODEL), reason=f"{MODEL.title}: not trained yet"
)

#: Name of the focused element, without icons (`add_a_photo`), and its box on the screen. Table
#: cells are drawn on a canvas.
FOCUS = """() => {
  const self = document.activeElement;
  const box = (self.closest('canvas') || self).getBoundingClientRect();
  const words = self.innerText.split('\\n').filter(word => word && !/^[a-z_]+$/.test(word));
  const name = /BODY|MAIN|CANVAS/.test(self.tagName) ? self.tagName : self.ariaLabel || words[0];
  return {
    name: name || self.innerText,
    box: [box.left, box.top, box.right, box.bottom].map(Math.round),
  };
}"""
MARGIN = 6  # pixels around an element that may show the focus ring
RING = 40  # minimum number of clearly changed pixels


def screenshot(page: Page) -> np.ndarray:
    """The screen as an (H, W, 3) array."""
    image = Image.open(io.BytesIO(page.screenshot(caret="hide")))
    return np.asarray(image.convert("RGB"), int)


def press(page: Page, key: str, before: np.ndarray) -> tuple[str, np.ndarray]:
    """Press a key that moves the focus; return the focused element's name and a new screenshot.

    The focus must be visible: compared with `before`, at least RING pixels have changed around the
    focused element.
    """
    page.keyboard.press(key)
    for _ in range(30):
        focus, after = page.evaluate(FOCUS), screenshot(page)
        left, top, right, bottom = focus["box"]
        part = np.s_[max(top - MARGIN, 0) : bottom + MARGIN, max(left - MARGIN, 0) : right + MARGIN]
        changed = (np.abs(after[part] - before[part]).max(axis=2) > 60).sum()
        if changed >= RING or focus["name"] == "BODY":  # around the page's end
            return focus["name"], after
        page.wait_for_timeout(100)
    raise AssertionError(f"the focus on “{focus['name']}” is not visible: {changed} pixels")


def walk(page: Page, to: str, limit: int = 40) -> list[str]:
    """Press Tab until `to` has the focus; return the names of the elements passed."""
    page.set_viewport_size(WINDOW)
    settled(page)
    screen, path = screenshot(page), [""]
    while path[-1] != to:
        assert len(path) < limit, f"“{to}” not reached: {path}"
        name, screen = press(page, "Tab", screen)
        path.append(name)
    return path


def test_sample_photo_to_download_and_clear(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify", width=WINDOW["width"])
    path = walk(page, "Try the sample photo")
    landmarks = ("Skip to main content", "Home", "Classify", "Model", "Photos", "Upload")
    assert [name for name in path if name in landmarks] == list(landmarks)
    page.keyboard.press("Enter")
    headline = page.get_by_role("heading", name="Most likely")
    expect(headline).to_be_visible()

    walk(page, "Model")  # past the page's end: nothing traps the focus
    page.keyboard.type(MODEL.title[:6])
    expect(page.get_by_role("option")).to_have_text(MODEL.title)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Seven separate answers")).to_be_visible()
    expect(page.get_by_role("combobox", name="Model")).to_be_focused()

    path = walk(page, "Download CSV")
    assert [name for name in path if name in ("Add photos", "Clear")] == ["Add photos", "Clear"]
    with page.expect_download() as download:
        page.keyboard.press("Space")
    [row] = csv.DictReader(download.value.path().open(encoding="utf-8-sig"))
    assert row["file"] == "astronaut.png"
    assert row["emotion"] in headline.inner_text()

    walk(page, "Clear")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Try the sample photo")).to_be_visible()


def test_upload_a_photo_and_switch_sources(open_tab: Callable[..., Page], tmp_path: Path) -> None:
    photo = tmp_path / "portrait.png"
    photo.write_bytes(sample_photo())
    page = open_tab("/classify", width=WINDOW["width"])
    opened: list[FileChooser] = []
    # Listen from the start: subscribing at the key press may be too late.
    page.on("filechooser", lambda chooser: opened.append(chooser))
    walk(page, "Photos")
    assert press(page, "ArrowRight", screenshot(page))[0] == "Folder"
    page.keyboard.press("Space")
    expect(page.get_by_text("A folder of photos")).to_be_visible()
    settled(page)
    assert press(page, "ArrowLeft", screenshot(page))[0] == "Photos"
    page.keyboard.press("Space")
    expect(page.get_by_text(re.compile("^Photos, up to"))).to_be_visible()
    settled(page)  # the upload field has been replaced
    walk(page, "Upload")
    page.keyboard.press("Enter")
    for _ in range(300):
        if opened:
            break
        page.wait_for_timeout(100)
    assert len(opened) == 1
    opened[0].set_files(photo)
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()

    walk(page, "Add photos")
    page.keyboard.press("Enter")
    added = page.get_by_role("button", name="Add the sample photo")
    expect(added).to_be_visible()
    page.keyboard.press("Escape")
    expect(added).to_be_hidden()
    expect(page.get_by_role("button", name="Add photos")).to_be_focused()
