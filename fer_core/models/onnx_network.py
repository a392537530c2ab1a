"""ONNX Runtime sessions: a network's committed files → logits. Thread-safe, no torch."""

import numpy as np
import onnxruntime as ort

from fer_core.artifacts import weights_file
from fer_core.errors import WeightsError
from fer_core.onnx_session import session_options
from fer_core.registry import ModelSpec

BATCH_SIZE = 64  # chips at once; bounds the memory of a large batch


class OnnxNetwork:
    """One network, loaded. Many threads may call `logits` at once.

    Raises `NotTrainedError` where a file is missing, `WeightsError` where one is damaged.
    """

    def __init__(self, variant: ModelSpec) -> None:
        for path in weights_file.files(variant):
            weights_file.verify(path)
        try:
            self._session = ort.InferenceSession(
                weights_file.onnx_path(variant), session_options(), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime raises its own private types
            raise WeightsError(
                f"{weights_file.onnx_path(variant).name} cannot be loaded: {error}"
            ) from error

    def logits(self, chips: np.ndarray) -> np.ndarray:
        """(N, 48, 48) uint8 → (N, 7) float32. Raises `ValueError` for another shape or type."""
        if chips.ndim != 3 or chips.shape[1:] != (48, 48) or chips.dtype != np.uint8:
            raise ValueError(f"chips must be (N, 48, 48) uint8, not {chips.shape} {chips.dtype}")
        parts = [
            self._session.run(None, {"chips": chips[i : i + BATCH_SIZE]})[0]
            for i in range(0, len(chips), BATCH_SIZE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, 7), np.float32)
