"""The one way to read a results file or a training log: whole as it was committed, or not at all.

`python -m training.…` writes these files and records their checksums. Imports no NumPy.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fer_core.artifacts.checksums import SUMS, changed, read_sums
from fer_core.errors import ResultsError


def read(path: Path, command: str | None) -> bytes:
    """Content of the results file `path`, which `python -m training.<command>` writes, if any.

    Checked against `SHA256SUMS` when first read and whenever either file has changed since. Raises
    `ResultsError`, which names the file, where it is missing or not what was recorded.
    """
    at, sums_at = _time(path), _time(path.with_name(SUMS))
    if at is None:
        run = f": run python -m training.{command}, or " if command else "; "
        raise ResultsError(f"{path.name} is missing{run}restore it from the repository.")
    if sums_at is None:
        raise ResultsError(
            f"{SUMS} of {path.parent.name} is missing, so {path.name} cannot be checked; restore "
            "it from the repository."
        )
    return _checked(path, at, sums_at)


def read_json(path: Path, command: str) -> dict[str, Any]:
    """The object in a JSON file; raises as `read`, also where the file holds something else."""
    content = read(path, command)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise damaged(path) from error
    if not isinstance(told, dict):
        raise damaged(path)
    return told


def problem(path: Path, command: str | None) -> str | None:
    """The sentence `read` would raise; None where the file is whole, and where it neither exists
    nor was ever recorded: then nothing is lost."""
    if _time(path) is None and path.name not in read_sums(path.parent):
        return None
    try:
        read(path, command)
    except ResultsError as error:
        return str(error)
    return None


def damaged(path: Path) -> ResultsError:
    """For a file that is as recorded and yet cannot be understood."""
    return ResultsError(f"{path.name} is damaged; restore it from the repository.")


@lru_cache(maxsize=64)
def _checked(path: Path, at: tuple[int, int], sums_at: tuple[int, int]) -> bytes:
    """`at` and `sums_at` only tell one state of the files from another."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise damaged(path) from error
    if hashlib.sha256(content).hexdigest() != read_sums(path.parent).get(path.name):
        raise ResultsError(changed(path))
    return content


def _time(path: Path) -> tuple[int, int] | None:
    """When a file was last changed, in ns, and its size; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
