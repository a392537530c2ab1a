"""The committed weights: integrity and provenance.

`weights/SHA256SUMS` has the format of `sha256sum`, so `sha256sum -c SHA256SUMS` checks it too.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from fer_core.errors import NotTrainedError, WeightsError

SUMS = "SHA256SUMS"


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path) -> dict[str, str]:
    """File name → recorded SHA-256, empty where nothing was recorded yet."""
    sums = folder / SUMS
    lines = sums.read_text().splitlines() if sums.is_file() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def record(*paths: Path) -> None:
    """Write the files' present SHA-256 into `SHA256SUMS` of their folder."""
    folder = paths[0].parent
    known = read_sums(folder) | {path.name: sha256(path) for path in paths}
    lines = [f"{known[name]}  {name}\n" for name in sorted(known) if (folder / name).is_file()]
    (folder / SUMS).write_text("".join(lines))


def checked(path: Path) -> Path:
    """`path`, when its content is what was recorded.

    Raises `NotTrainedError` where it is missing, `WeightsError` where it differs.
    """
    if not path.is_file():
        raise NotTrainedError(f"{path.stem} is not trained yet: {path.name} is missing.")
    if read_sums(path.parent).get(path.name) != sha256(path):
        raise WeightsError(
            f"{path.name} is damaged or was changed (its checksum does not match {SUMS}); "
            "restore it from the repository."
        )
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
