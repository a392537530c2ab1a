"""Processing photos as the pages do leaks no objects."""

import gc
import io
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from live_objects import grown
from PIL import Image

from fer_core import pipeline
from fer_core.imaging.sample_photo import sample_photo
from pages.runtime.work_queue import QUEUE
from pages.session.photo import read_photo


def files() -> list[bytes]:
    """The sample photo in five sizes and three formats."""
    base = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    contents = []
    for number in range(15):
        file = io.BytesIO()
        side = 100 + 50 * (number % 5)
        base.resize((side, 400 - side)).save(file, ("JPEG", "PNG", "WEBP")[number % 3])
        contents.append(file.getvalue())
    return contents


def test_photos_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays: list[weakref.ref] = []
    detect_faces = pipeline.detect_faces

    def recorded(data: bytes, **_: object) -> pipeline.DetectedFaces:
        detected = detect_faces(data)
        arrays.extend([weakref.ref(detected.image), weakref.ref(detected.chips)])
        return detected

    def visit(data: bytes) -> None:
        photo = QUEUE.run(lambda: read_photo("photo", data), lambda ahead: None)
        assert photo.error is None
        answers = QUEUE.run(
            lambda: pipeline.classify_chips(photo.chips, ["multiclass"]), lambda ahead: None
        )
        assert len(answers) == len(photo.chips)

    photos = files()

    def visits() -> None:
        list(visitors.map(visit, photos))

    with ThreadPoolExecutor(4) as visitors:
        with monkeypatch.context() as patched:
            patched.setattr(pipeline, "detect_faces", recorded)
            visits()
        gc.collect()
        assert len(arrays) == 2 * len(photos)
        assert all(array() is None for array in arrays)
        assert grown(visits) < len(photos)  # fewer than one object per photo
    assert QUEUE.length == 0
