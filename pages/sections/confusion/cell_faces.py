"""The faces behind one cell of a confusion matrix, each with every model's answer."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import classification
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent
from pages.components import downloads, face_gallery
from pages.sections.confusion.panels import Evaluation
from pages.style import STYLES
from pages.text.markup import tag

STYLE = STYLES / "confusion.css"
PER_PAGE = 12
Answers = tuple[ModelSpec, Predictions]


def show(told: Evaluation, label: str, answer: str, found: Sequence[ModelSpec]) -> None:
    """Exactly the faces with that label and answer, the most confident answer first."""
    cell = classification.images_in_cell(told.predictions, label, answer)
    st.markdown(summary_text(told, label, answer, len(cell)))
    if not len(cell):
        return
    others = [variant for variant in found if variant.name != told.model.name]
    answers = [(told.model, cell), *_others(others, told.split, cell.ids)]
    if Fer2013Dataset.find() is None:
        face_gallery.show_download_instructions()
        _table(answers, told, label, answer)
        return
    column = EMOTIONS.index(answer)
    captions = [f"{answer} {percent(p)}\nlabelled {label}" for p in cell.probabilities[:, column]]
    st.html(STYLE)
    face_gallery.show_gallery(
        cell.ids.tolist(),
        captions,
        "page",
        PER_PAGE,
        lambda i: _beside(answers[1:], i),
    )
    with st.expander("All of them as a table"):
        _table(answers, told, label, answer)


def summary_text(told: Evaluation, label: str, answer: str, n: int) -> str:
    """Whose cell this is and how many faces lie in it."""
    whole = f"{told.split}'s {told.counts[EMOTIONS.index(label)].sum():,} {label} faces"
    who = f"**{told.model.title}**"
    if not n:
        return f"{who} calls none of {whole} {answer}."
    right = ", rightly" if label == answer else ""
    order = " The most confident answer comes first." if n > 1 else ""
    return f"{who} calls **{n:,}** of {whole} **{answer}**{right}.{order}"


def _others(variants: Sequence[ModelSpec], split: str, ids: np.ndarray) -> list[Answers]:
    """What each of `variants` says of those images; one whose file is damaged is left out."""
    told = []
    for variant in variants:
        try:
            everything = split_predictions(variant.name, split)
        except ResultsError:
            continue
        place = {image: i for i, image in enumerate(everything.ids)}
        told.append((variant, everything.select(np.array([place[image] for image in ids]))))
    return told


def _beside(others: Sequence[Answers], face: int) -> Markup:
    """HTML: the other models' answers to one face, the right ones ticked."""
    lines = []
    for variant, told in others:
        said = told.predicted[face]
        name = EMOTIONS[said]
        rest: list[object] = [f" {name}"]
        if said == told.labels[face]:
            rest += [" ", tag("b", "✓", title="as labelled")]
        who, style = tag("span", variant.short_title), f"--emotion:{COLOURS[name]}"
        lines.append(tag("li", who, *rest, style=style, title=variant.title))
    return tag("ul", *lines, class_="said")


def _table(answers: Sequence[Answers], told: Evaluation, label: str, answer: str) -> None:
    cell = answers[0][1]
    names = np.array(EMOTIONS)
    shown = pd.DataFrame(
        {"Face": cell.ids, "Probability": cell.probabilities[:, EMOTIONS.index(answer)]}
        | {variant.title: names[said.predicted] for variant, said in answers}
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "Face": st.column_config.TextColumn(
                pinned=True, help="The picture's file name in FER2013, without .jpg"
            ),
            "Probability": st.column_config.NumberColumn(
                format="percent", help=f"{told.model.title}'s, of {answer}"
            ),
        },
        alt=f"{len(cell)} faces labelled {label} and called {answer} by {told.model.title}, "
        "with every model's answer",
    )
    downloads.csv_button(
        "Download these as CSV",
        shown,
        f"{label}-called-{answer}-{told.model.name}-{told.split}.csv",
        "cell-csv",
    )
