"""Numbered boxes: where they are drawn, and that no number covers a face."""

import numpy as np
import pytest

from fer_core.reports import drawing, face_boxes


@pytest.mark.parametrize("box", [(0, 0, 50, 40), (700, 500, 100, 100), (300, 200, 200, 240)])
def test_boxes_are_drawn_in_place(box: tuple[int, int, int, int]) -> None:
    picture = drawing.encode_for_display(np.zeros((600, 800, 3), np.uint8))
    pixels = np.asarray(face_boxes.draw_boxes(picture, 800, [box], ["#FF0000"], 0))
    ys, xs = np.nonzero(pixels[..., 0] > 200)
    x, y, w, h = box
    assert x - 30 <= xs.min() <= xs.max() <= x + w + 80
    assert y - 80 <= ys.min() <= ys.max() <= y + h + 80
    inside = pixels[y + h // 2, x + w // 2]
    assert not inside.any()


GRIDS = {
    "one face that fills the photo": [(40, 40, 560, 560)],
    "one face below the upper edge": [(100, 0, 200, 200)],
    "a crowd": [(x, y, 60, 70) for y in range(40, 860, 110) for x in range(20, 1200, 100)],
    "a dense crowd": [(x, y, 90, 90) for y in range(5, 850, 118) for x in range(5, 1150, 112)],
}


@pytest.mark.parametrize("boxes", GRIDS.values(), ids=GRIDS)
def test_no_number_covers_a_face_or_another_number(boxes: list[tuple[int, int, int, int]]) -> None:
    corners = [(float(x), float(y), float(x + w), float(y + h)) for x, y, w, h in boxes]
    plates = face_boxes.place_plates(corners, (1280, 960))
    assert len(plates) == len(boxes)
    for i, (left, top, right, bottom) in enumerate(plates):
        assert 0 <= left < right <= 1280
        assert 0 <= top < bottom <= 960
        others = [*corners, *plates[:i]]
        assert not [
            other
            for other in others
            if left < other[2] - 1
            and other[0] + 1 < right
            and top < other[3] - 1
            and other[1] + 1 < bottom
        ]


def test_a_number_stays_in_the_photo_where_the_face_fills_it() -> None:
    [plate] = face_boxes.place_plates([(0.0, 0.0, 640.0, 640.0)], (640, 640))
    assert 0 <= plate[0] < plate[2] <= 640
    assert 0 <= plate[1] < plate[3] <= 640
    assert face_boxes.place_plates([], (640, 640)) == []
