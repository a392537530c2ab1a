"""The uploaded file is kept only until it is read, and "Clear" deletes the photo."""

import io
import json
import time
import urllib.request
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("strict")


@pytest.fixture
def app(strict_app: str) -> str:
    return strict_app


def megabytes(app: str) -> float:
    """The app's own figure for the photos in its memory."""
    with urllib.request.urlopen(f"{app}/health") as answer:
        return json.load(answer)["photo_mb"]


def test_the_upload_is_released_once_it_is_read(open_tab: Callable[..., Page], app: str) -> None:
    for _ in range(300):  # until earlier sessions have ended
        if not megabytes(app):
            break
        time.sleep(0.1)
    noise = np.random.default_rng(0).integers(0, 256, (1500, 1500, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    assert len(file.getvalue()) > 5 * 10**6
    page = open_tab("/classify")
    page.locator("input[type=file]").set_input_files(
        {"name": "noise.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_text("No face found").wait_for()
    shown = megabytes(app)
    assert 0 < shown < 3  # a small JPEG for display
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Cleared 1 photo. This can be undone")).to_be_visible()
    page.get_by_role("button", name="Try the sample photo").click()  # from now on it can't be
    expect(page.get_by_role("img", name="Your photo")).to_be_visible()
    assert megabytes(app) < shown / 2
