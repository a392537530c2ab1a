"""A variant's files in `weights/`: where they are, whether they are whole, what they hold.

Imports no NumPy until a file is written.
"""

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fer_core.artifacts.store import (
    RESTORE_HINT,
    artifacts,
    checksum_mismatch_message,
    corrupted_message,
    cached,
    read_checksums,
    record_checksums,
    sha256,
)
from fer_core.errors import NotTrainedError, WeightsError
from fer_core.registry import ModelSpec, get_model_spec

if TYPE_CHECKING:
    import numpy as np

MAX_HEADER_BYTES = 100_000_000  # bytes of a safetensors header; what that library itself allows

FileState = Literal["matches", "differs", "missing"]


def path(variant: ModelSpec) -> Path:
    """A network's tensors, or a combination's few fitted numbers."""
    suffix = "json" if variant.members else "safetensors"
    return artifacts().weights / f"{variant.name}.{suffix}"


def onnx_path(variant: ModelSpec) -> Path:
    """The ONNX graph whose initialisers lie in the weights file; networks only."""
    return artifacts().weights / f"{variant.name}.onnx"


def files(variant: ModelSpec) -> tuple[Path, ...]:
    """This variant's own files, members' files not included."""
    return (path(variant),) if variant.members else (path(variant), onnx_path(variant))


def is_ready(variant: ModelSpec) -> bool:
    """Whether everything needed to predict has been trained and is in place."""
    return not missing_files(variant)


def missing_files(variant: ModelSpec) -> tuple[str, ...]:
    """Names of the files, the members' too, that are not in place."""
    own = [file.name for file in files(variant) if not file.is_file()]
    return (*own, *(name for member in variant.members for name in missing_files(get_model_spec(member))))


def has_lost_files(variant: ModelSpec) -> bool:
    """Whether a file that is missing was there once: its checksum is recorded."""
    return bool(set(missing_files(variant)) & read_checksums(artifacts().weights).keys())


def size_bytes(variant: ModelSpec) -> int | None:
    """Bytes on disk, with the members'; None when not trained."""
    if not is_ready(variant):
        return None
    own = sum(file.stat().st_size for file in files(variant))
    return own + sum(size_bytes(get_model_spec(member)) or 0 for member in variant.members)


def parameter_count(variant: ModelSpec) -> int | None:
    """Stored numbers (weights and batch-norm statistics), with the members'; None where a file is
    missing or so damaged that they cannot be counted."""
    if not is_ready(variant):
        return None
    own = _count_numbers(path(variant))
    members = [parameter_count(get_model_spec(member)) for member in variant.members]
    return None if own is None or None in members else own + sum(map(int, filter(None, members)))


def verify(file: Path) -> Path:
    """`file`, when its content is what was recorded.

    Raises `NotTrainedError` where it is missing, `WeightsError` where it differs.
    """
    if not file.is_file():
        was_there = file.name in read_checksums(file.parent)
        remedy = f"; {RESTORE_HINT}" if was_there else ""
        raise NotTrainedError(f"{file.stem} is not trained yet: {file.name} is missing{remedy}.")
    if read_checksums(file.parent).get(file.name) != sha256(file):
        raise WeightsError(checksum_mismatch_message(file))
    return file


def file_state(file: Path, recorded: str | None) -> FileState:
    """Whether a file's SHA-256 is the recorded one. A file is read again when it has changed."""
    try:
        status = file.stat()
        digest = _digest(file, status.st_mtime_ns, status.st_size)
    except OSError:
        return "missing"
    return "matches" if digest == recorded else "differs"


def load_fitted(variant: ModelSpec) -> dict[str, Any]:
    """The fitted numbers of a combination, as `training.engine.ensembles` wrote them.

    Raises `NotTrainedError` where the file is missing, `WeightsError` where it is damaged.
    """
    file = verify(path(variant))
    try:
        return dict(json.loads(file.read_text())["fitted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(corrupted_message(file)) from error


def save(file: Path, tensors: "Mapping[str, np.ndarray]", provenance: Mapping[str, Any]) -> None:
    """Write tensors in half precision with how they were made, and record the checksum.

    Raises `ValueError` for a number that half precision cannot hold.
    """
    import numpy as np
    from safetensors.numpy import save_file

    half = {}
    for key, value in tensors.items():
        with np.errstate(over="ignore"):  # reported here, by name
            half[key] = np.ascontiguousarray(value, np.float16)
        if not np.isfinite(half[key]).all():
            raise ValueError(f"{key} does not fit into half precision")
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(half, file, metadata={"provenance": json.dumps(provenance)})
    record_checksums(file)


def read_provenance(file: Path) -> dict[str, Any]:
    """How a safetensors file was made (recipe, minutes, device, versions), from its header."""
    with file.open("rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
    made: dict[str, Any] = json.loads(header["__metadata__"]["provenance"])
    return made


def _count_numbers(file: Path) -> int | None:
    """How many numbers a weights file stores; of a safetensors file only the header is read.

    None where it cannot be told. That the file is whole is checked when it is loaded: reading all
    of it for a number in a table would take too long.
    """
    try:
        return _numbers(file)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _numbers(file: Path) -> int:
    if file.suffix == ".safetensors":
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            content = opened.read(min(length, MAX_HEADER_BYTES))
        if len(content) != length:
            raise ValueError(f"{len(content)} bytes of a header of {length}")
        header = json.loads(content)
        return sum(prod(t["shape"]) for name, t in header.items() if name != "__metadata__")

    def leaves(value: Any) -> int:
        if isinstance(value, dict):
            return sum(leaves(v) for v in value.values())
        if isinstance(value, list):
            return sum(leaves(v) for v in value)
        return 1

    return leaves(json.loads(file.read_text())["fitted"])


@cached
def _digest(file: Path, changed_at: int, length: int) -> str:
    """`changed_at` in ns and `length` in bytes only tell one state of the file from another."""
    return sha256(file)
