"""Files that a command writes: opened before any work, never over a file without being told.

`training` uses this module too.
"""

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from io import RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from fer_core.cli.inputs import STANDARD_STREAM
from fer_core.errors import FerError, UsageError
from fer_core.imaging.file_types import has_photo_extension


class OutputFile:
    """An output of a command, written in one or several complete pieces.

    Entering the context opens the file, so that one that cannot be written is reported before any
    work. What was written stays when the command is interrupted; a file to which nothing was
    written is not created.
    """

    def __init__(
        self, name: str, inputs: Iterable[str | None] = (), force: bool = False, keep: int = 0
    ) -> None:
        """Remember the file without opening it.

        Args:
            name: Path of the file, or "-" for standard output.
            inputs: What the command reads, None for standard input: never overwritten.
            force: Overwrite an existing file. Its content is kept until the first `write`.
            keep: With `force`, go on after this many bytes of the existing file.
        """
        self._name, self._inputs, self._force, self._keep = name, inputs, force, keep
        self._is_new = self._has_content = False

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            UsageError: It is one of the inputs, or it exists, is not empty and `force` is not set.
            FerError: It cannot be written.
        """
        if self._name == STANDARD_STREAM:
            if sys.stdout is None:
                raise FerError("standard output is closed")
            sys.stdout.flush()
            self._stream = _raw_stdout()
            self._has_content = True
            return self
        refuse_overwriting(self._name, self._inputs, self._force)
        self._is_new = not os.path.lexists(self._name)
        try:
            self._stream = Path(self._name).open("ab", buffering=0)
        except OSError as error:
            raise _write_error(self._name, error) from error
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._name != STANDARD_STREAM:
            self._stream.close()
            if self._is_new and not self._has_content:
                Path(self._name).unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Write a piece of the file completely, or, on a full disk, not at all.

        Raises:
            FerError: It cannot be written.
            OSError: The output is a pipe whose reader has ended; see `is_closed_pipe`.
        """
        size = _regular_size(self._stream)
        try:
            if not self._has_content and size is not None:
                self._stream.truncate(size := self._keep)
            remaining = memoryview(content)
            while remaining:
                remaining = remaining[self._stream.write(remaining) or 0 :]
        except BaseException as error:  # Ctrl-C as well leaves no part of the piece
            if size is not None:
                os.ftruncate(self._stream.fileno(), size)
                os.lseek(self._stream.fileno(), size, os.SEEK_SET)
            if isinstance(error, OSError) and not is_closed_pipe(error):
                raise _write_error(self._name, error) from error
            raise
        self._has_content = True


def refuse_overwriting(name: str, inputs: Iterable[str | None], force: bool) -> None:
    """Raise `UsageError` for an input, and for a file with content unless `force` is set."""
    try:
        status = Path(name).stat()
    except OSError:  # it does not exist, or opening it will fail too
        return
    if any(_is_same_file(status, path) for path in inputs):
        raise UsageError(f"{name} is one of the inputs and would be overwritten.")
    if stat.S_ISREG(status.st_mode) and status.st_size and not force:
        state = "is a photo" if has_photo_extension(Path(name)) else "exists"
        raise UsageError(
            f"{name} {state} and would be overwritten: name another file, or add --force."
        )


def is_closed_pipe(error: OSError) -> bool:
    """Whether the reader of a pipe has ended, as `head` does; Windows has another error for it."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def check_writable(path: Path) -> None:
    """Open a file that a command writes later, before any work; its content stays.

    Raises:
        FerError: It cannot be written.
    """
    with OutputFile(str(path), force=True):
        pass


def prepare_folder(folder: Path) -> None:
    """Create a folder for a command's files, before any work.

    Raises:
        FerError: It cannot be created, or no file can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _write_error(str(folder), error) from error


def _raw_stdout() -> RawIOBase:
    buffer = sys.stdout.buffer
    return cast(RawIOBase, getattr(buffer, "raw", buffer))


def _regular_size(stream: RawIOBase) -> int | None:
    """Size in bytes of a regular file; None for terminals, pipes and devices."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:  # standard output was replaced by a stream in memory
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _is_same_file(status: os.stat_result, path: str | None) -> bool:
    """Whether `path`, None for standard input, is the file with this status, by any name."""
    try:
        other = os.fstat(sys.stdin.fileno()) if path is None else Path(path).stat()
    except (AttributeError, OSError, ValueError):  # nothing there, or no standard input
        return False
    return stat.S_ISREG(other.st_mode) and os.path.samestat(status, other)


def _write_error(name: str, error: OSError) -> FerError:
    target = "standard output" if name == STANDARD_STREAM else name
    return FerError(f"{target} cannot be written: {error.strerror}.")
