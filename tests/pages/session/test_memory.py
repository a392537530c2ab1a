"""Of photos that were worked off as the pages do nothing stays, however many there were."""

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
from pages.session.photos import read_photo


def files() -> list[bytes]:
    """The sample photo in five sizes and three formats."""
    base = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    made = []
    for number in range(15):
        file = io.BytesIO()
        side = 100 + 50 * (number % 5)
        base.resize((side, 400 - side)).save(file, ("JPEG", "PNG", "WEBP")[number % 3])
        made.append(file.getvalue())
    return made


def test_photos_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures: list[weakref.ref] = []
    detect_faces = pipeline.detect_faces

    def noted(data: bytes) -> pipeline.DetectedFaces:
        found = detect_faces(data)
        pictures.extend([weakref.ref(found.image), weakref.ref(found.chips)])
        return found

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
            patched.setattr(pipeline, "detect_faces", noted)
            visits()
        gc.collect()
        assert len(pictures) == 2 * len(photos)
        assert all(each() is None for each in pictures)
        assert grown(visits) < len(photos)  # fewer than one object a photo
    assert QUEUE.length == 0
