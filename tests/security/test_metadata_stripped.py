"""Metadata of a photo appears in nothing that the app shows or offers for download."""

import io

import pytest
import tagged_photo
from compare_photos import answer
from fake_explanations import explained
from PIL import Image

from fer_core.imaging.decode import decode
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.saliency_figure import draw_figure
from pages.components import downloads
from pages.sections.compare import image as compare_image
from pages.sections.compare import text as answers
from pages.sections.saliency import image as saliency_image
from pages.sections.saliency import overlays
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult
from pages.session.photo import Photo, read_photo

FORMATS = (tagged_photo.jpeg, tagged_photo.png, tagged_photo.tiff, tagged_photo.webp)
#: Fields that a JPEG or PNG has even without metadata.
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.fixture(scope="module", params=FORMATS, ids=lambda make: make.__name__)
def data(request: pytest.FixtureRequest) -> bytes:
    return request.param()


@pytest.fixture(scope="module")
def photo(data: bytes) -> Photo:
    """The photo as a session stores it, with synthetic answers."""
    assert len(tagged_photo.found_in(data)) >= 4  # so there is metadata to strip
    photo = read_photo("mine", data)
    assert photo.error is None
    assert len(photo.faces) == 1
    photo.answers.update({name: [answer("happy")] for name in MODELS})
    return photo


def has_no_metadata(data: bytes) -> bool:
    """Whether an image contains none of the marks and no other metadata."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return tagged_photo.found_in(data) == [] and set(image.info) <= HARMLESS and not image.getexif()


def test_a_session_stores_no_metadata(photo: Photo) -> None:
    assert has_no_metadata(photo.display_jpeg)
    everything = repr(vars(photo)).encode() + photo.display_jpeg + photo.chips.tobytes()
    assert tagged_photo.found_in(everything) == []


def test_tables_have_no_metadata(photo: Photo) -> None:
    for text in (
        downloads.as_csv([photo], list(MODELS)),
        downloads.as_json([photo], list(MODELS)),
    ):
        assert "happy" in text
        assert tagged_photo.found_in(text.encode()) == []


def test_the_image_of_compare_has_no_metadata(photo: Photo) -> None:
    faces = answers.compared_faces({"key": photo}, list(MODELS))
    assert has_no_metadata(compare_image.draw(faces, ["A note."]))


def test_the_image_of_saliency_has_no_metadata(photo: Photo) -> None:
    answer_ = photo.answers["multiclass"][0]
    subject = SelectedFace(photo.chips[0], {"multiclass": answer_}, photo.name, photo)
    chips = photo.chips[:1]
    [map_] = explained("multiclass", chips, ["happy"], "grad_cam", contrast=None, depth=None)
    result = MapResult("multiclass", "grad_cam", "happy", answer_, map_)
    assert has_no_metadata(saliency_image.draw(subject, result, 0.6))
    address = data_uri(overlays.overlay_photo(photo, 0, map_.map, 0.6), "JPEG")
    assert address.startswith("data:image/jpeg")


def test_the_command_line_s_image_has_no_metadata(photo: Photo, data: bytes) -> None:
    chips = photo.chips
    [map_] = explained("multiclass", chips, ["happy"], "grad_cam", contrast=None, depth=None)
    file = io.BytesIO()
    draw_figure(map_, decode(data), photo.faces[0], chips[0], ["It says happy."]).save(file, "PNG")
    assert has_no_metadata(file.getvalue())
