"""The photos a command reads: files, folders, patterns and standard input."""

import argparse
import errno
import glob
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fer_core.imaging.file_types import has_photo_extension, is_hidden
from fer_core.reports.export import printable, unique_name

STANDARD_STREAM = "-"  # as an argument: standard input, or standard output
STDIN_NAME = "(standard input)"


@dataclass(frozen=True)
class PhotoFile:
    """A photo to read, or the reason why there is none at `path`."""

    name: str  # shown to the user: printable, and different for every file of a command
    path: Path | None  # None: standard input
    error: str | None = None

    def read(self) -> bytes:
        """Read the file, but at most one byte more than `decode` accepts.

        Raises:
            OSError: It cannot be read.
        """
        from fer_core.imaging.decode import MAX_BYTES
        from fer_core.imaging.load import read

        if self.path is not None:
            return read(self.path)
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return sys.stdin.buffer.read(MAX_BYTES + 1)


def path_argument(text: str) -> str:
    """An argument that names a file or folder, for `argparse`: any text except an empty one."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def path_type(text: str) -> Path:
    """Like `path_argument`, as a path."""
    return Path(path_argument(text))


def find_photos(names: Sequence[str]) -> list[PhotoFile]:
    """List the photos that the arguments of a command stand for, each once.

    Args:
        names: Files, folders (searched recursively), patterns with * or ?, which Windows does not
            expand, and "-" for standard input.

    Returns:
        The photos in the order of the arguments, those of a folder or pattern sorted by path. A
        folder without photos, a folder that cannot be listed and a pattern without matches are
        entries with an error.
    """
    by_path = {file.path: file for name in names for file in _find(name)}
    taken: set[str] = set()
    files = []
    for file in by_path.values():
        name = unique_name(printable(file.name), taken)
        taken.add(name)
        files.append(replace(file, name=name))
    return files


def photo_file(name: str) -> PhotoFile:
    """The photo that one argument names: a path, or "-" for standard input."""
    if name == STANDARD_STREAM:
        return PhotoFile(STDIN_NAME, None)
    return PhotoFile(str(Path(name)), Path(name))


def _find(name: str) -> Iterator[PhotoFile]:
    if name == STANDARD_STREAM:
        yield photo_file(name)
    elif any(sign in name for sign in "*?") and not _mode(Path(name)):
        matches = sorted(glob.glob(name.replace("[", "[[]"), recursive=True))  # noqa: PTH207
        for match in matches:
            yield from _find_at(Path(match))
        if not matches:
            yield PhotoFile(name, Path(name), "No file matches this pattern.")
    else:
        yield from _find_at(Path(name))


def _find_at(path: Path) -> Iterator[PhotoFile]:
    if stat.S_ISDIR(_mode(path)):
        yield from _find_in_folder(path)
    else:
        yield PhotoFile(str(path), path)


def _find_in_folder(folder: Path) -> Iterator[PhotoFile]:
    """All photos below a folder that are not hidden; linked folders are followed once."""
    errors: list[OSError] = []
    files: list[Path] = []
    visited: set[str] = set()
    for parent, folders, file_names in os.walk(folder, onerror=errors.append, followlinks=True):
        if (real_path := os.path.realpath(parent)) in visited:
            folders.clear()
            continue
        visited.add(real_path)
        folders[:] = [name for name in folders if not is_hidden(Path(name))]
        for path in (Path(parent, name) for name in file_names):
            is_special = _mode(path) and not stat.S_ISREG(_mode(path))  # a pipe would block
            if has_photo_extension(path) and not is_hidden(Path(path.name)) and not is_special:
                files.append(path)
    for path in sorted(files):
        yield PhotoFile(str(path), path)
    for error in errors:
        path = Path(error.filename)
        yield PhotoFile(str(path), path, f"The folder cannot be listed: {error.strerror}.")
    if not files and not errors:
        yield PhotoFile(str(folder), folder, "There is no photo in this folder.")


def _mode(path: Path) -> int:
    """Type and permissions of a file; 0 if there is none or it cannot be looked at."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0
