"""From what a user named or uploaded to labelled photos, whatever the layout."""

from collections.abc import Sequence

from fer_core.errors import UsageError
from fer_core.imaging.photo_file import PhotoFile
from fer_core.own_sets.archive import PhotoArchive
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.sources import Labelled, labels_from_folders, labels_from_table
from fer_core.own_sets.table import LabelTable, read_table


def collect(
    photos: Sequence[tuple[str, PhotoFile]],
    vocabulary: Vocabulary,
    *,
    archives: Sequence[PhotoArchive] = (),
    table: LabelTable | None = None,
    group_columns: Sequence[str] = (),
    split: str = "",
) -> Labelled:
    """Find the label of every photo.

    The table says it if there is one, here or in the only archive; otherwise the folders do.

    Args:
        photos: Each with its path below what the user named, such as `test/angry/1.jpg`.
        vocabulary: Which folders are labels.
        archives: More photos, and perhaps a table.
        table: The labels.
        group_columns: Columns of groups, for a table in an archive.
        split: Only the photos of this split.

    Raises:
        UsageError: No photo has a label, no photo belongs to the split, or there are groups without
            a table.
    """
    split = split.strip()
    known = [*photos, *((p.member, p) for archive in archives for p in archive.photos)]
    notes = [note for archive in archives for note in archive.notes]
    if table is None:
        table = _table_of(archives, group_columns, notes)
    if table is not None:
        labelled = labels_from_table(known, table)
    elif group_columns:
        raise UsageError("Groups come from a table of labels, and there is none.")
    else:
        labelled = labels_from_folders(known, vocabulary, split)
    labelled = Labelled(labelled.items, (*notes, *labelled.notes))
    if not labelled.items:
        reasons = " ".join(labelled.notes) or "There is no photo."
        raise UsageError(
            "No photo has a label: put photos into folders named after emotions, or give a table "
            f"of files and labels. {reasons}"
        )
    return labelled.of_split(split) if split else labelled


def _table_of(
    archives: Sequence[PhotoArchive], group_columns: Sequence[str], notes: list[str]
) -> LabelTable | None:
    """The one table in the archives that has labels; `notes` says why others have none."""
    tables, errors = [], []
    for archive in archives:
        for member in archive.tables:
            try:
                tables.append(read_table(archive.read_table(member), member, group_columns))
            except UsageError as error:
                errors.append(str(error))
    if len(tables) > 1:
        names = ", ".join(table.name for table in tables[:6])
        raise UsageError(f"There are {len(tables)} tables of labels ({names}): keep one.")
    if errors and group_columns and not tables:
        raise UsageError(errors[0])
    notes += errors
    return tables[0] if tables else None
