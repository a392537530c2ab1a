"""Run a network's committed files on ONNX Runtime. Thread-safe, without torch."""

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
        path = weights_file.onnx_path(model)
        if precision == "int8":
            path = weights_file.int8_path(model)
        for file in (weights_file.path(model), path):
            weights_file.verify(file)
        self._file = path.name
        with weights_error(corrupted_message(path)):
            self._session = ort.InferenceSession(path, session_options(), providers=providers())

    def logits(self, chips: np.ndarray) -> np.ndarray:
        """Compute logits (N, 7) float32 of chips; `arrays.as_chips` says which, and the errors.

        Raises `WeightsError` if the graph cannot be run.
        """
        chips = as_chips(chips)
        with weights_error(
            f"{self._file} cannot be run: memory is short, or it is another model's."
        ):
            batches = [
                self._session.run(None, {"chips": chips[i : i + BATCH_SIZE]})[0]
                for i in range(0, len(chips), BATCH_SIZE)
            ]
        return np.concatenate(batches) if batches else np.zeros((0, 7), np.float32)
