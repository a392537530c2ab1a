"""Numbers of faces by place and size, and where they may be wrong."""

import pytest

from fer_core.video.tracks import Placed, Tracker

LEFT, RIGHT = (0, 0, 50, 50), (200, 0, 50, 50)


def moved(x: int) -> tuple[int, int, int, int]:
    return (x, 0, 50, 50)


def test_faces_keep_their_numbers_in_any_order() -> None:
    tracker = Tracker()
    assert tracker.place([LEFT, RIGHT], 0) == [Placed(1, None), Placed(2, None)]
    assert tracker.place([moved(190), moved(10)], 0.1) == [Placed(2, None), Placed(1, None)]


def test_faces_that_cross_are_in_doubt() -> None:
    tracker = Tracker()
    doubts = []
    for step in range(11):
        placed = tracker.place([moved(20 * step), moved(200 - 20 * step)], step / 10)
        doubts += [face.doubt for face in placed]
    assert "crossed" in doubts
    assert doubts[:4] == [None] * 4
    assert doubts[-2:] == [None] * 2


def test_one_face_where_two_were_is_in_doubt() -> None:
    tracker = Tracker()
    tracker.place([moved(0), moved(40)], 0)
    [(_, doubt)] = tracker.place([moved(20)], 0.1)
    assert doubt == "crossed"


def test_a_face_that_was_gone_is_in_doubt_and_then_new() -> None:
    tracker = Tracker()
    tracker.place([LEFT], 0)
    tracker.place([], 0.5)
    assert tracker.place([LEFT], 0.9) == [Placed(1, None)]
    assert tracker.place([LEFT], 3) == [Placed(1, "gone")]
    assert tracker.place([LEFT], 3.1) == [Placed(1, None)]
    assert tracker.place([LEFT], 8.2) == [Placed(2, None)]


@pytest.mark.parametrize("step", [0.5, 1, 2, 6])
def test_a_face_of_every_frame_was_never_gone(step: float) -> None:
    tracker = Tracker()
    assert {tracker.place([LEFT], step * i)[0] for i in range(5)} == {Placed(1, None)}


def test_a_pause_of_the_film_is_one_in_which_a_face_may_have_gone() -> None:
    tracker = Tracker()
    for i in range(5):
        tracker.place([LEFT], i / 10)
    assert tracker.place([LEFT], 3) == [Placed(1, "gone")]


def test_another_place_or_size_is_another_face() -> None:
    tracker = Tracker()
    tracker.place([LEFT], 0)
    assert tracker.place([RIGHT], 0.1) == [Placed(2, None)]
    assert tracker.place([(0, 0, 150, 150)], 0.2) == [Placed(3, None)]


def test_time_that_goes_back_begins_anew() -> None:
    tracker = Tracker()
    tracker.place([LEFT], 7)
    assert tracker.place([LEFT], 0) == [Placed(2, None)]
    assert tracker.place([], 1) == []
