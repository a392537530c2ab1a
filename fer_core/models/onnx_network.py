"""Run a network's committed files on ONNX Runtime. Thread-safe, without torch."""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from fer_core.arrays import as_chips
from fer_core.artifacts import weights_file
from fer_core.artifacts.store import corrupted_message
from fer_core.errors import weights_error
from fer_core.models.precision import Precision
from fer_core.onnx_session import providers, session_options
from fer_core.registry import ModelSpec

BATCH_SIZE = 64  # chips per run; bounds the memory


class OnnxNetwork:
    """A loaded network; `logits` is thread-safe.

    Raises `NotTrainedError` where a file is missing and `WeightsError` where one is damaged.
    """

    def __init__(self, model: ModelSpec, precision: Precision = "fp32") -> None:
        path = verified_graph(model, precision)
        self._file = path.name
        with weights_error(corrupted_message(path)):
            self._session = ort.InferenceSession(path, session_options(), providers=providers())

    def logits(self, chips: np.ndarray) -> np.ndarray:
        """Compute logits (N, 7) float32 of chips; `arrays.as_chips` says which, and the errors.

        Raises `WeightsError` if the graph cannot be run.
        """
        return run_batches(self._session, self._file, chips)


def verified_graph(model: ModelSpec, precision: Precision) -> Path:
    """Path of a network's ONNX graph; it and the weights that it refers to are verified.

    Raises `NotTrainedError` where a file is missing and `WeightsError` where one differs.
    """
    is_int8 = precision == "int8"
    path = weights_file.int8_path(model) if is_int8 else weights_file.onnx_path(model)
    for file in (weights_file.path(model), path):
        weights_file.verify(file)
    return path


def run_batches(session: ort.InferenceSession, file: str, chips: np.ndarray) -> np.ndarray:
    """Run a graph; its outputs, (N, width) float32 each, are returned side by side.

    Args:
        session: the loaded graph.
        file: its name, for the error.
        chips: as of `arrays.as_chips`.

    Raises:
        WeightsError: the graph cannot be run.
    """
    chips = as_chips(chips)
    rows = chips if len(chips) else np.zeros((1, 48, 48), np.uint8)  # without any, for the width
    with weights_error(f"{file} cannot be run: memory is short, or it is another model's."):
        batches = [
            np.hstack(session.run(None, {"chips": rows[i : i + BATCH_SIZE]}))
            for i in range(0, len(rows), BATCH_SIZE)
        ]
    return np.concatenate(batches)[: len(chips)]
