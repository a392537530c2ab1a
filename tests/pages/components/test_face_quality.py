"""What the pages say about the picture of a face."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from apptest import open_page, plain_picture, text_of, upload
from images import encode
from PIL import Image
from streamlit.testing.v1 import AppTest

from fer_core.imaging.sample_photo import sample_photo
from pages.components import face_quality
from pages.session import photos
from pages.session.full_image import use_full_image
from pages.session.photo import read_photo

WARNING = "Outside of what the models learned from"


def dark_photo() -> bytes:
    """The sample photo in the dark: darker, flatter and less sharp than what was learned from."""
    photo = Image.open(BytesIO(sample_photo())).convert("RGB")
    return encode(photo.point(lambda value: value * 0.12), "PNG")


def warnings(app: AppTest) -> list[str]:
    return [element.value for element in app.warning if WARNING in element.value]


@pytest.mark.usefixtures("trained")
def test_only_a_face_unlike_the_training_is_warned_of() -> None:
    app = upload(open_page("pages/classify.py"), ("a.png", sample_photo()))
    assert "As the models see it: face of 104 px" in text_of(app)
    assert not warnings(app)
    assert "Outside" not in app.dataframe[0].value
    app = upload(app, ("b.png", dark_photo()))
    assert not app.exception
    assert len(warnings(app)) == 1
    assert list(app.dataframe[0].value["Outside"]) == ["", "dark, flat, blurred"]


@pytest.mark.usefixtures("trained")
def test_the_count_leads_from_one_face_to_the_next() -> None:
    app = open_page("pages/classify.py")
    files = (("a.png", dark_photo()), ("b.png", sample_photo()), ("c.png", dark_photo() + b" "))
    app = upload(app, *files)
    assert "2 of 3 faces are outside of what the models learned from." in text_of(app)
    first, _, last = app.session_state["held"].album
    for expected in (last, first):
        app = app.button(key="next-outside").click().run()
        assert app.session_state[photos.CURRENT_KEY] == expected


@pytest.mark.usefixtures("trained")
def test_compare_can_show_only_the_faces_outside() -> None:
    app = open_page("pages/compare.py", show="outside")
    app = upload(app, ("a.png", sample_photo()), ("b.png", dark_photo()))
    assert not app.exception
    assert app.selectbox(key="show").value == "outside"
    [grid] = [each.proto.body for each in app.get("html") if 'class="grid"' in each.proto.body]
    assert "outside: dark, flat, blurred" in grid
    assert "b.png" in grid
    assert "a.png" not in grid
    assert "1 of 2 faces is outside of what the models learned from" in text_of(app)


@pytest.mark.parametrize("page", ["classify", "compare"])
@pytest.mark.usefixtures("trained")
def test_without_the_numbers_of_training_the_answer_is_still_shown(
    page: str, copied_results: Path
) -> None:
    (copied_results / "fer2013_training_quantiles.npy").write_bytes(b"damaged")
    app = upload(open_page(f"pages/{page}.py"), ("a.png", sample_photo()), ("b.png", dark_photo()))
    assert not app.exception
    assert "happy" in text_of(app)
    assert "fer2013\\_training\\_quantiles\\.npy is damaged" in text_of(app)
    assert not warnings(app)


def test_a_whole_photo_has_no_face_size() -> None:
    photo = use_full_image(read_photo("wall.png", plain_picture()))
    text = face_quality.describe(photo, 0).text
    assert "face of" not in text
    assert text.startswith("As the models see it: reduced 2.5 times.")


def test_of_a_bare_chip_only_the_look_is_said() -> None:
    chip = np.random.default_rng(0).integers(0, 255, (48, 48), np.uint8)
    description = face_quality.describe_chip(chip)
    assert description.text.startswith("The face is brighter than")
    assert not description.warning


@pytest.mark.slow
@pytest.mark.parametrize("method", ["layer_cam", "layer_cam.grad_cam"])
@pytest.mark.usefixtures("trained")
def test_heat_maps_of_a_face_outside_come_with_a_warning(method: str) -> None:
    app = upload(open_page("pages/saliency.py", method=method), ("a.png", dark_photo()))
    assert not app.exception
    assert len(warnings(app)) == 1
