"""The faces in one cell of a confusion matrix, each with every model's answer."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import classification
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent
from pages.components import downloads, face_gallery
from pages.sections.confusion.panels import Evaluation
from pages.session.own_sets import own_results
from pages.style import STYLES
from pages.text.markup import tag

STYLE = STYLES / "confusion.css"
PER_PAGE = 12
ModelPredictions = tuple[ModelSpec, Predictions]


def show(evaluation: Evaluation, label: str, answer: str, models: Sequence[ModelSpec]) -> None:
    """The faces with that label and answer, the most confident answer first."""
    cell = classification.images_in_cell(evaluation.predictions, label, answer)
    st.markdown(summary_text(evaluation, label, answer, len(cell)))
    if not len(cell):
        return
    others = [model for model in models if model.name != evaluation.model.name]
    evaluation_set = evaluation.evaluation_set
    by_model = [(evaluation.model, cell), *_predictions_of(others, evaluation_set, cell.ids)]
    chips = _own_chips(evaluation_set, cell.ids)
    if evaluation_set.is_fer2013 and Fer2013Dataset.find() is None:
        face_gallery.show_download_instructions()
    if chips is None and (not evaluation_set.is_fer2013 or Fer2013Dataset.find() is None):
        _table(by_model, evaluation, label, answer)
        return
    column, names = EMOTIONS.index(answer), cell.ids.tolist()
    captions = [f"{answer} {percent(p)}\nlabelled {label}" for p in cell.probabilities[:, column]]

    def others_say(i: int) -> Markup:
        return _other_answers(by_model[1:], i)

    st.html(STYLE)
    if chips is None:
        face_gallery.show_gallery(names, captions, "page", PER_PAGE, others_say)
    else:
        face_gallery.show_chips(chips, names, captions, "page", PER_PAGE, others_say)
    with st.expander("All faces as a table"):
        _table(by_model, evaluation, label, answer)


def _own_chips(evaluation_set: EvaluationSet, ids: np.ndarray) -> list[np.ndarray] | None:
    """The faces with these names of a visitor's own set; None where they are not known."""
    chips = own_results().chips.get(evaluation_set.name)
    if chips is None:
        return None
    index = {name: i for i, name in enumerate(evaluation_set.any_predictions.ids.tolist())}
    return [chips[index[name]] for name in ids.tolist()]


def summary_text(evaluation: Evaluation, label: str, answer: str, n: int) -> str:
    """The model, the label and the answer of this cell, and how many faces are in it."""
    faces = evaluation.counts[EMOTIONS.index(label)].sum()
    if not faces:
        return f"No face of {evaluation.title} is labelled {label}."
    labelled = f"the {faces:,} {label} faces of {evaluation.title}"
    title = f"**{evaluation.model.title}**"
    if not n:
        return f"{title} calls none of {labelled} {answer}."
    correct = ", correctly" if label == answer else ""
    order = " The most confident answer comes first." if n > 1 else ""
    return f"{title} calls **{n:,}** of {labelled} **{answer}**{correct}.{order}"


def _predictions_of(
    models: Sequence[ModelSpec], evaluation_set: EvaluationSet, ids: np.ndarray
) -> list[ModelPredictions]:
    """The models' predictions for those images; a model whose file is damaged is left out."""
    by_model = []
    for model in models:
        try:
            predictions = evaluation_set.predictions(model.name)
        except ResultsError:
            continue
        index = {image: i for i, image in enumerate(predictions.ids)}
        by_model.append((model, predictions.select(np.array([index[image] for image in ids]))))
    return by_model


def _other_answers(others: Sequence[ModelPredictions], face: int) -> Markup:
    """HTML: the other models' answers to one face, the most common one counted."""
    if not others:
        return Markup("")
    label = others[0][1].labels[face]
    answers = [(model, predictions.predicted[face]) for model, predictions in others]
    [(common, count)] = Counter(predicted for _, predicted in answers).most_common(1)
    lines = [_answer_line(f"{count} of {len(others)} others", common, label)]
    lines += [
        _answer_line(model.short_title, predicted, label, model.title)
        for model, predicted in answers
        if predicted != common
    ]
    return tag("ul", *lines, class_="said")


def _answer_line(who: str, predicted: int, label: int, title: str | None = None) -> Markup:
    """HTML: who gives this answer, ticked if it is the label."""
    emotion = EMOTIONS[predicted]
    tick = (" ", tag("b", "✓", title="as labelled")) if predicted == label else ()
    style = f"--emotion:{COLOURS[emotion]}"
    return tag("li", tag("span", who), f" {emotion}", *tick, style=style, title=title)


def _table(
    by_model: Sequence[ModelPredictions], evaluation: Evaluation, label: str, answer: str
) -> None:
    title, cell = evaluation.model.title, by_model[0][1]
    emotions = np.array(EMOTIONS)
    table = pd.DataFrame(
        {"Face": cell.ids, "Probability": 100 * cell.probabilities[:, EMOTIONS.index(answer)]}
        | {model.title: emotions[predictions.predicted] for model, predictions in by_model}
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Face": st.column_config.TextColumn(
                pinned=True, help="The image's name; in FER2013 its file name without .jpg"
            ),
            "Probability": st.column_config.NumberColumn(
                format="%.1f %%", help=f"Probability of {answer} according to {title}"
            ),
        },
        alt=f"{len(cell)} faces labelled {label} and called {answer} by {title}, "
        "with every model's answer",
    )
    downloads.csv_button(
        "Download these as CSV",
        lambda: csv_rows(by_model, evaluation, label, answer),
        f"{label}-called-{answer}-{evaluation.model.name}-{evaluation.file_title}",
        "cell-csv",
    )


def csv_rows(
    by_model: Sequence[ModelPredictions], evaluation: Evaluation, label: str, answer: str
) -> list[dict[str, Any]]:
    """One row per face: its id, the model's probability, and a column per model's answer."""
    cell = by_model[0][1]
    return [
        {
            "model": evaluation.model.name,
            "test_set": evaluation.title,
            "face": face,
            "label": label,
            "answer": answer,
            "probability": probability,
        }
        | {model.name: EMOTIONS[predictions.predicted[i]] for model, predictions in by_model}
        for i, (face, probability) in enumerate(
            zip(cell.ids, cell.probabilities[:, EMOTIONS.index(answer)], strict=True)
        )
    ]
