"""A model's files in `weights/`: paths, verification and contents.

Imports NumPy only when a file is written.
"""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fer_core.artifacts.store import (
    RESTORE_HINT,
    artifacts,
    cached,
    checksum_mismatch_message,
    corrupted_message,
    read_checksums,
    sha256,
    write_files,
)
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.registry import ModelSpec, get_model_spec

if TYPE_CHECKING:
    import numpy as np

STORED = "/half"  # ends the name that a tensor of this file has in an ONNX graph
MAX_HEADER_BYTES = 100_000_000  # largest safetensors header; the limit of that library

FileState = Literal["matches", "differs", "missing"]


def path(model: ModelSpec) -> Path:
    """Path of a network's tensors, of an ensemble's fitted parameters or of an own model."""
    if model.is_own:
        return Path(model.file)
    suffix = "json" if model.members else "safetensors"
    return artifacts().weights / f"{model.name}.{suffix}"


def onnx_path(model: ModelSpec) -> Path:
    """Path of a network's ONNX graph; its initialisers are in the weights file."""
    if model.is_own:
        return path(model)
    return artifacts().weights / f"{model.name}.onnx"


def int8_path(model: ModelSpec) -> Path:
    """Path of a network's int8 graph; it computes its weights from the same tensors."""
    return artifacts().weights / f"{model.name}.int8.onnx"


def files(model: ModelSpec) -> tuple[Path, ...]:
    """The model's own files, without those of its members."""
    if model.is_own:
        return (path(model),) if model.file else ()
    return (path(model),) if model.members else (path(model), onnx_path(model))


def is_ready(model: ModelSpec) -> bool:
    """Whether all files needed to predict are in place, the members' included."""
    return not missing_files(model) and (bool(model.file) or not model.is_own)


def missing_files(model: ModelSpec) -> tuple[str, ...]:
    """Names of the missing files, the members' included."""
    names = [file.name for file in files(model) if artifacts().stamp(file) is None]
    for member in model.members:
        names += missing_files(get_model_spec(member))
    return tuple(names)


def has_lost_files(model: ModelSpec) -> bool:
    """Whether a missing file once existed: its checksum is recorded."""
    return not model.is_own and bool(
        set(missing_files(model)) & read_checksums(artifacts().weights).keys()
    )


def size_bytes(model: ModelSpec) -> int | None:
    """Bytes on disk, the members' included; None if a file is missing."""
    if not is_ready(model):
        return None
    own_size = sum(file.stat().st_size for file in files(model))
    return own_size + sum(size_bytes(get_model_spec(member)) or 0 for member in model.members)


def parameter_count(model: ModelSpec) -> int | None:
    """Number of stored parameters (weights and batch-norm statistics), the members' included.

    None if a file is missing or too damaged to count them, and for an own model.
    """
    if model.is_own or not is_ready(model):
        return None
    counts = [_count_parameters(path(model))]
    counts += [parameter_count(get_model_spec(member)) for member in model.members]
    return None if None in counts else sum(map(int, filter(None, counts)))


def checksum(model: ModelSpec) -> str | None:
    """Recorded SHA-256 of a network's weights or of an ensemble's fit; None if there is none.

    Nothing is recorded of an own model: it is that of its file.
    """
    if not model.is_own:
        return read_checksums(path(model).parent).get(path(model).name)
    stamp = artifacts().stamp(path(model)) if model.file else None
    return _digest(path(model), *stamp) if stamp else None


def verify(file: Path) -> Path:
    """Verify a file against its recorded checksum and return its path.

    Raises `NotTrainedError` if the file is missing, `WeightsError` if it differs.
    """
    if not file.is_file():
        is_recorded = file.name in read_checksums(file.parent)
        hint = f"; {RESTORE_HINT}" if is_recorded else ""
        raise NotTrainedError(f"{file.stem} is not trained yet: {file.name} is missing{hint}.")
    if read_checksums(file.parent).get(file.name) != sha256(file):
        raise WeightsError(checksum_mismatch_message(file))
    return file


def file_state(file: Path, recorded: str | None) -> FileState:
    """Compare a file with its recorded SHA-256; it is hashed again only after a change.

    Args:
        file: The file.
        recorded: Hexadecimal SHA-256, or None if none is recorded.

    Returns:
        `matches`, `differs` or `missing`.
    """
    try:
        status = file.stat()
        digest = _digest(file, status.st_mtime_ns, status.st_size)
    except OSError:
        return "missing"
    return "matches" if digest == recorded else "differs"


def load_fitted(model: ModelSpec) -> dict[str, Any]:
    """Load the fitted parameters of an ensemble, as written by `training.engine.ensembles`.

    Raises `NotTrainedError` if the file is missing, `WeightsError` if it is damaged.
    """
    file = verify(path(model))
    try:
        return dict(json.loads(file.read_text())["fitted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(corrupted_message(file)) from error


def save(file: Path, tensors: "Mapping[str, np.ndarray]", provenance: Mapping[str, Any]) -> None:
    """Write tensors in half precision and record the file's checksum.

    Args:
        file: The safetensors file to write.
        tensors: Name → array.
        provenance: How the tensors were made; stored as JSON in the header.

    Raises:
        ValueError: A number does not fit into half precision.
        FerError: The file cannot be written.
    """
    import numpy as np
    from safetensors.numpy import save as to_bytes

    half = {}
    for key, value in tensors.items():
        with np.errstate(over="ignore"):  # reported below, with the tensor's name
            half[key] = np.ascontiguousarray(value, np.float16)
        if not np.isfinite(half[key]).all():
            raise ValueError(f"{key} does not fit into half precision")
    write_files({file: to_bytes(half, metadata={"provenance": json.dumps(provenance)})})


def read_provenance(file: Path) -> dict[str, Any]:
    """Read from a safetensors header how the file was made: recipe, minutes, device, versions."""
    with file.open("rb") as stream:
        header = json.loads(stream.read(int.from_bytes(stream.read(8), "little")))
    details: dict[str, Any] = json.loads(header["__metadata__"]["provenance"])
    return details


def _count_parameters(file: Path) -> int | None:
    """Number of parameters in a weights file; None if they cannot be counted.

    Only the header of a safetensors file is read: verifying the whole file, as loading does, would
    take too long for a number in a table.
    """
    try:
        return _count(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _count(file: Path) -> int:
    if file.suffix == ".safetensors":
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            content = stream.read(min(length, MAX_HEADER_BYTES))
        if len(content) != length:
            raise ValueError(f"{len(content)} bytes of a header of {length}")
        header = json.loads(content)
        return sum(prod(t["shape"]) for name, t in header.items() if name != "__metadata__")

    def count(value: Any) -> int:
        if isinstance(value, dict):
            return sum(count(v) for v in value.values())
        if isinstance(value, list):
            return sum(count(v) for v in value)
        return 1

    return count(json.loads(file.read_text(encoding="utf-8"))["fitted"])


@cached
def _digest(file: Path, mtime_ns: int, length: int) -> str:
    """Hash a file; `mtime_ns` and `length` in bytes are only part of the cache key."""
    return sha256(file)
