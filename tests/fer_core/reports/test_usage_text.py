"""The programs on the model cards run as they stand and answer as the library does."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fer_core import EMOTIONS, pipeline
from fer_core.artifacts import weights_file
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models import predictors
from fer_core.registry import MODELS, list_networks
from fer_core.reports import usage_text

NETWORKS = [MODELS[name] for name in list_networks()]


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_the_program_with_the_library(
    model: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "photo.jpg").write_bytes(sample_photo())
    monkeypatch.chdir(tmp_path)
    exec(usage_text.python_code(model), {})  # type: ignore[arg-type]
    [face] = pipeline.detect_faces(sample_photo()).faces
    assert capsys.readouterr().out.startswith(f"{face.box} happy ")


@pytest.mark.parametrize("model", NETWORKS, ids=list_networks())
def test_the_program_with_onnx_runtime_alone(
    model: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chip = pipeline.detect_faces(sample_photo()).chips[0]
    Image.fromarray(chip).save(tmp_path / "face.png")
    for path in weights_file.files(model):  # type: ignore[arg-type]
        shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    program = usage_text.onnx_code(model)  # type: ignore[arg-type]
    assert not re.findall(r"fer_core|torch|keras\b(?!_cnn)", program.replace("keras_cnn", ""))
    names: dict[str, np.ndarray] = {}
    exec(program, names)
    expected = predictors.load(model.name).predict_proba(chip[None])  # type: ignore[attr-defined]
    np.testing.assert_allclose(names["probabilities"], expected, atol=1e-5)
    assert names["labels"] == list(EMOTIONS)
