"""The suspects themselves: a list with downloads, and the faces where they are known."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.ferplus import ANSWERS, find_votes
from fer_core.datasets.near_copies import load_copies
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import label_audit
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.label_audit import LabelAudit
from fer_core.reports.format import percent
from fer_core.text import escape_formula
from pages.charts.vote_bars import vote_bars
from pages.components import address, downloads, face_gallery
from pages.sections.label_audit.controls import Auditor
from pages.session.own_sets import own_results
from pages.style import STYLES
from pages.text.markup import tag

PER_PAGE = 12
ALL_PAIRS = "all"
UNCLEAR = "no clear majority"


def show(ranking: LabelAudit, auditor: Auditor, evaluation_set: EvaluationSet, k: int) -> None:
    """The `k` most suspicious labels, or those of one pair, as faces or as a table."""
    st.header("The suspects", anchor=False)
    first = ranking.select(np.arange(min(k, len(ranking))))
    places = _select_pair(first, k)
    suspects = first.select(places)
    votes = _votes(suspects) if evaluation_set.is_fer2013 else None
    copies = _copy_labels(suspects) if evaluation_set.is_fer2013 else {}
    show_table = partial(_table, suspects, places, copies)
    rows = partial(csv_rows, suspects, places, auditor, evaluation_set, votes, copies)
    chips = own_results().chips.get(evaluation_set.name)
    has_images = evaluation_set.is_fer2013 and Fer2013Dataset.find() is not None
    if evaluation_set.is_fer2013 and not has_images:
        face_gallery.show_download_instructions()
    if chips is None and not has_images:
        show_table()
    else:
        captions = [_caption(suspects, i, int(place)) for i, place in enumerate(places)]
        detail = partial(_detail, suspects, auditor, votes, copies)
        st.html(STYLES / "votes.css")
        names = suspects.ids.tolist()
        if has_images:
            face_gallery.show_gallery(names, captions, "page", PER_PAGE, detail)
        else:
            faces = [chips[row] for row in suspects.rows] if chips is not None else []
            face_gallery.show_chips(faces, names, captions, "page", PER_PAGE, detail)
        with st.expander("All suspects as a table"):
            show_table()
    name = f"label-audit-{auditor.name}-{evaluation_set.file_title}"
    downloads.csv_button("Download the suspects (CSV)", rows, name, "suspects-csv")


def _select_pair(first: LabelAudit, k: int) -> np.ndarray:
    """The places of the suspects of the selected pair, or of all."""
    titles = {ALL_PAIRS: f"All {len(first):,}"}
    titles |= {
        f"{EMOTIONS[pair.label]}-{EMOTIONS[pair.answer]}": f"labelled {EMOTIONS[pair.label]}, "
        f"called {EMOTIONS[pair.answer]} ({pair.n:,})"
        for pair in label_audit.pairs(first, k)
    }
    pair = address.choose(
        st.selectbox,
        "Pair",
        titles,
        key="pair",
        default=ALL_PAIRS,
        format_func=lambda name: titles[name],
        width=320,
    )
    if pair == ALL_PAIRS:
        return np.arange(len(first))
    label, answer = (EMOTIONS.index(name) for name in pair.split("-"))
    return np.flatnonzero((first.labels == label) & (first.answers == answer))


def _votes(suspects: LabelAudit) -> np.ndarray | None:
    """(N, 10) votes, where their file is on this computer."""
    try:
        votes = find_votes()
    except FerError as error:
        st.warning(str(error))
        return None
    return None if votes is None else votes.for_images(suspects.ids.tolist())


def _copy_labels(suspects: LabelAudit) -> dict[str, str]:
    """Id → label of the copy in Training, for the suspects that have one."""
    try:
        copies = load_copies()
    except ResultsError:
        return {}
    return {face: copies[face].training_label for face in suspects.ids.tolist() if face in copies}


def _caption(suspects: LabelAudit, i: int, place: int) -> str:
    return (
        f"labelled {EMOTIONS[suspects.labels[i]]}\nno. {place + 1:,}, probability of the label "
        f"{percent(1 - suspects.suspicion[i], 1)}"
    )


def _detail(
    suspects: LabelAudit,
    auditor: Auditor,
    votes: np.ndarray | None,
    copies: dict[str, str],
    i: int,
) -> Markup:
    """Beside a face: the models' answer, the crowd's, and the label of a copy."""
    answer, label = int(suspects.answers[i]), int(suspects.labels[i])
    probability = float(suspects.probabilities[i, answer])
    lines = []
    if copy := copies.get(str(suspects.ids[i])):
        lines.append(tag("p", f"its copy in Training is labelled {copy}"))
    if votes is not None and votes[i].any():
        bars = vote_bars(votes[i], answer, label, probability, auditor.whose)
        return Markup("").join([*lines, bars])
    if suspects.majorities is not None:
        lines.append(tag("p", f"crowd: {_crowd(suspects, i)}"))
    said = tag("p", f"{auditor.whose}: ", tag("b", f"{EMOTIONS[answer]} {percent(probability)}"))
    return Markup("").join([said, *lines])


def _crowd(suspects: LabelAudit, i: int) -> str:
    majority = int(suspects.judged[i])
    return EMOTIONS[majority] if majority >= 0 else UNCLEAR


def _table(suspects: LabelAudit, places: np.ndarray, copies: dict[str, str]) -> None:
    emotions, answers = np.array(EMOTIONS), suspects.answers
    columns: dict[str, Any] = {
        "No.": places + 1,
        # Streamlit's table has its own CSV download, so the name must not start a formula.
        "Face": [escape_formula(name) for name in suspects.ids.tolist()],
        "Label": emotions[suspects.labels],
        "Believed": 100 * (1 - suspects.suspicion),
        "Models say": emotions[answers],
        "Probability": 100 * suspects.probabilities[np.arange(len(suspects)), answers],
    }
    if suspects.majorities is not None:
        columns["Crowd's majority"] = [_crowd(suspects, i) for i in range(len(suspects))]
    if copies:
        columns["Copy in Training"] = [copies.get(face, "") for face in suspects.ids.tolist()]
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config={
            "Face": st.column_config.TextColumn(
                pinned=True, help="The image's name; in FER2013 its file name without .jpg"
            ),
            "Believed": st.column_config.NumberColumn(
                format="%.1f %%", help="Probability of the given label; suspicion is 1 minus this"
            ),
            "Probability": st.column_config.NumberColumn(
                format="%.1f %%", help="Probability of what the models say"
            ),
            "Copy in Training": st.column_config.TextColumn(
                help="Label of the same photograph in Training, if it is there"
            ),
        },
        alt=f"{len(suspects):,} suspicious labels, most suspicious first",
    )


def csv_rows(
    suspects: LabelAudit,
    places: np.ndarray,
    auditor: Auditor,
    evaluation_set: EvaluationSet,
    votes: np.ndarray | None,
    copies: dict[str, str],
) -> list[dict[str, Any]]:
    """One row per suspect; votes where their file is on this computer."""
    rows = []
    for i, face in enumerate(suspects.ids.tolist()):
        answer = int(suspects.answers[i])
        row: dict[str, Any] = {
            "model": auditor.name,
            "title": auditor.title,
            "models": " ".join(auditor.names),
            "test_set": evaluation_set.title,
            "number": int(places[i]) + 1,
            "face": face,
            "label": EMOTIONS[suspects.labels[i]],
            "suspicion": float(suspects.suspicion[i]),
            "answer": EMOTIONS[answer],
            "probability": float(suspects.probabilities[i, answer]),
        }
        if suspects.majorities is not None:
            majority = int(suspects.majorities[i])
            row["crowd_majority"] = EMOTIONS[majority] if majority >= 0 else None
        if evaluation_set.is_fer2013:
            row["training_copy_label"] = copies.get(face)
        if votes is not None:
            row |= {
                f"votes_{a}".replace(" ", "_"): int(n)
                for a, n in zip(ANSWERS, votes[i], strict=True)
            }
        rows.append(row)
    return rows
