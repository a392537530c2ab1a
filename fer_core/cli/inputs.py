"""The photos a command reads: files, folders, patterns, lists and standard input."""

import argparse
import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from fer_core.errors import FerError
from fer_core.imaging import remote
from fer_core.imaging.file_types import has_photo_extension, is_hidden
from fer_core.imaging.photo_file import PhotoFile
from fer_core.registry import MODELS
from fer_core.text import printable, unique_name

STANDARD_STREAM = "-"  # as an argument: standard input, or standard output
STDIN_NAME = "(standard input)"


def path_argument(text: str) -> str:
    """An argument that names a file or folder, for `argparse`: any text except an empty one."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty")
    return text


def path_type(text: str) -> Path:
    """Like `path_argument`, as a path."""
    return Path(path_argument(text))


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Add the positional argument `model`, the name of one model."""
    parser.add_argument(
        "model", choices=MODELS, metavar="MODEL", help=f"one of {', '.join(MODELS)}"
    )


def find_photos(names: Iterable[str]) -> list[PhotoFile]:
    """List the photos that the arguments of a command stand for, each once.

    Args:
        names: Files, folders (searched recursively), patterns with * or ?, which Windows does not
            expand, addresses as of `imaging.remote`, and "-" for standard input.

    Returns:
        The photos in the order of the arguments, those of a folder or pattern sorted by path. A
        folder without photos, a folder that cannot be listed and a pattern without matches are
        entries with an error.
    """
    by_path = {file.path: file for name in names for file in _find(name)}
    taken: set[str] = set()  # a name without a replaced letter is the only one of its path
    for path, file in by_path.items():
        name = printable(file.name)
        if "\N{REPLACEMENT CHARACTER}" in name:
            taken.add(name := unique_name(name, taken))
            by_path[path] = replace(file, name=name)
    return list(by_path.values())


def photo_file(name: str) -> PhotoFile:
    """The photo that one argument names: a path, or "-" for standard input."""
    if name == STANDARD_STREAM:
        return PhotoFile(STDIN_NAME, None)
    path = str(Path(name))
    return PhotoFile(path, path)


def listed_paths(list_file: str) -> list[str]:
    """The paths in a list: one a line, or separated by NUL as `find -print0` writes them.

    Args:
        list_file: Path of the list, or "-" for standard input.

    Raises:
        FerError: It cannot be read.
    """
    try:
        if list_file != STANDARD_STREAM:
            content = Path(list_file).read_bytes()
        elif sys.stdin is not None:
            content = sys.stdin.buffer.read()
        else:
            raise FerError("standard input is closed")
    except OSError as error:
        raise FerError(f"{list_file} cannot be read: {error.strerror}.") from error
    content = content.removeprefix(b"\xef\xbb\xbf")
    separator = b"\0" if b"\0" in content else b"\n"
    lines = (line.removesuffix(b"\r") for line in content.split(separator))
    return [os.fsdecode(line) for line in lines if line]


def _find(name: str) -> Iterator[PhotoFile]:
    if name == STANDARD_STREAM:
        yield photo_file(name)
    elif remote.is_address(name):
        photos = list(remote.find(name))
        yield from (PhotoFile(path, path, listed=stamp) for path, stamp in photos)
        if not photos:
            yield PhotoFile(name, name, "There is no photo at this address.")
    elif any(sign in name for sign in "*?") and not _mode(name):
        matches = sorted(glob.glob(name.replace("[", "[[]"), recursive=True))  # noqa: PTH207
        for match in matches:
            yield from _find_at(match)
        if not matches:
            yield PhotoFile(name, name, "No file matches this pattern.")
    else:
        yield from _find_at(name)


def _find_at(name: str) -> Iterator[PhotoFile]:
    path = str(Path(name))
    if stat.S_ISDIR(_mode(path)):
        yield from _find_in_folder(path)
    else:
        yield PhotoFile(path, path)


def _find_in_folder(folder: str) -> Iterator[PhotoFile]:
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
        yield PhotoFile(str(path), str(path))
    for error in errors:
        path_name = str(error.filename)
        yield PhotoFile(path_name, path_name, f"The folder cannot be listed: {error.strerror}.")
    if not files and not errors:
        yield PhotoFile(folder, folder, "There is no photo in this folder.")


def _mode(path: str | Path) -> int:
    """Type and permissions of a file; 0 if there is none or it cannot be looked at."""
    try:
        return os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return 0
