"""A visitor's labelled photos on their way to a test set, in memory and bounded.

Each photo is read as it arrives and forgotten: only its largest face is kept, 48×48 grey pixels. So
labels can be looked at and changed before a model is asked. A click or a page change in the middle
loses nothing: the next run of the page goes on.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePosixPath

import numpy as np

from fer_core import pipeline
from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.errors import UsageError, WeightsError
from fer_core.faces.align import Face
from fer_core.imaging.file_types import has_photo_extension, is_hidden
from fer_core.imaging.photo_file import PhotoFile
from fer_core.own_sets.archive import TABLE_EXTENSIONS, PhotoArchive
from fer_core.own_sets.build import SetBuilder, largest_face
from fer_core.own_sets.collect import collect
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.sources import Labelled, LabelledItem, MemoryPhoto
from fer_core.own_sets.table import LabelTable, read_table
from fer_core.registry import get_model_spec
from fer_core.text import counted, named
from pages.text.escape import clean_name

MAX_PHOTOS = 5_000  # of a set
PHOTO_BYTES = 10_000  # of a photo that has been read: two faces and the whole, and names
MAX_ROWS = 20_000  # of a table of labels
TABLE_FACTOR = 50  # bytes in memory for a byte of a table
BATCH = 16  # faces that models are asked about at once


@dataclass(eq=False)
class SetDraft:
    """Labelled photos that wait, that have been read, and that models have answered.

    Attributes:
        inbox: Path below what the visitor chose, and the photo, of those not read yet.
        photos: Path → what was found in a photo, with at most two faces, the largest first, and
            with the whole picture as a face.
        table: Name and content of the table of labels, if there is one.
        problems: Sentences about files that were not taken.
        overrides: Label → the emotion that the visitor says it stands for; None for none.
        is_reading_paused: Whether the visitor has stopped the reading of `inbox`.
        waiting: Photos that no model has been asked about, once that has begun.
        builder: Faces with answers; None before that has begun.
        total: Number of photos when it began.
        is_paused: Whether the visitor has stopped it.
        is_open: Whether the visitor is on its page, so that uploads are for it.
    """

    inbox: deque[tuple[str, PhotoFile]] = field(default_factory=deque)
    photos: dict[str, PhotoAnswers] = field(default_factory=dict)
    table: tuple[str, bytes] | None = None
    problems: list[str] = field(default_factory=list)
    is_reading_paused: bool = False
    waiting: deque[LabelledItem] = field(default_factory=deque)
    builder: SetBuilder | None = None
    total: int = 0
    is_paused: bool = False
    is_open: bool = False
    session_id: str = ""
    title: str = ""
    model_names: tuple[str, ...] = ()
    is_cropped: bool = False
    notes: tuple[str, ...] = ()
    overrides: dict[str, str | None] = field(default_factory=dict)
    _digests: dict[str, bytes] = field(default_factory=dict)  # path → SHA-256 of an upload
    _tables: dict[tuple[str, ...], LabelTable] = field(default_factory=dict)
    _archives: list[tuple[PhotoArchive, int]] = field(default_factory=list)  # with their bytes

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes; iterates over copies, as other threads may call this."""
        waiting = sum(
            len(photo.content) for _, photo in self.inbox.copy() if isinstance(photo, MemoryPhoto)
        )
        return (
            waiting
            + sum(size for _, size in self._archives.copy())
            + PHOTO_BYTES * len(self.photos)
            + (TABLE_FACTOR * len(self.table[1]) if self.table is not None else 0)
        )

    def receive(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Take uploaded files: photos, zip files of photos, and a table of labels."""
        self.is_reading_paused = False
        self.problems.clear()
        for name, content in files:
            shown = clean_name(name.replace("\\", "/"))
            path = PurePosixPath(shown)
            if is_hidden(path) or "__MACOSX" in path.parts:
                continue
            if path.suffix.lower() == ".zip":
                self._receive_archive(shown, content)
            elif path.suffix.lower() in TABLE_EXTENSIONS:
                self._receive_table(shown, content)
            elif has_photo_extension(path):
                self._enqueue([(shown, MemoryPhoto(shown, shown, content=content))])
                self._digests.setdefault(shown, hashlib.sha256(content).digest())
            else:
                self.problems.append(f"{shown} is neither a photo, a .zip file nor a table.")

    def _enqueue(self, photos: Sequence[tuple[str, PhotoFile]]) -> None:
        taken = {path for path, _ in self.inbox} | self.photos.keys()
        new = [(path, photo) for path, photo in photos if path not in taken]
        repeated = [
            (path, p) for path, p in photos if path in taken and not self._is_known(path, p)
        ]
        if repeated:
            self.problems.append(
                f"{counted(len(repeated), 'photo')} left out, because another photo has the same "
                f"path: {named(path for path, _ in repeated)}."
            )
        room = max(0, MAX_PHOTOS - len(self.photos) - len(self.inbox))
        self.inbox.extend(new[:room])
        if len(new) > room:
            self.problems.append(
                f"{len(new) - room:,} photos were not taken: a set in the app has at most "
                f"{MAX_PHOTOS:,}. The command line takes more."
            )

    def _is_known(self, path: str, photo: PhotoFile) -> bool:
        """Whether an uploaded photo of this path is here already, so that it may be passed over."""
        if not isinstance(photo, MemoryPhoto):
            return False
        digest = hashlib.sha256(photo.content).digest()
        return self._digests.get(path) == digest

    def _receive_archive(self, name: str, content: bytes) -> None:
        try:
            archive = PhotoArchive(content, name)
            self._archives.append((archive, len(content)))
            self._enqueue([(p.member.replace("\\", "/"), p) for p in archive.photos])
            self.problems += archive.notes
            if len(archive.tables) == 1:
                self._receive_table(archive.tables[0], archive.read_table(archive.tables[0]))
            elif archive.tables:
                self.problems.append(
                    f"{name} has {len(archive.tables)} tables ({named(archive.tables)}): keep the "
                    "one with the labels."
                )
        except UsageError as error:
            self.problems.append(str(error))

    def _receive_table(self, name: str, content: bytes) -> None:
        try:
            read_table(content, name, max_rows=MAX_ROWS)
        except UsageError as error:
            self.problems.append(str(error))
            return
        if self.table is not None and self.table != (name, content):
            self.problems.append(f"{name} takes the place of the table {self.table[0]}.")
        self.table, self._tables = (name, content), {}

    def read_next(self, run: Callable[[Callable[[], None]], None]) -> PhotoAnswers | None:
        """Find the faces of the first waiting photo.

        Args:
            run: Called with the task; decides when to run it.

        Returns:
            What was found; None if another run of the page has done it.
        """
        path, photo = entry = self.inbox[0]
        if path not in self.photos:

            def read() -> None:  # keeps the result itself: a click may end the wait for it
                self.photos[path] = _detect(path, photo)

            run(read)
        if not self.inbox or self.inbox[0] is not entry:
            return None
        self.inbox.popleft()
        if not self.inbox:
            self._archives.clear()
        return self.photos[path]

    def label_table(self, group_columns: Sequence[str] = ()) -> LabelTable | None:
        """The table of labels, if there is one.

        Raises:
            UsageError: It has no such columns.
        """
        if self.table is None:
            return None
        name, content = self.table
        columns = tuple(group_columns)
        if columns not in self._tables:
            self._tables = {columns: read_table(content, name, columns, max_rows=MAX_ROWS)}
        return self._tables[columns]

    def labelled(
        self, vocabulary: Vocabulary, group_columns: Sequence[str] = (), split: str = ""
    ) -> Labelled:
        """The photos that have a label.

        Args:
            vocabulary: What labels mean.
            group_columns: Columns of the table with groups.
            split: Only the photos of this split of the table; all by default.

        Raises:
            UsageError: No photo has one, or the table has no such columns.
        """
        files = [(path, PhotoFile(path, path)) for path in self.photos]
        return collect(files, vocabulary, table=self.label_table(group_columns), split=split)

    def begin(
        self,
        labelled: Labelled,
        vocabulary: Vocabulary,
        model_names: Sequence[str],
        title: str,
        *,
        is_cropped: bool,
    ) -> None:
        """Begin to ask these models about labelled photos."""
        self.model_names, self.title, self.is_cropped = tuple(model_names), title, is_cropped
        self.notes, self.is_paused = labelled.notes, False
        self.builder = SetBuilder({n: get_model_spec(n) for n in model_names}, vocabulary)
        self.waiting = deque(self.builder.sort_out(labelled.items))
        self.total = len(self.waiting)

    def ask_next(self, run: Callable[[Callable[[], None]], None]) -> int:
        """Ask the models about some of the waiting photos.

        Args:
            run: Called with the task; decides when to run it.

        Returns:
            How many photos are done.
        """
        builder = self.builder
        assert builder is not None
        items = list(islice(self.waiting, BATCH))
        photos = [self._photo(item) for item in items]
        chips = [photo.faces[0].chip for photo in photos if photo.faces]
        answers: list[dict[str, Answer]] = []

        def ask() -> None:
            answers.extend(
                pipeline.classify_chips(
                    np.array(chips, np.uint8).reshape(-1, 48, 48),
                    self.model_names,  # in single precision: speed does not matter here
                )
            )

        run(ask)
        if self.builder is not builder or not self.waiting or self.waiting[0] is not items[0]:
            return 0
        answers_of_faces = iter(answers)
        for item, photo in zip(items, photos, strict=True):
            self.waiting.popleft()
            if photo.faces:
                largest, *others = photo.faces
                largest = replace(largest, answers=next(answers_of_faces))
                photo = replace(photo, faces=(largest, *others))
            builder.add(item, photo)
        return len(items)

    def _photo(self, item: LabelledItem) -> PhotoAnswers:
        """What is taken for the face of a photo."""
        photo = self.photos[item.photo.path or item.name]
        if not self.is_cropped or photo.picture_chip is None:
            return photo
        box = (0, 0, photo.width or 0, photo.height or 0)
        return replace(photo, faces=(FaceAnswers(Face(box), photo.picture_chip),))


def _detect(path: str, photo: PhotoFile) -> PhotoAnswers:
    """The largest face of a photo, then at most one other; `error` says why there is none."""
    try:
        content = photo.read()
    except OSError as error:
        return PhotoAnswers(path, error=f"The file cannot be read: {error}.")
    try:
        [found] = pipeline.classify_photos([(path, content)], [], picture_chips=True)
    except WeightsError:
        raise
    except Exception:  # whatever a file does to decoder or detector, the batch continues
        return PhotoAnswers(path, error="This file could not be processed.")
    if len(found.faces) < 2:
        return found
    largest = largest_face(found.faces)
    other = next(face for face in found.faces if face is not largest)
    return replace(found, faces=(largest, other))
