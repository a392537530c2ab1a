"""One or two evaluated models, and the text beside their confusion matrices."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, classification
from fer_core.evaluation.classification import Scale
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.scores import Scores, compute_scores
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import ModelSpec
from fer_core.reports import standing
from fer_core.reports.format import (
    format_interval,
    format_points_interval,
    p_value,
    percent,
    points,
)

SCALES: dict[Scale, str] = {"row": "By row", "column": "By column", "count": "Counts"}
SCALE_NOTES: dict[Scale, str] = {
    "row": "Percentage of the faces with the row's label that got the column's answer. The "
    "**bold** diagonal is recall: the share of an emotion's faces that are found.",
    "column": "Percentage of the column's answers that went to faces with the row's label. The "
    "**bold** diagonal is precision: the share of an answer's faces that carry this label.",
    "count": "Number of faces with the row's label that got the column's answer. **Bold**: correct "
    "answers.",
}
INTERVAL_NOTE = "The 95 % interval (Wilson) covers the choice of test faces."
MAX_MISTAKES = 5  # listed as text


class Evaluation(NamedTuple):
    """A model's predictions for some faces, with the matrix and the scores computed from them."""

    model: ModelSpec
    evaluation_set: EvaluationSet
    predictions: Predictions
    counts: np.ndarray  # (7, 7), see `fer_core.evaluation.classification`
    scores: Scores

    @property
    def title(self) -> str:
        """Title of the faces: 'PrivateTest', or 'PrivateTest without copies'."""
        return self.evaluation_set.title

    @property
    def file_title(self) -> str:
        """The title as part of a file name."""
        return self.evaluation_set.file_title


def evaluate(model: ModelSpec, evaluation_set: EvaluationSet) -> Evaluation:
    """Load a model's predictions and compute its matrix and scores.

    Raises `ResultsError` where the predictions are missing or damaged.
    """
    predictions = evaluation_set.predictions(model.name)
    return Evaluation(
        model,
        evaluation_set,
        predictions,
        classification.matrix_of(predictions),
        compute_scores(predictions),
    )


def accuracy_text(evaluation: Evaluation) -> str:
    """The model's accuracy with its interval and the no-skill baseline, as text."""
    baseline = baselines.majority_accuracy(evaluation.counts.sum(axis=1))
    return (
        f"**{evaluation.model.title}**: accuracy **{percent(evaluation.scores.accuracy, 1)}** on "
        f"{evaluation.title} (95 % interval "
        f"{format_interval(evaluation.scores.interval)}; no-skill baseline "
        f"{percent(baseline, 1)})."
    )


def list_mistakes(evaluation: Evaluation) -> None:
    """List the most frequent mistakes and the emotions with the highest recall."""
    counts = evaluation.counts
    faces, answers = counts.sum(axis=1), counts.sum(axis=0)
    lines = [
        f"- **{percent(mistake.share)}** of **{mistake.label}** faces are called {mistake.answer} "
        f"({_counted(mistake.n, faces[EMOTIONS.index(mistake.label)])})."
        for mistake in classification.largest_mistakes(counts, MAX_MISTAKES)
    ]
    st.markdown("**Most frequent mistakes**\n" + "\n".join(lines or ["- None."]))
    recall = classification.recall(counts)
    best = [i for i in np.argsort(-recall, kind="stable")[:3] if recall[i] > 0]
    lines = [
        f"- **{percent(recall[i])}** of **{EMOTIONS[i]}** faces are found "
        f"({_counted(counts[i, i], faces[i])})."
        for i in best
    ]
    if never := [EMOTIONS[j] for j in _SEVEN if not answers[j]]:
        lines.append(f"- Never answered: {', '.join(never)}.")
    st.markdown("**Highest recall**\n" + "\n".join(lines))


def compare_accuracy(first: Evaluation, second: Evaluation) -> None:
    """The difference in accuracy with its interval, and whether it could be chance, as text."""
    try:
        comparison = first.evaluation_set.compare(first.model.name, second.model.name)
    except ResultsError as error:
        st.warning(str(error))
        return
    difference = (
        f"Difference in accuracy: **{points(comparison.difference)} points** (95 % interval "
        f"{format_points_interval(comparison.interval)})"
    )
    only = (
        f"{first.model.title} {comparison.only_first:,}, {second.model.title} "
        f"{comparison.only_second:,}."
    )
    if comparison.p_value is None:
        no_test = standing.no_test(first.evaluation_set)
        st.markdown(f"{difference}.")
        st.caption(f"Faces that only one of the models gets right: {only} {no_test}")
        return
    verdict = (
        "it could be chance" if comparison.could_be_chance else "it is statistically significant"
    )
    st.markdown(f"{difference}; {verdict} ({p_value(comparison.p_value)}).")
    st.caption(
        f"McNemar's exact test on the faces that only one of the models gets right: {only} p is "
        "the probability of counts at least this uneven if both models were equally good."
    )


def yes_no_note(evaluations: Sequence[Evaluation]) -> None:
    """Say how seven yes/no answers become one, for models that give those."""
    for evaluation in evaluations:
        if evaluation.predictions.scores is not None:
            st.caption(
                f"{evaluation.model.title} give seven answers to each face; here the highest "
                "“yes” score wins. Their seven yes/no matrices are at the end of this page."
            )


def difference_note(first: Evaluation, second: Evaluation, scale: Scale) -> str:
    """How to read a number in the matrix of differences."""
    unit = {
        "row": "in percentage points of the faces with the row's label",
        "column": "in percentage points of the column's answers",
        "count": "in faces",
    }[scale]
    return (
        f"{first.model.title} minus {second.model.title}, {unit}. Plus: more often in the first "
        "model; minus: more often in the second. Blue: the first model is better; orange: the "
        "second is. On the **bold** diagonal more is better, elsewhere less is better."
    )


_SEVEN = range(len(EMOTIONS))


def _counted(n: int, total: int) -> str:
    """'32 of 55; 95 % interval 45 to 70 %'."""
    interval = format_interval(wilson_interval(int(n), int(total)), 0)
    return f"{n:,} of {total:,}; 95 % interval {interval}"
