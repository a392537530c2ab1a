"""A batch of broken and hostile files with one good photo, and the visit after it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser import settled
from corpus import CASES, SELECTED
from playwright.sync_api import Page, expect

from fer_core.errors import ImageError
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging import decode
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.filterwarnings(r"ignore:::PIL\..*"),
]
MAX_FILE_BYTES = 2_000_000  # per file, to keep the upload short
REJECTED = [name for name in SELECTED if CASES[name].expects == "sentence"]


@pytest.fixture
def batch(tmp_path: Path) -> tuple[list[Path], dict[str, str]]:
    """The files, all named as photos, and the expected error message of each bad one."""
    paths, errors = [], {}
    for number, name in enumerate(REJECTED):
        data = CASES[name].make()
        if not data or len(data) > MAX_FILE_BYTES:  # browsers do not send empty files
            continue
        path = tmp_path / f"bad-{number}.{('jpg', 'png', 'webp', 'bmp', 'gif', 'tif')[number % 6]}"
        path.write_bytes(data)
        with pytest.raises(ImageError) as caught:
            decode.decode(data)
        errors[path.name] = str(caught.value)
        paths.append(path)
    good = tmp_path / "astronaut.png"
    good.write_bytes(sample_photo())
    paths.insert(len(paths) // 2, good)
    return paths, errors


def test_bad_files_are_reported_and_the_good_photo_is_classified(
    open_tab: Callable[..., Page], batch: tuple[list[Path], dict[str, str]]
) -> None:
    paths, errors = batch
    assert len(errors) >= 15
    page = open_tab("/classify")
    page.locator("input[type=file]").set_input_files(paths)
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    settled(page)
    alert = page.get_by_role("alert").inner_text()
    for name, sentence in errors.items():
        assert f"{name}: {sentence}" in alert
    assert alert.count("bad-") == len(errors)
    assert "astronaut" not in alert
    expect(page.get_by_role("img", name="Your photo astronaut.png, one face boxed")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)

    again = open_tab("/classify")
    again.get_by_role("button", name="Try the sample photo").click()
    expect(again.get_by_role("heading", name="Most likely")).to_be_visible()
    expect(again.get_by_role("alert")).to_have_count(0)
