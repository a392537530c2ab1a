"""Checksum-verified reads of committed weights, results and logs.

Each folder has a `SHA256SUMS` file in the format of `sha256sum`, so `sha256sum -c SHA256SUMS` in
`weights/` or `results/` verifies the files too. The `training` commands write the files and record
their checksums. Imports no NumPy.
"""

import hashlib
import json
import math
import re
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from fer_core.errors import FerError, ResultsError

CHECKSUMS_FILE = "SHA256SUMS"
RESTORE_HINT = "restore it from the repository"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")

P = ParamSpec("P")
T = TypeVar("T")
Stamp = tuple[int, int] | None  # modification time in ns and size in bytes; None: no such file


class Artifacts:
    """The committed weights and results below one folder, with a cache of what was read from them.

    By default the library reads the files next to its code. To read others:

    >>> with using(Artifacts(Path("my_run"))) as artifacts:
    ...     artifacts.weights.as_posix()
    'my_run/weights'

    A changed file is noticed at the next read, or where `recheck_seconds` is set, within that time.
    A busy app sets it: a page asks for the state of these files some 200 times per run.
    """

    def __init__(self, root: Path = Path(__file__).parents[1]) -> None:
        self.weights = root / "weights"
        self.results = root / "results"
        self.recheck_seconds = 0.0
        self._cache: dict[Hashable, Any] = {}
        self._stamps: dict[Path, tuple[float, Stamp]] = {}  # with the time of the look

    def get_or_compute(self, key: Hashable, compute: Callable[[], T]) -> T:
        """Return the cached value, or compute and cache it.

        Two threads that ask at the same time may both compute the value; one result is cached.

        Args:
            key: What the value is cached under.
            compute: Computes the value; an exception it raises is passed on and nothing is cached.

        Returns:
            The value, the same object for as long as these artifacts are in use.
        """
        if key not in self._cache:
            self._cache.setdefault(key, compute())
        value: T = self._cache[key]
        return value

    def stamp(self, path: Path) -> Stamp:
        """Modification time in ns and size in bytes of a file; None if there is none."""
        now = time.monotonic()
        looked, stamp = self._stamps.get(path, (-math.inf, None))
        if now - looked >= self.recheck_seconds:
            try:
                status = path.stat()
                stamp = status.st_mtime_ns, status.st_size
            except OSError:
                stamp = None
            self._stamps[path] = now, stamp
        return stamp

    def clear_cache(self) -> None:
        """Drop everything that was read and computed."""
        self._cache.clear()
        self._stamps.clear()


_active = Artifacts()


def artifacts() -> Artifacts:
    """The artifacts that the library currently reads."""
    return _active


@contextmanager
def using(other: Artifacts) -> Iterator[Artifacts]:
    """Make the whole process read `other`'s files until the block ends."""
    global _active
    previous, _active = _active, other
    try:
        yield other
    finally:
        _active = previous


def cached(function: Callable[P, T]) -> Callable[P, T]:
    """Cache a function of committed files, like `functools.cache` but per `Artifacts`.

    The arguments must be hashable.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (function.__module__, function.__qualname__, args, tuple(kwargs.items()))
        return artifacts().get_or_compute(key, lambda: function(*args, **kwargs))

    return wrapper


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checksums(folder: Path) -> dict[str, str]:
    """File name → recorded SHA-256; empty if nothing has been recorded yet.

    Malformed lines of a damaged file are skipped; the files they stood for fail verification.
    """
    file = folder / CHECKSUMS_FILE
    key = (read_checksums, file, artifacts().stamp(file))
    return dict(artifacts().get_or_compute(key, lambda: _parse_checksums(file)))


def _parse_checksums(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    return {match[2]: match[1] for line in lines if (match := _LINE.fullmatch(line))}


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files of one folder and record their checksums.

    The old files are replaced only when all new ones are on the disk, so that a full disk or an
    interruption before that leaves them as they were.

    Args:
        contents: File → its content.

    Raises:
        FerError: A file cannot be written.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            parts[path].write_bytes(content)
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise FerError(f"{error.filename} cannot be written: {error.strerror}.") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    record_checksums(*contents)


def json_bytes(content: Any) -> bytes:
    """Format the content of a JSON file of `results/` or `weights/`."""
    return (json.dumps(content, indent=1) + "\n").encode()


def record_checksums(*paths: Path) -> None:
    """Record the current SHA-256 of files of one folder in its `SHA256SUMS`."""
    folder = paths[0].parent
    checksums = read_checksums(folder) | {path.name: sha256(path) for path in paths}
    lines = [
        f"{checksums[name]}  {name}\n" for name in sorted(checksums) if (folder / name).is_file()
    ]
    part = folder / f".{CHECKSUMS_FILE}.part"
    part.write_bytes("".join(lines).encode())
    part.replace(folder / CHECKSUMS_FILE)
    artifacts().clear_cache()  # it may hold values computed from the previous files


def read_verified(path: Path, command: str | None) -> bytes:
    """Read a committed file and verify its checksum.

    It is verified on the first read and again whenever it or `SHA256SUMS` changes.

    Args:
        path: The file.
        command: The `python -m training.<command>` that writes it, for the error message, if any.

    Returns:
        The file's content.

    Raises:
        ResultsError: The file is missing or differs from its recorded checksum; the message names
            it.
    """
    stamp = artifacts().stamp
    file_stamp, sums_stamp = stamp(path), stamp(path.with_name(CHECKSUMS_FILE))
    if file_stamp is None:
        run = f": run python -m training.{command}, or " if command else "; "
        raise ResultsError(f"{path.name} is missing{run}{RESTORE_HINT}.")
    if sums_stamp is None:
        raise ResultsError(
            f"{CHECKSUMS_FILE} of {path.parent.name} is missing, so {path.name} cannot be "
            f"verified; {RESTORE_HINT}."
        )
    key = (read_verified, path, file_stamp, sums_stamp)
    return artifacts().get_or_compute(key, lambda: _verify(path))


def read_json(path: Path, command: str) -> dict[str, Any]:
    """Read a committed JSON object.

    Args:
        path: The file.
        command: As for `read_verified`.

    Returns:
        The parsed object.

    Raises:
        ResultsError: As for `read_verified`; also if the file is not a JSON object.
    """
    content = read_verified(path, command)
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise corrupted_error(path) from error
    if not isinstance(parsed, dict):
        raise corrupted_error(path)
    return parsed


def problem(path: Path, command: str | None) -> str | None:
    """Describe what is wrong with a committed file.

    Args:
        path: The file.
        command: As for `read_verified`.

    Returns:
        The message `read_verified` would raise; None if the file is intact, or if it neither exists
        nor was ever recorded.
    """
    if artifacts().stamp(path) is None and path.name not in read_checksums(path.parent):
        return None
    try:
        read_verified(path, command)
    except ResultsError as error:
        return str(error)
    return None


def corrupted_error(path: Path) -> ResultsError:
    """The error for a file that matches its checksum but cannot be parsed."""
    return ResultsError(corrupted_message(path))


def corrupted_message(path: Path) -> str:
    """One sentence: the file cannot be parsed."""
    return f"{path.name} is damaged; {RESTORE_HINT}."


def checksum_mismatch_message(path: Path) -> str:
    """One sentence: the file differs from its recorded checksum."""
    return (
        f"{path.name} is damaged or was changed (its checksum does not match {CHECKSUMS_FILE}); "
        f"{RESTORE_HINT}."
    )


def _verify(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise corrupted_error(path) from error
    if hashlib.sha256(content).hexdigest() != read_checksums(path.parent).get(path.name):
        raise ResultsError(checksum_mismatch_message(path))
    return content
