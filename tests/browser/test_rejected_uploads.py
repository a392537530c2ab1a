"""Rejected uploads are reported, and the rest of the batch is still classified."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.xdist_group("strict"),
]


@pytest.fixture
def app(strict_app: str) -> str:
    return strict_app


@pytest.fixture(autouse=True)
def rejections(expected: set[str]) -> None:
    """The browser logs rejections as errors."""
    expected |= {"status of 413", "status of 503", "status code 413", "status code 503"}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    content = {
        "good.png": sample_photo(),
        "huge.jpg": b"\xff\xd8" + os.urandom(MAX_BYTES),
        "phone.heic": b"\0\0\0\x18ftypheic" + bytes(100),
        "letter.txt": b"Dear detector",
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in content}


def send(page: Page, *paths: str) -> None:
    page.locator("input[type=file]").set_input_files(list(paths))


def test_a_mixed_batch(open_tab: Callable[..., Page], files: dict[str, str]) -> None:
    page = open_tab("/classify")
    send(page, *files.values())
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    alert = page.get_by_test_id("stAlertContainer")
    expect(alert).to_contain_text("1 file is larger than")
    expect(alert).to_contain_text("phone.heic: This is a HEIC photo (the iPhone default)")
    expect(alert).to_contain_text("letter.txt: This cannot be read as a photo")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Try the sample photo")).to_be_visible()
    expect(alert).to_have_count(0)


def test_only_a_file_that_is_too_large(
    open_tab: Callable[..., Page], files: dict[str, str]
) -> None:
    page = open_tab("/classify")
    send(page, files["huge.jpg"])
    expect(page.get_by_test_id("stAlertContainer")).to_contain_text("1 file is larger than")
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()


def test_uploads_over_the_quota(open_tab: Callable[..., Page], tmp_path: Path) -> None:
    """Four photos of 17 MB do not fit into 50 MB at once; what fits is read."""
    paths = []
    for i in range(4):
        path = tmp_path / f"{i}.bmp"
        path.write_bytes(b"BM" + os.urandom(17 * 10**6))
        paths.append(str(path))
    page = open_tab("/classify")
    send(page, *paths)
    alert = page.get_by_test_id("stAlertContainer")
    expect(alert).to_contain_text("not accepted because")
    expect(alert).to_contain_text(re.compile(r"\d\.bmp: This cannot be read as a photo"))
    rejected = next(i for i in range(4) if f"{i}.bmp" not in alert.inner_text())
    send(page, paths[rejected])  # now there is room
    expect(alert).to_contain_text(f"{rejected}.bmp: This cannot be read as a photo")
