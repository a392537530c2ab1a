"""The committed speed of the models."""

from pathlib import Path

import pytest

from fer_core.artifacts import speed, store
from fer_core.artifacts.speed import Speed
from fer_core.errors import ResultsError
from fer_core.registry import MODELS


def test_the_committed_measurement_has_every_model() -> None:
    committed = speed.load_speed()
    assert set(committed.face_ms) == set(MODELS)
    assert all(value > 0 for value in committed.face_ms.values())
    assert committed.threads == 1  # as in the app
    assert committed.device


def test_what_is_written_is_read_again(copied_results: Path) -> None:
    measured = Speed({"keras_cnn": 5.5}, {"find the face": 40.0}, "a machine", 1, "2026-11-30")
    made = {"date": measured.date, "device": measured.device, "git_commit": None}
    store.write_files({speed.path(): speed.to_json(measured, made)})
    assert speed.path().parent == copied_results
    assert speed.load_speed() == measured
    assert measured.milliseconds("keras_cnn", whole_photo=True) == 45.5
    assert measured.milliseconds("resnet101", whole_photo=False) is None


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b'{"face_ms": 3}', b'{"made": {}, "threads": 1}']
)
def test_another_structure_is_damage(content: bytes, copied_results: Path) -> None:
    store.write_files({copied_results / "speed.json": content})
    with pytest.raises(ResultsError, match=r"speed\.json is damaged"):
        speed.load_speed()
