"""Classify without a mouse: the way of somebody who cannot use one, or does not want to."""

import csv
import io
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

WINDOW: ViewportSize = {"width": 1440, "height": 1600}  # tall enough that nothing scrolls
MODEL = MODELS["individual"]
pytestmark = pytest.mark.skipif(
    not weights_file.is_ready(MODEL), reason=f"{MODEL.title}: not trained yet"
)

#: What has the focus: its name, without icons (`add_a_photo`), and where it is on the screen. A
#: table's cell is drawn on a canvas.
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
MARGIN = 6  # pixels around an element in which a ring may be drawn
RING = 40  # pixels that must change clearly


def seen(page: Page) -> np.ndarray:
    """What is on the screen, (H, W, 3)."""
    image = Image.open(io.BytesIO(page.screenshot(caret="hide")))
    return np.asarray(image.convert("RGB"), int)


def press(page: Page, key: str, before: np.ndarray) -> tuple[str, np.ndarray]:
    """Moves the focus, on a screen that looks as `before`; the name of what has it now, and the
    screen. The focus must be seen: where it has come, a ring's worth of pixels has changed."""
    page.keyboard.press(key)
    for _ in range(30):
        focus, after = page.evaluate(FOCUS), seen(page)
        left, top, right, bottom = focus["box"]
        part = np.s_[max(top - MARGIN, 0) : bottom + MARGIN, max(left - MARGIN, 0) : right + MARGIN]
        changed = (np.abs(after[part] - before[part]).max(axis=2) > 60).sum()
        if changed >= RING or focus["name"] == "BODY":  # around the page's end
            return focus["name"], after
        page.wait_for_timeout(100)
    raise AssertionError(f"the focus on “{focus['name']}” is not seen: {changed} pixels")


def walk(page: Page, to: str, most: int = 40) -> list[str]:
    """Presses Tab until `to` has the focus; the names on the way."""
    page.set_viewport_size(WINDOW)
    settled(page)
    screen, way = seen(page), [""]
    while way[-1] != to:
        assert len(way) < most, f"no way to “{to}”: {way}"
        name, screen = press(page, "Tab", screen)
        way.append(name)
    return way


def test_sample_photo_to_the_table_and_back(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify", width=WINDOW["width"])
    way = walk(page, "Try the sample photo")
    landmarks = ("Skip to main content", "Home", "Classify", "Model", "Photos", "Upload")
    assert [name for name in way if name in landmarks] == list(landmarks)
    page.keyboard.press("Enter")
    headline = page.get_by_role("heading", name="Most likely")
    expect(headline).to_be_visible()

    walk(page, "Model")  # around the page's end: nothing holds the focus for ever
    page.keyboard.type(MODEL.title[:6])
    expect(page.get_by_role("option")).to_have_text(MODEL.title)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Seven separate answers")).to_be_visible()
    expect(page.get_by_role("combobox", name="Model")).to_be_focused()

    way = walk(page, "Download CSV")
    assert [name for name in way if name in ("Add photos", "Clear")] == ["Add photos", "Clear"]
    with page.expect_download() as download:
        page.keyboard.press("Space")
    [row] = csv.DictReader(download.value.path().open(encoding="utf-8"))
    assert row["file"] == "astronaut.png"
    assert row["emotion"] in headline.inner_text()

    walk(page, "Clear")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Try the sample photo")).to_be_visible()


def test_own_photo_and_another_way_in(open_tab: Callable[..., Page], tmp_path: Path) -> None:
    photo = tmp_path / "portrait.png"
    photo.write_bytes(sample_photo())
    page = open_tab("/classify", width=WINDOW["width"])
    opened: list[FileChooser] = []
    # Listening from the start: told of it only at the key press, the browser may be too late.
    page.on("filechooser", lambda chooser: opened.append(chooser))
    walk(page, "Photos")
    assert press(page, "ArrowRight", seen(page))[0] == "Folder"
    page.keyboard.press("Space")
    expect(page.get_by_text("A folder of photos")).to_be_visible()
    settled(page)
    assert press(page, "ArrowLeft", seen(page))[0] == "Photos"
    page.keyboard.press("Space")
    expect(page.get_by_text("Photos, as many as you like")).to_be_visible()
    settled(page)  # the upload field is a new one
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
