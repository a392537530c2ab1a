"""The programs on the model cards run as they stand and answer as the library does."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from node import run_node
from PIL import Image

from fer_core import EMOTIONS, pipeline
from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models import predictors
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports import usage_text


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_the_program_with_the_library(
    model: ModelSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "photo.jpg").write_bytes(sample_photo())
    monkeypatch.chdir(tmp_path)
    exec(usage_text.python_code(model), {})
    [face] = pipeline.detect_faces(sample_photo()).faces
    assert capsys.readouterr().out.startswith(f"{face.box} happy ")


@pytest.fixture
def face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """A face, (48, 48) uint8, which is also a file in the working folder."""
    chip = pipeline.detect_faces(sample_photo()).chips[0]
    Image.fromarray(chip).save(tmp_path / "face.png")
    monkeypatch.chdir(tmp_path)
    return chip


def export(model: ModelSpec) -> None:
    """Run the command of the card in the working folder."""
    program, *words = shlex.split(usage_text.export_command(model).removeprefix("python -m "))
    assert program == "fer_core"
    assert main(words) == 0


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_the_python_program_for_the_exported_file(model: ModelSpec, face: np.ndarray) -> None:
    export(model)
    program = usage_text.onnx_code("python")
    assert not re.findall(r"fer_core|torch|keras\b", program)
    names: dict[str, np.ndarray] = {}
    exec(program, names)
    expected = predictors.load(model.name).predict_proba(face[None])
    np.testing.assert_allclose(names["probabilities"], expected, atol=1e-5)
    assert names["labels"] == list(EMOTIONS)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["multiclass", "ensemble_full"])
def test_the_javascript_program_for_the_exported_file(
    name: str, face: np.ndarray, tmp_path: Path
) -> None:
    export(MODELS[name])
    rgba = Image.fromarray(face).convert("RGBA").tobytes()
    call = f"console.log(JSON.stringify(await classify(Uint8ClampedArray.of(...{list(rgba)}))));"
    printed = run_node(usage_text.onnx_code("javascript") + call, tmp_path)
    [expected] = predictors.load(name).predict_proba(face[None])
    labels, values = zip(*json.loads(printed), strict=True)
    assert labels == EMOTIONS
    np.testing.assert_allclose(values, expected, atol=1e-4)


def test_every_program_is_short_and_has_the_labels_in_order() -> None:
    for language in usage_text.LANGUAGES:
        program = usage_text.onnx_code(language)
        assert " ".join(EMOTIONS) in program
        assert f'"{usage_text.ONNX_FILE}"' in program
        assert len([line for line in program.splitlines() if line]) <= 10


def test_a_card_has_every_language_and_the_command() -> None:
    model = MODELS["stacking"]
    section = usage_text.section(model)
    assert usage_text.export_command(model) in section
    for language in usage_text.LANGUAGES:
        assert f"```{language}\n{usage_text.onnx_code(language)}```" in section


def test_the_documentation_shows_the_same_programs() -> None:
    text = (Path(__file__).parents[3] / "docs/onnx.md").read_text(encoding="utf-8")
    for language in usage_text.LANGUAGES:
        assert f"```{language}\n{usage_text.onnx_code(language)}```" in text
