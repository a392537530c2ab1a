"""A batch of broken and hostile files with one good photo among them, and the visit after it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser import settled
from corpus import CASES, SELECTED
from playwright.sync_api import Page, expect

from fer_core.artifacts import summaries
from fer_core.errors import ImageError
from fer_core.imaging import decode
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(summaries.default_model_name() is None, reason="no variant is trained yet"),
    pytest.mark.filterwarnings(r"ignore:::PIL\..*"),
]
MOST_BYTES = 2_000_000  # a file, so that the batch is not all about the upload
REFUSED = [name for name in SELECTED if CASES[name].expects == "sentence"]


@pytest.fixture
def batch(tmp_path: Path) -> tuple[list[Path], dict[str, str]]:
    """The files, each called a photo, and the sentence that is due for each bad one."""
    paths, due = [], {}
    for number, name in enumerate(REFUSED):
        data = CASES[name].make()
        if not data or len(data) > MOST_BYTES:  # a browser sends no empty file's content
            continue
        path = tmp_path / f"bad-{number}.{('jpg', 'png', 'webp', 'bmp', 'gif', 'tif')[number % 6]}"
        path.write_bytes(data)
        with pytest.raises(ImageError) as caught:
            decode.decode(data)
        due[path.name] = str(caught.value)
        paths.append(path)
    good = tmp_path / "astronaut.png"
    good.write_bytes(sample_photo())
    paths.insert(len(paths) // 2, good)
    return paths, due


def test_bad_files_get_their_sentence_and_the_good_photo_its_answer(
    open_tab: Callable[..., Page], batch: tuple[list[Path], dict[str, str]]
) -> None:
    paths, due = batch
    assert len(due) >= 15
    page = open_tab("/classify")
    page.locator("input[type=file]").set_input_files(paths)
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    settled(page)
    told = page.get_by_role("alert").inner_text()
    for name, sentence in due.items():
        assert f"{name}: {sentence}" in told
    assert told.count("bad-") == len(due)
    assert "astronaut" not in told
    expect(page.get_by_role("img", name="Your photo astronaut.png, one face boxed")).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)

    again = open_tab("/classify")
    again.get_by_role("button", name="Try the sample photo").click()
    expect(again.get_by_role("heading", name="Most likely")).to_be_visible()
    expect(again.get_by_role("alert")).to_have_count(0)
