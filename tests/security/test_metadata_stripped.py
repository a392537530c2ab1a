"""What a file carries beside its pixels comes out of nothing that the app shows or offers."""

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
from pages.session import photos
from pages.session.photos import Photo

FORMATS = (tagged_photo.jpeg, tagged_photo.png, tagged_photo.tiff, tagged_photo.webp)
#: What a JPEG or PNG without metadata still says of itself.
HARMLESS = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.fixture(scope="module", params=FORMATS, ids=lambda make: make.__name__)
def data(request: pytest.FixtureRequest) -> bytes:
    return request.param()


@pytest.fixture(scope="module")
def photo(data: bytes) -> Photo:
    """As a session keeps it, with made-up answers."""
    assert len(tagged_photo.found_in(data)) >= 4  # so there is something to lose
    read = photos.read_photo("mine", data)
    assert read.error is None
    assert len(read.faces) == 1
    read.answers.update({name: [answer("happy")] for name in MODELS})
    return read


def bare(data: bytes) -> bool:
    """Whether a picture holds none of the marks, and no metadata of any kind."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return (
        tagged_photo.found_in(data) == []
        and set(picture.info) <= HARMLESS
        and not picture.getexif()
    )


def test_a_session_keeps_none_of_it(photo: Photo) -> None:
    assert bare(photo.display_jpeg)
    everything = repr(vars(photo)).encode() + photo.display_jpeg + photo.chips.tobytes()
    assert tagged_photo.found_in(everything) == []


def test_tables_hold_none_of_it(photo: Photo) -> None:
    for text in (
        downloads.as_csv([photo], list(MODELS)),
        downloads.as_json([photo], list(MODELS)),
    ):
        assert "happy" in text
        assert tagged_photo.found_in(text.encode()) == []


def test_the_poster_of_compare_holds_none_of_it(photo: Photo) -> None:
    faces = answers.compared_faces({"key": photo}, list(MODELS))
    assert bare(compare_image.draw(faces, ["A note."]))


def test_the_sheet_of_saliency_holds_none_of_it(photo: Photo) -> None:
    told = photo.answers["multiclass"][0]
    subject = SelectedFace(photo.chips[0], {"multiclass": told}, photo.name, photo)
    chips = photo.chips[:1]
    [map_] = explained("multiclass", chips, ["happy"], "grad_cam", contrast=None, depth=None)
    shown = MapResult("multiclass", "happy", told, map_)
    assert bare(saliency_image.draw(subject, shown, 0.6))
    address = data_uri(overlays.overlay_photo(photo, 0, map_.map, 0.6), "JPEG")
    assert address.startswith("data:image/jpeg")


def test_the_command_lines_picture_holds_none_of_it(photo: Photo, data: bytes) -> None:
    chips = photo.chips
    [map_] = explained("multiclass", chips, ["happy"], "grad_cam", contrast=None, depth=None)
    file = io.BytesIO()
    draw_figure(map_, decode(data), photo.faces[0], chips[0], ["It says happy."]).save(file, "PNG")
    assert bare(file.getvalue())
