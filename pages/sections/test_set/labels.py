"""What the labels of photos mean: found, shown, and confirmed or changed by the visitor."""

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.emotions import EMOTIONS
from fer_core.errors import UsageError
from fer_core.own_sets.labels import SCHEMES, LabelMapping, LabelRow, Vocabulary
from fer_core.own_sets.sources import Labelled
from fer_core.text import counted
from pages.session.set_draft import SetDraft
from pages.text.escape import escape, escape_sentence

LEFT_OUT = "left out"
ALL = "all"
MAX_ROWS = 40  # labels that can be changed
NUMBER = re.compile(r"\d+(\.0+)?")
SCHEME_TITLES = {
    "none": "choose one",
    "fer2013": "FER2013 (0 angry … 6 neutral)",
    "rafdb": "RAF-DB (1 surprise … 7 neutral)",
    "affectnet": "AffectNet (0 neutral … 7 contempt)",
    "ferplus": "FER+ (0 neutral … 9 no face)",
}


class LabelChoice(NamedTuple):
    """Photos with their labels, and what these mean."""

    labelled: Labelled
    vocabulary: Vocabulary
    faces: int  # photos whose label is an emotion


def confirm(draft: SetDraft) -> LabelChoice | None:
    """Show the labels and let the visitor change them; None where no photo has one."""
    options = st.container(horizontal=True, vertical_alignment="bottom")
    groups = _group_columns(draft, options)
    vocabulary = Vocabulary(_scheme(draft, options), draft.overrides)
    labelled = Labelled(())
    problem = ""
    try:
        labelled = draft.labelled(vocabulary, groups, _split(draft, options))
    except UsageError as error:
        problem = str(error)
    rows = [*vocabulary.mapping(labelled.labels()).rows, *_other_folders(draft, labelled)]
    rows.sort(key=lambda row: (-row.count, row.foreign))  # in place, whatever they mean
    if unknown := [row for row in rows if row.state == "unmapped"]:
        st.info(
            f"{counted(len(unknown), 'label')} not known here: say below what "
            f"{'it means' if len(unknown) == 1 else 'they mean'}, or leave the photos out."
        )
    _show_rows(rows, draft.overrides)
    if problem:
        st.warning(escape_sentence(problem))
        return None
    mapping = vocabulary.mapping(labelled.labels())
    _show_counts(mapping)
    for note in (*labelled.notes, *mapping.sentences()):
        st.caption(escape_sentence(note))
    return LabelChoice(labelled, vocabulary, sum(mapping.counts().values()))


def _group_columns(draft: SetDraft, place: DeltaGenerator) -> tuple[str, ...]:
    """The columns of the table that have groups, as the visitor says."""
    if (table := draft.label_table()) is None:
        return ()
    columns = place.multiselect(
        "Columns of groups",
        list(table.columns),
        [column for column in table.columns if column.casefold() == "group"],
        key="set-groups",
        persist_state="session",
        help="Every metric is also shown per group. Groups are only those of your table: nothing "
        "is guessed about a person.",
        width=320,
    )
    return tuple(columns)


def _split(draft: SetDraft, place: DeltaGenerator) -> str:
    """The split to evaluate, where the table has several; empty for all photos."""
    table = draft.label_table()
    splits = sorted({row.split for row in table.rows} - {""}) if table is not None else []
    if len(splits) < 2:
        return ""
    name = place.selectbox(
        "Split", [ALL, *splits], key="set-split", persist_state="session", width=200
    )
    return "" if name == ALL else name


def _scheme(draft: SetDraft, place: DeltaGenerator) -> str | None:
    """What numbers mean; asked only where a label is one."""
    if (table := draft.label_table()) is not None:
        given = {row.label for row in table.rows}
    else:
        given = {part for path in draft.photos for part in PurePosixPath(path).parent.parts}
    if not any(NUMBER.fullmatch(label.strip()) for label in given):
        return None
    name = place.selectbox(
        "Which data set's numbers are these?",
        list(SCHEME_TITLES),
        format_func=lambda name: SCHEME_TITLES[name],
        key="set-scheme",
        persist_state="session",
        width=320,
    )
    return name if name in SCHEMES else None


def _other_folders(draft: SetDraft, labelled: Labelled) -> list[LabelRow]:
    """Folders of photos without a label, which may be labels in other words."""
    if draft.table is not None:
        return []
    known = {item.photo.path for item in labelled.items}
    folders = Counter(PurePosixPath(path).parent.name for path in draft.photos if path not in known)
    return [LabelRow(name, n, None, "unmapped") for name, n in folders.most_common() if name]


def _show_rows(rows: list[LabelRow], overrides: dict[str, str | None]) -> None:
    """One line per label with a selector of its emotion."""
    shown = st.container(horizontal=True, key="set-labels")
    for row in rows[:MAX_ROWS]:
        with shown.container(width=210):
            options = [*EMOTIONS, LEFT_OUT]
            current = row.emotion or LEFT_OUT
            key = f"set-label-{row.foreign}-{current}"  # a new one where the meaning changes
            choice = st.selectbox(
                f"{escape(row.foreign) or '(empty)'} ({row.count:,})",
                options,
                options.index(current),
                key=key,
            )
            if choice != current:
                overrides[row.foreign] = None if choice == LEFT_OUT else choice
                st.rerun()
    if len(rows) > MAX_ROWS:
        st.caption(f"And {len(rows) - MAX_ROWS:,} rarer labels, which are not shown.")


def _show_counts(mapping: LabelMapping) -> None:
    counts = mapping.counts()
    text = ", ".join(f"{emotion} {count:,}" for emotion, count in counts.items() if count)
    labelled = counted(sum(counts.values()), "photo")
    verb = "is" if sum(counts.values()) == 1 else "are"
    st.markdown(f"**{labelled} {verb} labelled with an emotion**: {text or 'none'}.")
    if missing := [emotion for emotion, count in counts.items() if not count]:
        st.caption(f"No photo is labelled {', '.join(missing)}.")


def show_faces(draft: SetDraft) -> None:
    """How many photos have no face, several faces, or cannot be read."""
    photos = list(draft.photos.values())
    none = sum(photo.error is None and not photo.faces for photo in photos)
    several = sum(len(photo.faces) > 1 for photo in photos)
    broken = [photo for photo in photos if photo.error is not None]
    sentences = []
    if none:
        total = counted(len(photos), "photo")
        sentences.append(f"No face was found in {none:,} of {total}; they are left out.")
    if several:
        sentences.append(f"Of {counted(several, 'photo')} with several faces the largest is taken.")
    if broken:
        sentences.append(f"{counted(len(broken), 'photo')} cannot be read.")
    if sentences:
        st.caption(" ".join(sentences))
    if broken:
        with st.expander("Photos that cannot be read"):
            st.markdown(
                "\n".join(f"- {escape(p.name)}: {escape(p.error or '')}" for p in broken[:50])
            )
