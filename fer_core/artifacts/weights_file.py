"""The committed weights: integrity and provenance.

`weights/SHA256SUMS` has the format of `sha256sum`, so `sha256sum -c SHA256SUMS` checks it too.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from fer_core.artifacts.checksums import SUMS, changed, read_sums, record, sha256
from fer_core.errors import NotTrainedError, WeightsError

__all__ = ["SUMS", "checked", "provenance", "read_sums", "record", "save", "sha256"]


def checked(path: Path) -> Path:
    """`path`, when its content is what was recorded.

    Raises `NotTrainedError` where it is missing, `WeightsError` where it differs.
    """
    if not path.is_file():
        lost = path.name in read_sums(path.parent)
        remedy = "; restore it from the repository" if lost else ""
        raise NotTrainedError(f"{path.stem} is not trained yet: {path.name} is missing{remedy}.")
    if read_sums(path.parent).get(path.name) != sha256(path):
        raise WeightsError(changed(path))
    return path


def save(path: Path, tensors: Mapping[str, np.ndarray], provenance: Mapping[str, Any]) -> None:
    """Write tensors in half precision with how they were made, and record the checksum.

    Raises `ValueError` for a number that half precision cannot hold.
    """
    half = {}
    for key, value in tensors.items():
        with np.errstate(over="ignore"):  # reported here, by name
            half[key] = np.ascontiguousarray(value, np.float16)
        if not np.isfinite(half[key]).all():
            raise ValueError(f"{key} does not fit into half precision")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(half, path, metadata={"provenance": json.dumps(provenance)})
    record(path)


def provenance(path: Path) -> dict[str, Any]:
    """How a safetensors file was made (recipe, minutes, device, versions), from its header."""
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return json.loads(header["__metadata__"]["provenance"])
