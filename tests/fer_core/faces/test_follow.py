"""Faces that are followed are those that a look at the whole frame finds."""

import numpy as np
import pytest
from films import portrait, scene

from fer_core.faces import follow
from fer_core.faces.align import detect
from fer_core.faces.follow import FaceFollower

WOMAN, MAN = portrait("astronaut.png"), portrait("admiral.png")


@pytest.fixture
def full_looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each look at the whole frame."""
    looks: list[int] = []
    look = follow.detect_faces
    monkeypatch.setattr(
        follow,
        "detect_faces",
        lambda *args, **options: (looks.append(1), look(*args, **options))[1],
    )
    return looks


def centres(faces: list) -> np.ndarray:
    boxes = np.array(sorted(face.box for face in faces), float).reshape(-1, 4)
    return boxes[:, :2] + boxes[:, 2:] / 2


def test_a_followed_face_is_where_a_full_look_finds_it(full_looks: list[int]) -> None:
    follower = FaceFollower()
    for i in range(9):
        image = scene((WOMAN, 20 + 5 * i, 60), (MAN, 320 - 5 * i, 70))
        found = follower.detect(image, i / 10)
        assert centres(found) == pytest.approx(centres(detect(image)), abs=4)
    assert len(full_looks) == 1


def test_the_whole_frame_is_looked_at_every_second_and_after_a_jump(
    full_looks: list[int],
) -> None:
    follower = FaceFollower()
    image = scene((WOMAN, 20, 60))
    for time in (0, 0.5, 0.9, 1.0, 1.5, 5, 5.1, 2):
        follower.detect(image, time)
    assert len(full_looks) == 4  # at 0, 1, 5 and 2


def test_a_face_that_leaves_and_one_that_comes(full_looks: list[int]) -> None:
    follower = FaceFollower()
    assert len(follower.detect(scene((WOMAN, 20, 60)), 0.0)) == 1
    assert follower.detect(scene(), 0.1) == []
    [man] = follower.detect(scene((MAN, 320, 70)), 0.2)
    assert man.box[0] > 300
    assert len(full_looks) == 3
