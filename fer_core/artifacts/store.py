"""Where committed weights and results lie, and the one way to read them: whole, or not at all.

Each folder has its `SHA256SUMS` in the format of `sha256sum`, so `sha256sum -c SHA256SUMS` in
`weights/` or `results/` checks it too. `python -m training.…` writes the files and records their
checksums. Imports no NumPy.
"""

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from fer_core.errors import ResultsError

CHECKSUMS_FILE = "SHA256SUMS"
RESTORE_HINT = "restore it from the repository"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")

P = ParamSpec("P")
T = TypeVar("T")


class Artifacts:
    """Committed weights and results below one folder, and what has been read of them.

    The library reads those beside its code until others are taken:

    >>> with using(Artifacts(Path("my_run"))) as artifacts:
    ...     artifacts.weights.as_posix()
    'my_run/weights'
    """

    def __init__(self, root: Path = Path(__file__).parents[1]) -> None:
        self.weights = root / "weights"
        self.results = root / "results"
        self._kept: dict[Hashable, Any] = {}

    def get_or_compute(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for as long as these artifacts are in use.

        Two threads that ask at once may both make it; one answer is kept. What `make` raises is
        raised here, and nothing is kept.
        """
        if key not in self._kept:
            self._kept.setdefault(key, make())
        value: T = self._kept[key]
        return value

    def clear_cache(self) -> None:
        """Drop what has been read and computed, as if nothing had been asked yet."""
        self._kept.clear()


_in_use = Artifacts()


def artifacts() -> Artifacts:
    """Those that the library reads."""
    return _in_use


@contextmanager
def using(other: Artifacts) -> Iterator[Artifacts]:
    """Let the whole process read `other`'s files until the block ends."""
    global _in_use
    before, _in_use = _in_use, other
    try:
        yield other
    finally:
        _in_use = before


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Like `functools.cache`, for what is computed from committed files: other artifacts, other
    answers. Arguments must be hashable."""

    @wraps(function)
    def read_once(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (function.__module__, function.__qualname__, args, tuple(kwargs.items()))
        return artifacts().get_or_compute(key, lambda: function(*args, **kwargs))

    return read_once


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checksums(folder: Path) -> dict[str, str]:
    """File name → recorded SHA-256; empty where nothing was recorded yet.

    A line that is none, in a damaged file, is left out: what it stood for counts as changed.
    """
    try:
        lines = (folder / CHECKSUMS_FILE).read_text(errors="replace").splitlines()
    except OSError:
        return {}
    return {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}


def record_checksums(*paths: Path) -> None:
    """Write the files' present SHA-256 into `SHA256SUMS` of their folder."""
    folder = paths[0].parent
    known = read_checksums(folder) | {path.name: sha256(path) for path in paths}
    lines = [f"{known[name]}  {name}\n" for name in sorted(known) if (folder / name).is_file()]
    (folder / CHECKSUMS_FILE).write_text("".join(lines))
    artifacts().clear_cache()  # what was computed from the files before


def read_verified(path: Path, command: str | None) -> bytes:
    """Content of the results file `path`, which `python -m training.<command>` writes, if any.

    Checked against `SHA256SUMS` when first read and whenever either file has changed since. Raises
    `ResultsError`, which names the file, where it is missing or not what was recorded.
    """
    at, sums_at = _state(path), _state(path.with_name(CHECKSUMS_FILE))
    if at is None:
        run = f": run python -m training.{command}, or " if command else "; "
        raise ResultsError(f"{path.name} is missing{run}{RESTORE_HINT}.")
    if sums_at is None:
        raise ResultsError(
            f"{CHECKSUMS_FILE} of {path.parent.name} is missing, so {path.name} cannot be checked; {RESTORE_HINT}."
        )
    return artifacts().get_or_compute((read_verified, path, at, sums_at), lambda: _checked(path))


def read_json(path: Path, command: str) -> dict[str, Any]:
    """The object in a JSON file; raises as `read`, also where the file holds something else."""
    content = read_verified(path, command)
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise corrupted_error(path) from error
    if not isinstance(parsed, dict):
        raise corrupted_error(path)
    return parsed


def problem(path: Path, command: str | None) -> str | None:
    """The sentence `read` would raise; None where the file is whole, and where it neither exists
    nor was ever recorded: then nothing is lost."""
    if _state(path) is None and path.name not in read_checksums(path.parent):
        return None
    try:
        read_verified(path, command)
    except ResultsError as error:
        return str(error)
    return None


def corrupted_error(path: Path) -> ResultsError:
    """For a results file that is as recorded and yet cannot be understood."""
    return ResultsError(corrupted_message(path))


def corrupted_message(path: Path) -> str:
    """The sentence that says a file cannot be understood."""
    return f"{path.name} is damaged; {RESTORE_HINT}."


def checksum_mismatch_message(path: Path) -> str:
    """The sentence that says a file is not what was recorded."""
    return f"{path.name} is damaged or was changed (its checksum does not match {CHECKSUMS_FILE}); {RESTORE_HINT}."


def _checked(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise corrupted_error(path) from error
    if hashlib.sha256(content).hexdigest() != read_checksums(path.parent).get(path.name):
        raise ResultsError(checksum_mismatch_message(path))
    return content


def _state(path: Path) -> tuple[int, int] | None:
    """When a file was last changed, in ns, and its size; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
