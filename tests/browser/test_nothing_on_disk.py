"""No photo reaches the disk: the system keeps this app from writing a large file."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.xdist_group("strict"),
]


@pytest.fixture
def app(strict_app: str) -> str:
    return strict_app


def test_a_large_photo_is_classified_without_a_file(open_tab: Callable[..., Page]) -> None:
    photo = Image.open(io.BytesIO(sample_photo())).resize((1600, 1600))
    file = io.BytesIO()
    photo.save(file, "PNG")
    assert len(file.getvalue()) > 2 * 2**20  # by default the web server keeps only 1 MB in memory
    page = open_tab("/classify")
    page.locator("input[type=file]").set_input_files(
        {"name": "large.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(page.get_by_role("img", name="Your photo large.png, one face boxed")).to_be_visible()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
