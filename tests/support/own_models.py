"""A user's own ONNX file for tests: a network of ours under another name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fer_core.registry import MODELS
from fer_core.reports import onnx_file


def write(path: Path, name: str = "multiclass") -> Path:
    """Write one of our models as one ONNX file with its metadata."""
    path.write_bytes(onnx_file.build(MODELS[name]).SerializeToString())
    return path


@contextmanager
def restored_registry() -> Iterator[None]:
    """Forget at the end which own models were registered."""
    before = dict(MODELS)
    try:
        yield
    finally:
        MODELS.clear()
        MODELS.update(before)
