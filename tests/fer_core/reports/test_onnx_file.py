"""What an exported file says about itself, and its two forms."""

import ast
import json
import tomllib
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

import fer_core
from fer_core import EMOTIONS, MODELS
from fer_core.artifacts import summaries
from fer_core.models import predictors
from fer_core.reports import onnx_file, usage_text

ROOT = Path(__file__).parents[3]


def metadata_in(content: bytes) -> dict[str, str]:
    """What ONNX Runtime reads of a file."""
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    values: dict[str, str] = session.get_modelmeta().custom_metadata_map
    return values


@pytest.mark.parametrize("name", ["individual", "ensemble_full", "ferplus"])
def test_a_file_says_what_it_is(name: str) -> None:
    model = MODELS[name]
    exported = onnx_file.build(model, probabilities=True)
    values = metadata_in(exported.SerializeToString())
    assert tuple(json.loads(values["labels"])) == EMOTIONS
    # Ultralytics reads `names` as a Python literal, and its keys as integers.
    assert {int(k): v for k, v in ast.literal_eval(values["names"]).items()} == dict(
        enumerate(EMOTIONS)
    )
    expected = {"name": "chips", "type": "uint8", "shape": ["n", 48, 48], "range": [0, 255]}
    assert json.loads(values["input"]).items() >= expected.items()
    assert json.loads(values["output"]).keys() == {each.name for each in exported.graph.output}
    assert json.loads(values["sha256"]) == {
        (f"{one}.json" if MODELS[one].members else f"{one}.safetensors"): (
            summaries.weights_checksum(one)
        )
        for one in (name, *model.members)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert values["license"] == project["license"]
    assert values["version"] == exported.producer_version == fer_core.__version__
    assert values["precision"] == "fp32"
    assert "minus 0.5, divided by 0.25" in values["preprocessing"]
    assert all(source in values["training_data"] for source in summaries.label_sources(model))
    assert usage_text.NOT_INTENDED in values["not_intended"]
    assert json.loads(values.get("thresholds", "{}")) == summaries.thresholds(model)


def test_a_graph_finds_its_weights_in_another_folder(tmp_path: Path, chips: np.ndarray) -> None:
    exported = onnx_file.build(MODELS["multiclass"], probabilities=True)
    graph, data = onnx_file.split(exported, "weights.data")
    assert len(graph) < len(data)
    (tmp_path / "graph.onnx").write_bytes(graph)
    (tmp_path / "weights.data").write_bytes(data)
    session = ort.InferenceSession(tmp_path / "graph.onnx", providers=["CPUExecutionProvider"])
    [probabilities] = session.run(None, {"chips": chips})
    expected = predictors.load("multiclass").predict_proba(chips)
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
