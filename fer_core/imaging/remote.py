"""Photos behind an address such as s3://bucket/folder, read by fsspec with the user's credentials.

fsspec (filesystem-spec.readthedocs.io) knows local files, HTTP, and with a further package each S3,
Google Cloud Storage, Azure and others.
"""

import errno
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from fer_core.errors import FerError, requires_extra
from fer_core.imaging.file_types import has_photo_extension, is_hidden
from fer_core.imaging.photo_file import FileStamp, time_text

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def is_address(path: str) -> bool:
    """Whether a path names a place for fsspec, with a protocol and "://"."""
    return _ADDRESS.match(path) is not None


def find(address: str) -> Iterator[tuple[str, FileStamp]]:
    """List a photo, or the photos below a folder or matching a pattern, sorted by address.

    Args:
        address: With the protocol; * and ? make it a pattern.

    Yields:
        The address of each photo, and its size and time of change as far as they are known.

    Raises:
        FerError: It cannot be listed, or a package that this needs is missing.
    """
    try:
        system, path = _resolve(address)
        if any(sign in path for sign in "*?"):
            listing = system.glob(path, detail=True)
        elif system.isfile(path):
            listing = {path: system.info(path)}
        else:
            listing = system.find(path, detail=True)
    except FerError:
        raise
    except Exception as error:  # storage services have errors of their own
        raise FerError(f"{address} cannot be listed: {_reason(error)}.") from error
    folder = path if path in listing else re.split(r"[^/]*[*?]", path)[0]
    for name, info in sorted(listing.items()):
        below = PurePosixPath(name.removeprefix(folder).lstrip("/"))
        is_photo = name == path or (has_photo_extension(below) and not is_hidden(below))
        if info.get("type") == "file" and is_photo:
            full = system.unstrip_protocol(name)
            yield full, FileStamp(full, info.get("size"), _modified(info))


def read(address: str, limit: int) -> bytes:
    """Read a file, but at most `limit` bytes.

    Raises:
        OSError: It cannot be read.
        FerError: A package that this needs is missing.
    """
    system, path = _resolve(address)
    try:
        with system.open(path, "rb") as file:
            content: bytes = file.read(limit)
            return content
    except Exception as error:  # storage services have errors of their own
        raise OSError(errno.EIO, _reason(error)) from error


def _resolve(address: str) -> "tuple[AbstractFileSystem, str]":
    if "::" in address:
        raise FerError(f"{address} is an address inside another file: unpack that first.")
    with requires_extra("ray", "Addresses need"):
        from fsspec.core import url_to_fs
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise FerError(f"{address} cannot be opened: {str(error).rstrip('.')}.") from error
    return system, path


def _reason(error: Exception) -> str:
    """Why it failed, without a full stop."""
    if isinstance(error, FileNotFoundError):
        return "it is not there"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).rstrip(".")


def _modified(info: dict[str, Any]) -> str | None:
    """The time of the last change, under the key that the kind of storage uses."""
    value = next((info[key] for key in ("LastModified", "mtime", "updated") if key in info), None)
    if isinstance(value, (float, datetime)):
        return time_text(value)
    return None if value is None else str(value)
