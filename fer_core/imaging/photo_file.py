"""A photo file to be read, and what tells one version of a file from another."""

import errno
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Which version of a file was read; path, size and time together."""

    path: str  # as given; may hold characters that cannot be printed
    size: int | None = None  # bytes
    modified: str | None = None  # when the content last changed: ISO 8601, UTC, microseconds


def time_text(moment: float | datetime) -> str:
    """A time, or its seconds since 1970, as `FileStamp.modified` has it."""
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo to read, or the reason why there is none at `path`."""

    name: str  # shown to the user: printable, and different for every file of a command
    path: str | None  # a path, or an address as of `imaging.remote`; None: standard input
    error: str | None = None
    listed: FileStamp | None = None  # what a listing of its folder said about it

    def read(self) -> bytes:
        """Read the file, but at most one byte more than `decode` accepts.

        Raises:
            OSError: It cannot be read.
        """
        from fer_core.imaging import remote
        from fer_core.imaging.decode import MAX_BYTES
        from fer_core.imaging.load import read

        if self.path is not None:
            if remote.is_address(self.path):
                return remote.read(self.path, MAX_BYTES + 1)
            return read(Path(self.path))
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return sys.stdin.buffer.read(MAX_BYTES + 1)

    def stamp(self) -> FileStamp | None:
        """The file as it is now, without size and time if it is not there; None for a stream."""
        if self.path is None or self.listed:
            return self.listed
        try:
            status = os.stat(self.path)  # noqa: PTH116 (a path is slow to make, and there are many)
            return FileStamp(self.path, status.st_size, time_text(status.st_mtime))
        except (OSError, OverflowError, ValueError):
            return FileStamp(self.path)
