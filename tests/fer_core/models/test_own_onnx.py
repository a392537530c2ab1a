"""A foreign ONNX file answers as its network does, whatever its form; or one sentence says why."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import own_models
import pytest
from onnx import TensorProto, helper, numpy_helper

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.models import own_onnx
from fer_core.models.own_onnx import OwnOnnx, load_own_onnx
from fer_core.models.own_onnx_file import OwnModelError
from fer_core.models.predictors import load
from fer_core.probability import sigmoid, softmax
from fer_core.registry import MODELS
from fer_core.reports import onnx_file
from training.engine.data import FerData

ORDER = [6, 3, 0, 1, 2, 5, 4]  # of the labels of a foreign network
LABELS = ["surprise", "Happiness", "anger", "disgust", "fear", "sadness", "neutral"]


def linear(
    path: Path,
    shape: Sequence[int | str] = ("n", 1, 48, 48),
    *,
    labels: Sequence[str] = EMOTIONS,
    kind: int = TensorProto.FLOAT,
    tail: str = "",
    metadata: dict[str, str] | None = None,
) -> np.ndarray:
    """Write a linear network; return its weights, (pixels, outputs)."""
    size = int(np.prod([int(each) for each in shape[1:]]))
    weights: np.ndarray = (
        np.random.default_rng(5).normal(0, 0.002, (size, len(labels))).astype(np.float32)
    )
    nodes = [
        helper.make_node("Cast", ["x"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["numbers"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["y" if not tail else "logits"]),
    ]
    nodes += [helper.make_node(tail, ["logits"], ["y"])] * bool(tail)
    graph = helper.make_graph(
        nodes,
        "linear",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [shape[0], len(labels)])],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, metadata or {})
    onnx.save(model, path)
    return weights


@pytest.mark.parametrize("tail", ["", "Softmax"])
@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (("n", 1, 48, 48), TensorProto.FLOAT),
        ((1, 48, 48, 1), TensorProto.FLOAT),
        ((3, 48, 48), TensorProto.FLOAT),
        (("n", 48, 48), TensorProto.UINT8),
        (("n", 48, 48, 1), TensorProto.DOUBLE),
    ],
)
def test_any_form_gives_what_the_network_computes(
    tmp_path: Path, chips: np.ndarray, shape: Sequence[int | str], kind: int, tail: str
) -> None:
    weights = linear(tmp_path / "net.onnx", shape, labels=LABELS, kind=kind, tail=tail)
    is_float = kind != TensorProto.UINT8
    options: dict[str, Any] = {"mean": 127.5, "std": 80} if is_float else {}
    own = load_own_onnx(tmp_path / "net.onnx", labels=LABELS, **options)
    pixels = chips.reshape(len(chips), -1).astype(np.float32)
    logits = ((pixels - 127.5) / 80 if is_float else pixels) @ weights
    expected = softmax(logits)[:, np.argsort(ORDER)]
    np.testing.assert_allclose(own.predict_proba(chips), expected, atol=1e-5)
    assert own.has_probabilities == bool(tail)
    assert own.predict_proba(chips[:0]).shape == (0, 7)
    assert own.model.name == "net"
    assert own.model.kind == "own model"


def test_three_channels_have_their_own_mean_and_an_eighth_class_is_left_out(
    tmp_path: Path, chips: np.ndarray
) -> None:
    labels = [*EMOTIONS, "contempt"]
    weights = linear(tmp_path / "net.onnx", ("n", 3, 48, 48), labels=labels, tail="Softmax")
    own = load_own_onnx(
        tmp_path / "net.onnx", labels=labels, mean=[0.4, 0.5, 0.6], std=[0.2, 0.3, 0.25]
    )
    grey = chips[:, None] / 255
    mean, std = (np.reshape(v, (1, 3, 1, 1)) for v in ([0.4, 0.5, 0.6], [0.2, 0.3, 0.25]))
    expected = softmax(((grey - mean) / std).reshape(len(chips), -1) @ weights)[:, :7]
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(own.predict_proba(chips), expected, atol=1e-5)
    assert "contempt" in own.notes[0]


def test_what_the_file_says_is_read_and_options_come_first(
    tmp_path: Path, chips: np.ndarray
) -> None:
    path = tmp_path / "yolo.onnx"
    names = {"author": "Ultralytics", "names": str(dict(enumerate(LABELS))), "imgsz": "[48, 48]"}
    linear(path, labels=LABELS, metadata=names)
    from_metadata = load_own_onnx(path)
    assert from_metadata.form.mean == (0.0,)
    path.with_suffix(".json").write_text(json.dumps({"mean": 0.5, "title": "Beside"}))
    beside = load_own_onnx(path)
    assert beside.form.mean == (0.5,)
    assert beside.model.title == "Beside"
    assert load_own_onnx(path, mean=0.25).form.mean == (0.25,)
    given = load_own_onnx(path, labels=LABELS, mean=0, std=1)
    np.testing.assert_array_equal(given.predict_proba(chips), from_metadata.predict_proba(chips))


@pytest.mark.parametrize(
    ("name", "probabilities"), [("multiclass", False), ("multiclass", True), ("stacking", False)]
)
def test_our_own_exports_need_no_option(
    tmp_path: Path, chips: np.ndarray, name: str, probabilities: bool
) -> None:
    exported = onnx_file.build(MODELS[name], probabilities=probabilities)
    graph, data = onnx_file.split(exported, "mine.onnx.data")
    (tmp_path / "mine.onnx").write_bytes(graph)
    (tmp_path / "mine.onnx.data").write_bytes(data)
    own = load_own_onnx(tmp_path / "mine.onnx")
    np.testing.assert_allclose(own.predict_proba(chips), load(name).predict_proba(chips), atol=1e-5)
    assert own.model.title == f"{MODELS[name].title} (own)"


def foreign(name: str, path: Path) -> dict[str, Any]:
    """Write a network of ours as another tool would: normalised floats, softmax, other labels.

    Returns the options that it needs.
    """
    import torch

    from fer_core.models.create import create_model

    class Foreign(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = create_model(name)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            probabilities: torch.Tensor = self.network(x)[:, ORDER].softmax(dim=1)
            return probabilities

    form = MODELS[name].preprocessing
    assert form is not None
    example = torch.zeros(1, form.channels, form.size, form.size)
    torch.onnx.export(Foreign().eval(), (example,), path, dynamo=False)
    return {"labels": LABELS, "mean": form.mean, "std": form.std}


@pytest.mark.parametrize("name", ["multiclass", "resnet101"])
def test_a_network_exported_by_another_tool_equals_ours(
    tmp_path: Path, chips: np.ndarray, name: str
) -> None:
    own = load_own_onnx(tmp_path / "net.onnx", **foreign(name, tmp_path / "net.onnx"))
    assert own.form.batch == 1
    assert own.has_probabilities
    np.testing.assert_allclose(own.predict_proba(chips), load(name).predict_proba(chips), atol=2e-3)


def test_a_foreign_file_has_the_committed_accuracy(fer2013: FerData, tmp_path: Path) -> None:
    from fer_core.artifacts.predictions import split_predictions

    saved = split_predictions("multiclass", "PublicTest")
    chips = dict(zip(fer2013.ids, fer2013.chips, strict=True))
    faces = np.array([chips[each] for each in saved.ids[:400]])
    own = load_own_onnx(tmp_path / "net.onnx", **foreign("multiclass", tmp_path / "net.onnx"))
    probabilities = own.predict_proba(faces)
    np.testing.assert_allclose(probabilities, saved.probabilities[:400], atol=2e-3)
    accuracy = (probabilities.argmax(axis=1) == saved.labels[:400]).mean()
    assert accuracy == pytest.approx(saved.correct[:400].mean(), abs=1 / 400)


def test_independent_scores_are_divided_by_their_sum(tmp_path: Path, chips: np.ndarray) -> None:
    weights = linear(tmp_path / "net.onnx", tail="Sigmoid")
    own = load_own_onnx(tmp_path / "net.onnx", labels=EMOTIONS, mean=0, std=1)
    scores = sigmoid((chips.reshape(len(chips), -1) / 255) @ weights)
    expected = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(own.predict_proba(chips), expected, atol=1e-5)
    assert own.notes == (own_onnx.SCORES_NOTE,)


def test_our_yes_no_models_need_their_probabilities(tmp_path: Path, chips: np.ndarray) -> None:
    path = own_models.write(tmp_path / "net.onnx", "individual")
    with pytest.raises(OwnModelError, match="export it again with --probabilities"):
        load_own_onnx(path)
    exported = onnx_file.build(MODELS["individual"], probabilities=True)
    path.write_bytes(exported.SerializeToString())
    expected = load("individual").predict_proba(chips)
    np.testing.assert_allclose(load_own_onnx(path).predict_proba(chips), expected, atol=1e-5)


@pytest.fixture
def registry() -> Iterator[None]:
    with own_models.restored_registry():
        yield


@pytest.mark.usefixtures("registry")
def test_a_registered_file_is_loaded_by_its_name(tmp_path: Path, chips: np.ndarray) -> None:
    linear(tmp_path / "my net.onnx", metadata={"labels": json.dumps(EMOTIONS), "mean": "0"})
    (tmp_path / "my net.json").write_text('{"std": 0.5}')
    (tmp_path / "readme.txt").write_text("no model")
    [own] = own_onnx.list_own_models(tmp_path)
    model = own_onnx.register(own).model
    assert model.name == "my_net"
    assert weights_file.is_ready(model)
    predictor = load("my_net", "auto")
    assert predictor.model is MODELS["my_net"]
    np.testing.assert_allclose(predictor.predict_proba(chips).sum(axis=1), 1, atol=1e-5)
    with pytest.raises(FerError, match="not available"):
        predictor.features(chips)
    linear(tmp_path / "my_net.onnx")
    other = OwnOnnx(str(tmp_path / "my_net.onnx"), tuple(EMOTIONS), mean=(0.0,), std=(1.0,))
    with pytest.raises(OwnModelError, match="my_net is taken"):
        own_onnx.register(other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give the option mean"),
        ({"mean": 0}, "give the option std"),
        ({"mean": 0, "std": 0}, "std .* above 0"),
        ({"mean": [0, 1], "std": 1}, "1 or 1 numbers"),
        ({"mean": 0, "std": 1}, "give the option labels"),
        ({"mean": 0, "std": 1, "size": 64}, "must be 48, not 64"),
        ({"mean": 0, "std": 1, "labels": EMOTIONS[:6]}, "name its 7 outputs"),
        ({"mean": 0, "std": 1, "labels": [*EMOTIONS[:6], "contempt"]}, "no output for surprise"),
        ({"mean": 0, "std": 1, "labels": [*EMOTIONS[:6], "anger"]}, "stand for angry"),
        ({"mean": 0, "std": 1, "scale": 2}, "scale .* 1 or 255"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    linear(tmp_path / "net.onnx")
    with pytest.raises(OwnModelError, match=message):
        load_own_onnx(tmp_path / "net.onnx", **options)


def test_files_that_are_not_to_be_run_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    with pytest.raises(OwnModelError, match="cannot be read: No such file"):
        load_own_onnx(path)
    path.write_bytes(b"not ONNX")
    with pytest.raises(OwnModelError, match="no valid ONNX file"):
        load_own_onnx(path)
    linear(path)
    model = onnx.load(path)
    model.graph.node[1].domain = "evil.ops"
    model.opset_import.append(helper.make_opsetid("evil.ops", 1))
    onnx.save(model, path)
    with pytest.raises(OwnModelError, match=r"custom operators \(evil.ops\)"):
        load_own_onnx(path)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1000, 1, 48, 48), "1000 faces at once"),
        (("n", 2, 48, 48), "order of the dimensions .* layout"),
        (("n", 1, 48, 64), "64×48 pixels, not squares"),
        (("n", 2304), "2 dimensions: no batch of pictures"),
    ],
)
def test_inputs_that_no_face_fits_are_refused(
    tmp_path: Path, shape: Sequence[int | str], message: str
) -> None:
    linear(tmp_path / "net.onnx", shape)
    with pytest.raises(OwnModelError, match=message):
        load_own_onnx(tmp_path / "net.onnx", labels=EMOTIONS, mean=0, std=1)


def test_a_graph_without_output_is_refused(tmp_path: Path) -> None:
    linear(tmp_path / "net.onnx")
    model = onnx.load(tmp_path / "net.onnx")
    model.graph.ClearField("output")
    (tmp_path / "net.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(OwnModelError, match=r"0 outputs|cannot be loaded|no valid"):
        load_own_onnx(tmp_path / "net.onnx", labels=EMOTIONS, mean=0, std=1)


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "link"])
def test_weights_outside_the_folder_are_refused(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(bytes(70_000))
    (folder / "link").symlink_to(tmp_path / "secret")
    linear(folder / "net.onnx")
    model = onnx.load(folder / "net.onnx")
    [tensor] = model.graph.initializer
    onnx.external_data_helper.set_external_data(tensor, location)
    tensor.ClearField("raw_data")
    (folder / "net.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(OwnModelError, match="outside its folder"):
        load_own_onnx(folder / "net.onnx", labels=EMOTIONS, mean=0, std=1)
