"""Drawing basics."""

import base64
import io

import numpy as np
import pytest
from counted_work import counted
from PIL import ExifTags, Image, ImageDraw

from fer_core.reports import drawing
from fer_core.reports.drawing import Line


@pytest.mark.parametrize("shape", [(4000, 3000, 3), (48, 48, 3), (10, 2000, 3), (1, 1, 3)])
def test_the_size_of_a_display_photo_is_bounded(shape: tuple[int, int, int]) -> None:
    picture = drawing.encode_for_display(np.zeros(shape, np.uint8))
    size = Image.open(io.BytesIO(picture)).size
    assert drawing.MIN_LONG_SIDE <= max(size) <= drawing.MAX_LONG_SIDE


def test_a_large_photo_is_not_copied_for_display() -> None:
    with counted() as work:
        drawing.encode_for_display(np.zeros((1000, 4000, 3), np.uint8))
    assert work.canvas_pixels == 0


@pytest.mark.parametrize("width", [60, 200, 1000])
def test_wrapped_lines_fit_and_lose_no_word(width: int) -> None:
    text = "The yes/no models answer 50\u00a0% of them, single-emotion and multi-class alike."
    rows = drawing.wrap_text(text, 20, width)
    assert " ".join(rows).replace("- ", "-") == drawing.replace_missing_glyphs(text)
    assert len(rows) == 1 or all(
        drawing.font(20).getlength(row) <= max(width, drawing.font(20).getlength("emotion"))
        for row in rows
    )


def test_a_word_wider_than_the_line_is_not_broken() -> None:
    assert drawing.wrap_text("a incomprehensible b", 20, 40) == ["a", "incomprehensible", "b"]


def test_lines_are_written_below_each_other() -> None:
    page = Image.new("RGB", (100, 100), "#FFFFFF")
    lines = [Line("HHH", 20, "#FF0000", 50), Line("HHH", 20, "#0000FF", 50)]
    drawing.draw_lines(ImageDraw.Draw(page), (10, 0), lines)
    red, blue = (np.asarray(page)[..., (1, i)].max(axis=2) < 100 for i in (2, 0))
    assert red[:50].any()
    assert not red[50:].any()
    assert blue[50:].any()
    assert not blue[:50].any()
    assert not (red | blue)[:, :10].any()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_data_uri_holds_the_image(form: drawing.ImageFormat) -> None:
    picture = np.tile(np.arange(0, 240, 5, dtype=np.uint8), (48, 1))
    head, _, content = drawing.data_uri(picture, form).partition(",")
    assert head == f"data:image/{form.lower()};base64"
    decoded = Image.open(io.BytesIO(base64.b64decode(content)))
    assert decoded.format == form
    assert np.abs(np.asarray(decoded).astype(int) - picture).max() <= (0 if form == "PNG" else 12)


def test_an_rgb_image_keeps_its_colours() -> None:
    picture = np.zeros((4, 4, 3), np.uint8)
    picture[..., 0] = 200
    content = drawing.data_uri(picture).partition(",")[2]
    assert (np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))) == picture).all()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_metadata_of_an_image_is_not_written(form: drawing.ImageFormat) -> None:
    image = Image.new("RGB", (8, 8))
    image.getexif()[ExifTags.Base.ImageDescription] = "my garden"
    image.info["comment"] = "my garden"
    assert b"garden" not in drawing.encode_image(image, form)
