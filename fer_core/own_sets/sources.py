"""Where labels come from: the names of folders, or a table beside the photos."""

import itertools
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from fer_core.emotions import normalise
from fer_core.errors import UsageError
from fer_core.imaging.photo_file import FileStamp, PhotoFile
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.table import LabelTable, TableRow
from fer_core.text import counted, named, printable, unique_names

_NO_GROUPS: Mapping[str, str] = MappingProxyType({})
_Score = tuple[int, int, bool]  # of a row and a photo, see `_score`
_NO_SCORE: _Score = (0, 0, False)


@dataclass(frozen=True, slots=True)
class MemoryPhoto(PhotoFile):
    """A photo whose bytes are in memory, such as an upload; `path` is its name."""

    content: bytes = field(default=b"", repr=False)

    def read(self) -> bytes:
        """The bytes."""
        return self.content

    def stamp(self) -> FileStamp | None:
        """Its name and size."""
        return FileStamp(self.name, len(self.content))


@dataclass(frozen=True)
class LabelledItem:
    """A photo with its label, as its user gave them.

    Attributes:
        name: The photo's path below what the user named, with `/`; different for every item.
        photo: What is read.
        label: As the folder or the table has it, see `labels.Vocabulary`.
        groups: Column → group.
        split: As the table or a folder has it; empty if neither does.
    """

    name: str
    photo: PhotoFile
    label: str
    groups: Mapping[str, str] = field(default_factory=lambda: _NO_GROUPS)
    split: str = ""


@dataclass(frozen=True)
class Labelled:
    """Labelled photos, and sentences about what was left out on the way to them."""

    items: tuple[LabelledItem, ...]
    notes: tuple[str, ...] = ()

    def labels(self) -> list[str]:
        """The items' labels as given."""
        return [item.label for item in self.items]

    def of_split(self, split: str) -> "Labelled":
        """The items of one split, case ignored.

        Raises:
            UsageError: There is none.
        """
        split = split.strip()
        kept = tuple(i for i in self.items if i.split.casefold() == split.casefold())
        if not kept:
            there = sorted({item.split for item in self.items} - {""})
            known = f"there are {named(there, 6)}" if there else "none is named"
            raise UsageError(f"No labelled photo belongs to the split {split}: {known}.")
        left = len(self.items) - len(kept)
        note = f"{counted(left, 'photo')} of other splits than {split} left out."
        return Labelled(kept, (*self.notes, *([note] if left else [])))


def labels_from_folders(
    photos: Iterable[tuple[str, PhotoFile]], vocabulary: Vocabulary, split: str = ""
) -> Labelled:
    """Take each photo's label from the nearest of its folders that is a label.

    Args:
        photos: The path that is looked at for folders, such as `test/angry/1.jpg`, and the photo.
        vocabulary: Which folders are labels.
        split: A folder of this name is a split.

    Returns:
        The photos with a label; a note names the folders of those without.
    """
    items, without = [], []
    folders_without: dict[str, None] = {}
    known, notes = _usable(photos)
    for path, photo in known:
        *folders, _ = _parts(path)
        label = next((f for f in reversed(folders) if vocabulary.knows(f)), None)
        if label is None:
            without.append(path)
            folders_without[folders[-1] if folders else "(no folder)"] = None
            continue
        is_split = split.casefold() in (folder.casefold() for folder in folders)
        items.append(
            LabelledItem("/".join(_parts(path)), photo, label, split=split if is_split else "")
        )
    if without:
        notes.append(
            f"{counted(len(without), 'photo')} in no folder named after an emotion left out: "
            f"{named(without)}; the folders are {named(folders_without, 6)}."
        )
    return Labelled(_with_unique_names(items), tuple(notes))


def labels_from_table(photos: Iterable[tuple[str, PhotoFile]], table: LabelTable) -> Labelled:
    """Match the rows of a table to photos, by the longest common end of their paths.

    A row without a folder means the only photo of its name.

    Args:
        photos: The path of each below what the user named, and the photo.
        table: The table.

    Returns:
        The photos with exactly one label; notes count and name rows without a photo, photos without
        a row, rows that repeat and rows that contradict each other.
    """
    known, errors = _usable(photos)
    rows_of, lost, ambiguous = _matched(table.rows, _Finder([path for path, _ in known]))
    items, repeated, contradicted, bare = [], [], [], []
    for index, (path, photo) in enumerate(known):
        rows = rows_of.get(index, [])
        if not rows:
            bare.append(path)
            continue
        if len({normalise(row.label) for row in rows}) > 1:
            contradicted.append(path)
            continue
        if len(rows) > 1:
            repeated.append(path)
        row = rows[0]
        name = "/".join(_parts(path))
        items.append(LabelledItem(name, photo, row.label, dict(row.groups), row.split))
    notes = [
        *errors,
        *table.notes,
        *_note(lost, "row", f"of {table.name} without a photo left out"),
        *_note(ambiguous, "row", f"of {table.name} left out, several photos have their name"),
        *_note(bare, "photo", f"without a row in {table.name} left out"),
        *_note(repeated, "photo", f"with several rows of one label in {table.name}, counted once"),
        *_note(contradicted, "photo", f"with rows of different labels in {table.name} left out"),
    ]
    return Labelled(_with_unique_names(items), tuple(notes))


def _matched(
    rows: Iterable[TableRow], finder: "_Finder"
) -> tuple[dict[int, list[TableRow]], list[str], list[str]]:
    """Each photo's best rows, the files that no photo is, and those that several may be."""
    rows_of: dict[int, list[TableRow]] = {}
    best: dict[int, _Score] = {}
    lost: list[str] = []
    ambiguous: list[str] = []
    for row in rows:
        matches, score = finder.find(row.file)
        if len(matches) != 1:
            (ambiguous if matches else lost).append(row.file)
            continue
        [index] = matches
        if score > best.get(index, _NO_SCORE):
            lost += [worse.file for worse in rows_of.get(index, [])]
            rows_of[index], best[index] = [row], score
        elif score == best[index]:
            rows_of[index].append(row)
        else:
            lost.append(row.file)
    return rows_of, lost, ambiguous


def _usable(
    photos: Iterable[tuple[str, PhotoFile]],
) -> tuple[list[tuple[str, PhotoFile]], list[str]]:
    """The photos, and a sentence for each of the others, such as a folder without any."""
    known = list(photos)
    notes = [f"{photo.name}: {photo.error}" for _, photo in known if photo.error is not None]
    return [pair for pair in known if pair[1].error is None], notes


class _Finder:
    """Finds the photo that a table means by a path: the one with the longest common end."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._parts = [_composed(path) for path in paths]
        self._by_end: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index, parts in enumerate(self._parts):
            *folders, name = map(_folded, parts)
            self._by_end[name,].append(index)
            self._by_end[folders[-1] if folders else "", name].append(index)

    def find(self, path: str) -> tuple[list[int], _Score]:
        """The photos that a path may mean, one where it is clear, and how much of it they share.

        The file's name alone is enough only where the path or the photo has no folder.
        """
        wanted = _composed(path)
        if not wanted:
            return [], _NO_SCORE
        *folders, name = map(_folded, wanted)
        if folders:
            found = self._by_end.get((folders[-1], name)) or self._by_end.get(("", name), [])
        else:
            found = self._by_end.get((name,), [])
        scores = {index: _score(self._parts[index], wanted) for index in found}
        best = max(scores.values(), default=_NO_SCORE)
        return [index for index, score in scores.items() if score == best], best


def _score(parts: Sequence[str], wanted: Sequence[str]) -> _Score:
    """How well two paths agree: common parts at the end, those of one case, and whether in all."""
    folded = _common_end(list(map(_folded, parts)), list(map(_folded, wanted)))
    return folded, _common_end(parts, wanted), parts == wanted


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _folded(part: str) -> str:
    """A part of a path without what systems and spreadsheets change: its case and its blanks."""
    return " ".join(part.casefold().split())


def _composed(path: str) -> list[str]:
    """The parts of a path with é as one character; macOS writes it as two."""
    return _parts(unicodedata.normalize("NFC", path))


def _parts(path: str) -> list[str]:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return [part for part in parts if part not in ("/", ".", "..")]


def _note(names: Sequence[str], noun: str, what: str) -> list[str]:
    return [f"{counted(len(names), noun)} {what}: {named(names)}."] if names else []


def _with_unique_names(items: Sequence[LabelledItem]) -> tuple[LabelledItem, ...]:
    names = unique_names([printable(item.name) for item in items])
    pairs = zip(items, names, strict=True)
    return tuple(item if item.name == name else replace(item, name=name) for item, name in pairs)
