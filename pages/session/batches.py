"""Large batches of files: which of them to read, and the names of those that are left out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

MAX_LEFT_OUT_NAMES = 10_000  # of a session; further files are counted only


def first(names: Sequence[str], count: int) -> list[int]:
    """Indices of the first `count` names."""
    return list(range(min(count, len(names))))


def evenly(names: Sequence[str], count: int) -> list[int]:
    """Indices of `count` names at equal distances, the first one included."""
    count = min(count, len(names))
    return [i * len(names) // count for i in range(count)]


def per_folder(names: Sequence[str], count: int) -> list[int]:
    """Indices of `count` names, as many from each folder as possible, spread evenly in each.

    What a small folder cannot give is taken from the others.
    """
    folders = sorted(folder_indices(names).values(), key=len)
    selected: list[int] = []
    for position, indices in enumerate(folders):
        share = (count - len(selected)) // (len(folders) - position)
        selected += [indices[i] for i in evenly([names[i] for i in indices], share)]
    return sorted(selected)


def folder_indices(names: Sequence[str]) -> dict[str, list[int]]:
    """Folder → the indices of the names in it, in their order."""
    folders: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        folders.setdefault(str(PurePosixPath(name).parent), []).append(index)
    return folders


Sample = Callable[[Sequence[str], int], list[int]]  # called with names and how many to select

#: What a visitor may choose of a large batch.
SAMPLES: Mapping[str, Sample] = {
    "per folder": per_folder,
    "evenly": evenly,
    "first": first,
}


@dataclass
class LeftOut:
    """Files that were uploaded and not read, by the reason: the end of a sentence about them."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, names: Iterable[str], reason: str) -> None:
        """Count files; their names are kept while there are few enough."""
        names = list(names)
        if not names:
            return
        room = MAX_LEFT_OUT_NAMES - sum(map(len, self.names.values()))
        self.counts[reason] = self.counts.get(reason, 0) + len(names)
        self.names.setdefault(reason, []).extend(names[: max(0, room)])

    def discard(self, name: str) -> None:
        """Forget one file of this name, which has been read after all."""
        for reason, names in self.names.items():
            if name in names:
                names.remove(name)
                self.counts[reason] -= 1
                if not self.counts[reason]:
                    del self.counts[reason], self.names[reason]
                return

    def named(self) -> list[tuple[str, str]]:
        """(Name, sentence with the reason) of each file whose name is known."""
        return [(n, f"Not read: {reason}") for reason, names in self.names.items() for n in names]
