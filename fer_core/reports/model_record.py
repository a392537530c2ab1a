"""One model as data; the command line and the HTTP API share it. Imports no NumPy."""

from collections.abc import Mapping

from fer_core.artifacts import summaries, weights_file
from fer_core.registry import ModelSpec


def model_record(model: ModelSpec) -> dict[str, object]:
    """One model as JSON-serialisable data: what it is, its size, and its accuracy if known."""
    study = model.study_accuracy
    return {
        "name": model.name,
        "title": model.title,
        "kind": model.kind,
        "parameters": weights_file.parameter_count(model),
        "weights_bytes": weights_file.size_bytes(model),
        "study_accuracy": dict(study) if isinstance(study, Mapping) else study,
        "private_test_accuracy": summaries.accuracy(model, "PrivateTest"),
        "ready": weights_file.is_ready(model),
    }
