"""Photos and tables in a .zip file, read one at a time; nothing is unpacked to the disk."""

import lzma
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from fer_core.errors import UsageError
from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.file_types import has_photo_extension, is_hidden
from fer_core.imaging.photo_file import FileStamp, PhotoFile
from fer_core.text import counted, printable

MAX_MEMBERS = 200_000
MAX_TOTAL_BYTES = 20 * 2**30  # unpacked, all members together
MAX_TABLE_BYTES = 50 * 2**20
TABLE_EXTENSIONS = frozenset({".csv", ".tsv", ".jsonl", ".ndjson"})
#: What `zipfile` raises for a file that is none, is damaged, encrypted or packed in another way.
_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(RuntimeError, NotImplementedError, ValueError, OSError),
)


class PhotoArchive:
    """The photos and tables of a .zip file.

    Attributes:
        title: The file's name.
        photos: In the order of their names.
        tables: Names of the tables in it.
        notes: Sentences about members that are left out.
    """

    def __init__(self, source: Path | bytes, title: str = "") -> None:
        """List the members.

        Args:
            source: The file's path, or its content.
            title: Its name; by default that of the path.

        Raises:
            UsageError: It is no .zip file, or it has too many members or too much in them.
        """
        self._source = source
        self.title = title or (source.name if isinstance(source, Path) else "archive.zip")
        try:
            opened = BytesIO(source) if isinstance(source, bytes) else source
            self._file = zipfile.ZipFile(opened)
        except _ERRORS as error:
            raise UsageError(
                f"{printable(self.title)} is no .zip file that can be read."
            ) from error
        members = [member for member in self._file.infolist() if not member.is_dir()]
        self._refuse_bombs(members)
        skipped: Counter[str] = Counter()
        wanted = [member for member in members if _is_kept(member, skipped)]
        kept = {member.filename: member for member in wanted}  # the last of one name, as `zipfile`
        if again := len(wanted) - len(kept):
            skipped["a later file has the same name"] += again
        names = sorted(kept)
        self.photos = [self._photo(kept[n]) for n in names if has_photo_extension(_path(n))]
        self.tables = [n for n in names if _path(n).suffix.lower() in TABLE_EXTENSIONS]
        if others := len(kept) - len(self.photos) - len(self.tables):
            skipped["neither a photo nor a table"] += others
        self.notes = [
            f"{counted(n, 'file')} in {printable(self.title)} left out: {reason}."
            for reason, n in skipped.items()
        ]

    def read(self, member: str, limit: int = MAX_BYTES + 1) -> bytes:
        """Read a member, but at most `limit` bytes of it.

        Raises:
            OSError: It is damaged, encrypted, or packed in a way that is not supported.
        """
        try:
            with self._file.open(member) as file:
                return file.read(limit)
        except (*_ERRORS, KeyError) as error:
            raise OSError("it is damaged or encrypted in the archive") from error

    def read_table(self, member: str) -> bytes:
        """Read a table.

        Raises:
            UsageError: It is too large or cannot be read.
        """
        try:
            content = self.read(member, MAX_TABLE_BYTES + 1)
        except OSError as error:
            raise UsageError(f"{printable(member)} cannot be read: {error}.") from error
        if len(content) > MAX_TABLE_BYTES:
            raise UsageError(f"{printable(member)} is larger than {MAX_TABLE_BYTES >> 20} MB.")
        return content

    def close(self) -> None:
        """Close the file; its photos cannot be read any more."""
        self._file.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened_once, (self._source, self.title)  # in a worker process

    def _photo(self, member: zipfile.ZipInfo) -> "ArchivedPhoto":
        path = f"{self.title}/{member.filename}"
        stamp = FileStamp(path, member.file_size)
        return ArchivedPhoto(
            printable(member.filename), path, listed=stamp, archive=self, member=member.filename
        )

    def _refuse_bombs(self, members: list[zipfile.ZipInfo]) -> None:
        title = printable(self.title)
        if len(members) > MAX_MEMBERS:
            raise UsageError(
                f"{title} has {len(members):,} files; the limit is {MAX_MEMBERS:,}: divide it."
            )
        total = sum(member.file_size for member in members)
        if total > MAX_TOTAL_BYTES:
            raise UsageError(
                f"{title} would unpack to {total / 2**30:,.0f} GB; the limit is "
                f"{MAX_TOTAL_BYTES >> 30} GB: divide it."
            )


@dataclass(frozen=True, slots=True)
class ArchivedPhoto(PhotoFile):
    """A photo in an archive; `path` is the archive's name with the member's."""

    archive: PhotoArchive | None = field(default=None, compare=False, repr=False)
    member: str = ""

    def read(self) -> bytes:
        """Read the photo, but at most one byte more than `decode` accepts; raises `OSError`."""
        assert self.archive is not None
        return self.archive.read(self.member)


@lru_cache(maxsize=1)
def _opened_once(source: Path | bytes, title: str) -> PhotoArchive:
    return PhotoArchive(source, title)


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _is_kept(member: zipfile.ZipInfo, skipped: Counter[str]) -> bool:
    """Whether a member is to be looked at; why not is counted, except for a system's own files."""
    path = _path(member.filename)
    if is_hidden(path) or "__MACOSX" in path.parts:
        return False
    reason = next(_reasons(member, path), None)
    if reason is not None:
        skipped[reason] += 1
    return reason is None


def _reasons(member: zipfile.ZipInfo, path: PurePosixPath) -> Iterator[str]:
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        yield "their paths lead out of the archive"
    if member.flag_bits & 1:
        yield "encrypted"
    if stat.S_ISLNK(member.external_attr >> 16):
        yield "links to other files"
