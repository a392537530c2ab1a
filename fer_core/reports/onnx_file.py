"""A model's exported ONNX file: its graph, with what a program has to know in the metadata."""

import json
from collections.abc import Sequence
from typing import Any

import onnx
from onnx import helper
from onnx.external_data_helper import set_external_data

import fer_core
from fer_core.artifacts import summaries, weights_file
from fer_core.emotions import EMOTIONS
from fer_core.models import onnx_export
from fer_core.models.precision import Precision
from fer_core.registry import ModelSpec, networks_of
from fer_core.reports import usage_text
from fer_core.reports.input_text import input_text

PRODUCER = "fer-explorer"
MIN_EXTERNAL_BYTES = 1024  # of a tensor that moves into the file of the weights
ALIGNMENT = 64  # bytes, of a tensor in that file
OUTPUTS = {
    "logits": "seven logits, in the order of the labels",
    "probabilities": "seven probabilities that sum to 1, in the order of the labels",
    "scores": "seven independent yes/no scores from 0 to 1, in the order of the labels",
}


def build(
    model: ModelSpec, precision: Precision = "fp32", probabilities: bool = False
) -> onnx.ModelProto:
    """Build a model's graph with its metadata; arguments and errors of `onnx_export.build`."""
    exported = onnx_export.build(model, precision, probabilities)
    exported.producer_name, exported.producer_version = PRODUCER, fer_core.__version__
    exported.doc_string = f"{model.title}. {model.summary}"
    helper.set_model_props(exported, metadata(model, exported.graph, precision))
    return exported


def metadata(model: ModelSpec, graph: onnx.GraphProto, precision: Precision) -> dict[str, str]:
    """What the file says about itself; values that are no plain text are JSON.

    `names` is written as Ultralytics' exports have it: index → label.
    """
    networks = networks_of(model)
    values: dict[str, Any] = {
        "name": model.name,
        "title": model.title,
        "description": model.summary,
        "task": "image-classification",
        "labels": EMOTIONS,
        "names": dict(enumerate(EMOTIONS)),
        "input": _input(graph.input[0]),
        "preprocessing": _preprocessing(networks),
        "output": {output.name: OUTPUTS[output.name] for output in graph.output},
        "precision": precision,
        "license": usage_text.LICENCE_ID,
        "version": fer_core.__version__,
        "sha256": _checksums([model, *networks]),
        "training_data": _training_data(model, networks),
        "intended_use": f"For {usage_text.INTENDED_USE}.",
        "not_intended": f"{usage_text.NOT_INTENDED}.",
    }
    if thresholds := summaries.thresholds(model):
        values["thresholds"] = thresholds
    return {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }


def split(exported: onnx.ModelProto, data_name: str) -> tuple[bytes, bytes]:
    """Take the large tensors out of a graph.

    Args:
        exported: The graph; it is changed.
        data_name: Name of the file of the tensors, in the folder of the graph's file.

    Returns:
        The content of the graph's file, and of the tensors' file.
    """
    data = bytearray()
    for tensor in exported.graph.initializer:
        if len(tensor.raw_data) >= MIN_EXTERNAL_BYTES:
            set_external_data(tensor, data_name, offset=len(data), length=len(tensor.raw_data))
            data += tensor.raw_data
            data += bytes(-len(data) % ALIGNMENT)
            tensor.ClearField("raw_data")
    return exported.SerializeToString(), bytes(data)


def _input(value: onnx.ValueInfoProto) -> dict[str, Any]:
    dimensions = value.type.tensor_type.shape.dim
    return {
        "name": value.name,
        "type": helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type).name,
        "shape": [each.dim_param or each.dim_value for each in dimensions],
        "range": [0, 255],
        "content": "grey faces, cut close, one per row of the first dimension; rows from the top",
    }


def _preprocessing(networks: Sequence[ModelSpec]) -> str:
    steps = dict.fromkeys(map(input_text, networks))  # once where all have the same
    return f"Part of the graph. {'; '.join(steps)}."


def _checksums(models: Sequence[ModelSpec]) -> dict[str, str | None]:
    """Recorded SHA-256 of the committed weights and fits that are in the file, by their names."""
    return {weights_file.path(one).name: summaries.weights_checksum(one.name) for one in models}


def _training_data(model: ModelSpec, networks: Sequence[ModelSpec]) -> str:
    """Splits and labels of the networks' training, and the split that an ensemble was fitted on."""
    splits = {(summaries.load_summary(one) or {}).get("trained_on", "unknown") for one in networks}
    labels = "; ".join(summaries.label_sources(model)) or "unknown"
    text = f"FER2013. Split: {'; '.join(sorted(splits))}. Labels: {labels}."
    if model.members:
        fitted_on = (summaries.load_summary(model) or {}).get("fitted_on", "unknown")
        text += f" Split on which the combination was fitted: {fitted_on}."
    return text
