"""Which files of a folder or an archive are FER2013's images, and why others are left out.

Used by `fer_core.datasets.fer2013`, which lists a folder for the app, and by
`training.engine.data`, which reads all images of a folder or an archive.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from fer_core.datasets.fer2013_ids import SPLITS, id_from_stem
from fer_core.emotions import EMOTIONS

IMAGE_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff"})
#: The emotions in the order in which fer2013.csv numbers them, 0 to 6.
NUMBERED_EMOTIONS: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
#: Class folder in lower case → index into EMOTIONS.
LABELS: Final = {name: i for i, name in enumerate(EMOTIONS)} | {
    str(number): EMOTIONS.index(name) for number, name in enumerate(NUMBERED_EMOTIONS)
}
#: Split → where the Kaggle layouts have its images.
USUAL_FOLDERS: Final = {"Training": "train/"} | dict.fromkeys(
    SPLITS[1:], "test/ (or validation/, in the layout with plain numbers)"
)
MAX_NAMES = 4  # in a sentence


class ImageKey(NamedTuple):
    """Identifies an image: in Training two ids belong to two images each, of different labels."""

    image_id: str
    label: int  # index into EMOTIONS


class Inventory:
    """What the files of one folder or archive are, from their names alone.

    Attributes:
        images: Image → path of its first file.
        copies: Files that are second copies of an image.
        unlisted: Folders that could not be listed, with the reason.
    """

    def __init__(self) -> None:
        self.images: dict[ImageKey, PurePath] = {}
        self.copies = 0
        self.unlisted: list[str] = []
        self._numbered_folders = 0  # images in folders 0 to 6
        self._other_folders: Counter[str] = Counter()  # folder name → images in it
        self._misplaced = 0  # of these, those with a name of FER2013
        self._other_names: list[str] = []  # names in class folders that are none of FER2013's

    def add(self, path: PurePath) -> ImageKey | None:
        """Take a file into account.

        Args:
            path: Its path, relative to the folder or inside the archive. The last folder is the
                class: an emotion in any case, or its number in fer2013.csv.

        Returns:
            The image that it is, the first file of it or a further copy; None if it is none.
        """
        is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
        if is_hidden or path.suffix.lower() not in IMAGE_SUFFIXES:
            return None
        folder, image_id = path.parent.name, id_from_stem(path.stem)
        label = LABELS.get(folder.lower())
        if label is None:
            self._other_folders[folder] += 1
            self._misplaced += image_id is not None
            return None
        if image_id is None:
            self._other_names.append(path.name)
            return None
        key = ImageKey(image_id, label)
        self.copies += key in self.images
        self.images.setdefault(key, path)
        self._numbered_folders += folder.isdigit()
        return key

    def found(self) -> str:
        """How many images there are: '35,887 images: 28,709 Training, 3,589 PublicTest, …'."""
        counts = Counter(image_id.partition("_")[0] for image_id, _ in self.images)
        splits = ", ".join(f"{counts[split]:,} {split}" for split in SPLITS)
        return f"{len(self.images):,} images: {splits}"

    def notes(self) -> list[str]:
        """One sentence for each thing to know about what was read and what was left out."""
        notes = [self.problem()]
        total = len(self.images) + self.copies + self._other_folders.total()
        total += len(self._other_names)
        if self._other_folders and not self._misplaced:
            notes.append(self._folders_sentence(total))
        if self._other_names:
            notes.append(
                f"{len(self._other_names):,} of {total:,} images left out: their names "
                f"({_some(self._other_names)}) are none of FER2013's."
            )
        if self.copies:
            notes.append(f"{self.copies:,} images are second copies, which do not count.")
        if self._numbered_folders:
            names = ", ".join(f"{i} {name}" for i, name in enumerate(NUMBERED_EMOTIONS))
            notes.append(f"Folders with a number are those of fer2013.csv: {names}.")
        return [note for note in notes if note]

    def problem(self) -> str:
        """Why these files should not be used as FER2013, one sentence; otherwise empty."""
        if self.unlisted:
            return f"Folders cannot be listed: {_some(self.unlisted)}."
        if self._misplaced:
            total = len(self.images) + self.copies + self._other_folders.total()
            return self._folders_sentence(total + len(self._other_names))
        labels = Counter(image_id for image_id, _ in self.images)
        twice = [
            image_id
            for image_id, count in labels.items()
            if count > 1 and not image_id.startswith("Training_")
        ]
        if twice:
            return f"Images are in more than one class folder: {_some(twice)}."
        return ""

    def missing_split(self, split: str) -> str:
        """Sentence part: no images of a split were found, and where they should be."""
        return f"no {split} images: {USUAL_FOLDERS[split]} is missing or empty"

    def _folders_sentence(self, total: int) -> str:
        return (
            f"{self._other_folders.total():,} of {total:,} images left out: their folders "
            f"({_some(list(self._other_folders))}) are none of {', '.join(EMOTIONS)}."
        )


def walk(root: Path, inventory: Inventory) -> Iterator[tuple[Path, list[Path], list[str]]]:
    """List a folder and all below it, symbolic links included, each folder once.

    Args:
        root: The folder.
        inventory: Is told of the folders that cannot be listed.

    Yields:
        A folder and its subfolders, relative to the root, and its file names.
    """

    def unlisted(error: OSError) -> None:
        name = os.path.relpath(error.filename, root)
        inventory.unlisted.append(f"{name}: {error.strerror}")

    visited = {os.path.realpath(root)}
    for path, subfolders, files in os.walk(root, followlinks=True, onerror=unlisted):
        real_paths = {name: os.path.realpath(Path(path, name)) for name in sorted(subfolders)}
        new = {real: name for name, real in reversed(real_paths.items()) if real not in visited}
        subfolders[:] = sorted(new.values())
        visited |= new.keys()
        folder = Path(path).relative_to(root)
        yield folder, [folder / name for name in subfolders], sorted(files)


def _some(names: list[str]) -> str:
    """The first names as a list, with '…' if there are more."""
    first_names = sorted(names)[:MAX_NAMES]
    return ", ".join(first_names + ["…"] * (len(names) > MAX_NAMES))
