"""A folder in the style of Hugging Face: an exported model with its card and configuration."""

import json
from contextlib import suppress
from importlib import metadata
from typing import Any

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import accuracy
from fer_core.models.precision import Precision
from fer_core.registry import ModelSpec
from fer_core.reports import model_card, onnx_file, usage_text

SPLIT = "PrivateTest"
TASK = {"type": "image-classification", "name": "Facial expression recognition"}


def files(model: ModelSpec, precision: Precision = "fp32") -> dict[str, bytes]:
    """The content of the folder's files by their names.

    Raises:
        FerError: As for `onnx_file.build`.
    """
    return {
        "README.md": readme(model, precision).encode(),
        "LICENSE": licence().encode(),
        "config.json": _json(config(model)),
        "preprocessor_config.json": _json(PREPROCESSOR),
        usage_text.ONNX_FILE: onnx_file.build(
            model, precision, probabilities=True
        ).SerializeToString(),
    }


def readme(model: ModelSpec, precision: Precision = "fp32") -> str:
    """The model card with its front matter, in which every value is JSON and so is YAML."""
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in front_matter(model, precision).items()
    ]
    return "\n".join(["---", *lines, "---", "", model_card.to_markdown(model)])


def front_matter(model: ModelSpec, precision: Precision = "fp32") -> dict[str, Any]:
    """What the hub reads of a card; scores are those of PrivateTest, which has none for int8."""
    votes = ["ferplus"] if summaries.trained_on_votes(model) else []
    content: dict[str, Any] = {
        "license": usage_text.LICENCE_ID.lower(),
        "library_name": "onnx",
        "pipeline_tag": TASK["type"],
        "tags": ["onnx", "facial-expression-recognition", "emotion-recognition", *EMOTIONS],
        "datasets": ["fer2013", *votes],
        "metrics": ["accuracy"],
    }
    if precision == "fp32":
        content["model-index"] = [{"name": model.title, "results": _results(model)}]
    return content


def config(model: ModelSpec) -> dict[str, Any]:
    """The labels by index and the indices by label."""
    return {
        "name": model.name,
        "id2label": dict(enumerate(EMOTIONS)),
        "label2id": {label: index for index, label in enumerate(EMOTIONS)},
    }


#: What a program does with a face before the graph: it makes 48 × 48 grey values from 0 to 255.
#: Scaling is part of the graph, so there is nothing to rescale or normalise.
PREPROCESSOR = {
    "do_grayscale": True,
    "do_resize": True,
    "size": {"height": 48, "width": 48},
    "do_rescale": False,
    "do_normalize": False,
    "image_mean": [0.0],
    "image_std": [1.0],
}


def licence() -> str:
    """The text of the licence, from the repository or from the installed package.

    Raises:
        ResultsError: It is in neither.
    """
    file = model_card.README.with_name("LICENSE")
    if file.is_file():
        return file.read_text(encoding="utf-8")
    text = None
    with suppress(metadata.PackageNotFoundError):
        text = metadata.distribution("fer-explorer").read_text("licenses/LICENSE")
    if not text:
        raise ResultsError("The file LICENSE is missing: restore it from the repository.")
    return text


def _results(model: ModelSpec) -> list[dict[str, Any]]:
    """The committed accuracy, and for a model of the votes also its agreement with the crowd."""
    measured = summaries.accuracy(model, SPLIT)
    results = [] if measured is None else [_result("fer2013", "FER2013", measured)]
    if summaries.trained_by_votes(model) and (crowd := accuracy.load_own_accuracy(model)):
        results.append(_result("ferplus", "FER+, faces with a clear majority", crowd.value))
    return results


def _result(dataset: str, name: str, value: float) -> dict[str, Any]:
    return {
        "task": TASK,
        "dataset": {"type": dataset, "name": name, "split": SPLIT},
        "metrics": [{"type": "accuracy", "name": "Accuracy", "value": value}],
    }


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
