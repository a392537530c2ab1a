"""Confusion matrices of one model or two: drawn, said in words, and as CSV."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, classification, leaderboard
from fer_core.evaluation.classification import Scale
from fer_core.evaluation.scores import Scores
from fer_core.registry import ModelSpec
from fer_core.reports.export import to_csv
from fer_core.reports.format import p_value, percent, points, format_points_interval, signed, format_interval
from pages.charts import heat_map

SCALES: dict[Scale, str] = {"row": "By row", "column": "By column", "count": "Counts"}
SCALE_NOTES: dict[Scale, str] = {
    "row": "Of 100 faces with the row's label, how many got the column's answer. **Bold** is "
    "recall: how many of an emotion's faces are found.",
    "column": "Of 100 faces with the column's answer, how many carry the row's label. **Bold** is "
    "precision: how many of an answer's faces are right.",
    "count": "How many faces with the row's label got the column's answer. **Bold**: right.",
}
INTERVAL_NOTE = (
    "The 95 % interval (Wilson) says how far a number moves when the test faces are drawn again."
)
MAX_MISTAKES = 5  # mistakes told in words


class Evaluation(NamedTuple):
    """A model's answers on a split, and what the library counts and measures of them."""

    model: ModelSpec
    split: str
    predictions: Predictions
    counts: np.ndarray  # (7, 7), see `fer_core.evaluation.classification`
    scores: Scores


def evaluate(variant: ModelSpec, split: str) -> Evaluation:
    """Raises `ResultsError` where the predictions are missing."""
    return Evaluation(
        variant,
        split,
        split_predictions(variant.name, split),
        classification.split_confusion_matrix(variant.name, split),
        leaderboard.split_scores(variant.name, split),
    )


def accuracy_text(told: Evaluation) -> str:
    """How often the model is right, how sure that is, and what no skill gets, in words."""
    no_skill = baselines.majority_accuracy(told.counts.sum(axis=1))
    return (
        f"**{told.model.title}** is right for **{percent(told.scores.accuracy, 1)}** of "
        f"{told.split}'s faces (95 % interval {format_interval(told.scores.interval)}). "
        f"No skill gets {percent(no_skill, 1)}."
    )


def draw_matrix(
    told: Evaluation, scale: Scale, key: str, chosen: tuple[int, int] | None, *click: Any
) -> None:
    """The matrix of one model; `click` is what `heat_map.show` calls, and with what."""
    counts = told.counts
    figure = heat_map.heat_map(
        classification.normalize_matrix(counts, scale),
        _bold_diagonal([[_number(counts, i, j, scale) for j in _SEVEN] for i in _SEVEN]),
        EMOTIONS,
        EMOTIONS,
        max_value=float(counts.max()) if scale == "count" else 1.0,
        titles=("label ↓", "answer →"),
        hover=[[_sentence(counts, i, j, scale) for j in _SEVEN] for i in _SEVEN],
        totals=([str(n) for n in counts.sum(axis=1)], [str(n) for n in counts.sum(axis=0)]),
        totals_titles=("faces", "answers"),
        selected=chosen,
    )
    found = ", ".join(
        f"{name} {percent(share)}"
        for name, share in zip(EMOTIONS, classification.recall(counts), strict=True)
    )
    alt = f"Confusion matrix of {told.model.title}, {told.split}. Recall: {found}."
    heat_map.show(figure, key, alt, *click)


def draw_difference(
    first: Evaluation, second: Evaluation, scale: Scale, chosen: tuple[int, int] | None, *click: Any
) -> None:
    """The first model's matrix minus the second's, in points or, for counts, in faces."""
    change = classification.normalize_matrix(first.counts, scale) - classification.normalize_matrix(
        second.counts, scale
    )
    shown = change if scale == "count" else 100 * change
    unit = "faces" if scale == "count" else "points"
    answers = first.counts.sum(axis=0) - second.counts.sum(axis=0)
    figure = heat_map.heat_map(
        shown,
        _bold_diagonal([[signed(value) for value in line] for line in shown]),
        EMOTIONS,
        EMOTIONS,
        max_value=float(np.abs(shown).max()),
        diverging=True,
        titles=("label ↓", "answer →"),
        hover=[
            [f"{EMOTIONS[i]} called {EMOTIONS[j]}: {signed(shown[i, j], 1)} {unit}" for j in _SEVEN]
            for i in _SEVEN
        ],
        totals=([str(n) for n in first.counts.sum(axis=1)], [signed(n) for n in answers]),
        totals_titles=("faces", "answers"),
        selected=chosen,
    )
    diagonal = ", ".join(f"{name} {signed(shown[i, i])}" for i, name in enumerate(EMOTIONS))
    alt = (
        f"Difference of two confusion matrices, {first.model.title} minus "
        f"{second.model.title}, {first.split}, in {unit}. Right answers: {diagonal}."
    )
    heat_map.show(figure, "difference", alt, *click)


def list_mistakes(told: Evaluation) -> None:
    """The largest confusions and the best recognised emotions in words."""
    counts = told.counts
    faces, answers = counts.sum(axis=1), counts.sum(axis=0)
    lines = [
        f"- Of 100 **{m.label}** faces **{_of_hundred(m.share)}** are called {m.answer} "
        f"({m.n:,} of {faces[EMOTIONS.index(m.label)]:,})."
        for m in classification.largest_mistakes(counts, MAX_MISTAKES)
    ]
    st.markdown("**Mixed up most**\n" + "\n".join(lines or ["- Nothing: every answer is right."]))
    recall = classification.recall(counts)
    best = [i for i in np.argsort(-recall, kind="stable")[:3] if recall[i] > 0]
    lines = [
        f"- Of 100 **{EMOTIONS[i]}** faces **{_of_hundred(recall[i])}** are found "
        f"({counts[i, i]:,} of {faces[i]:,})."
        for i in best
    ]
    if never := [EMOTIONS[j] for j in _SEVEN if not answers[j]]:
        lines.append(f"- Never answered: {', '.join(never)}.")
    st.markdown("**Recognised best**\n" + "\n".join(lines))


def compare_accuracy(first: Evaluation, second: Evaluation) -> None:
    """The difference in accuracy and whether it could be chance, in words."""
    try:
        told = leaderboard.compare_models(first.model.name, second.model.name, first.split)
    except ResultsError as error:
        st.warning(str(error))
        return
    verdict = "it could be chance" if told.could_be_chance else "too large for mere chance"
    st.markdown(
        f"Difference in accuracy **{points(told.difference)} points** (95 % interval "
        f"{format_points_interval(told.interval)}): {verdict} ({p_value(told.p_value)})."
    )
    st.caption(
        f"p is McNemar's test: {first.model.title} alone is right for {told.only_first:,} faces, "
        f"{second.model.title} alone for {told.only_second:,}. It says how often a fair coin "
        "would split them at least as unevenly."
    )


def yes_no_note(models: Sequence[Evaluation]) -> None:
    """Where seven answers come from seven models, how they became one."""
    for told in models:
        if told.predictions.scores is not None:
            st.caption(
                f"{told.model.title} give seven answers to a face; here the strongest yes "
                "counts. Their seven yes/no matrices are at the end of this page."
            )


def difference_note(first: Evaluation, second: Evaluation, scale: Scale) -> str:
    """What a number in the matrix of differences means."""
    what = {
        "row": "in points of 100 faces with the row's label",
        "column": "in points of 100 faces with the column's answer",
        "count": "in faces",
    }[scale]
    return (
        f"{first.model.title} minus {second.model.title}, {what}. Blue and plus: the first "
        "does it more often; orange and minus: the second. On the **bold** diagonal more is "
        "better, elsewhere less is."
    )


def as_csv(models: Sequence[Evaluation], scale: Scale) -> str:
    """A line a model and label: the seven answers' numbers, and how many faces that label has."""
    lines = [
        {"variant": told.model.name, "split": told.split, "numbers": scale, "label": label}
        | dict(zip(EMOTIONS, line, strict=True))
        | {"faces": faces}
        for told in models
        for label, line, faces in zip(
            EMOTIONS,
            classification.normalize_matrix(told.counts, scale).tolist(),
            told.counts.sum(axis=1).tolist(),
            strict=True,
        )
    ]
    return to_csv(lines)


_SEVEN = range(len(EMOTIONS))


def _bold_diagonal(texts: list[list[str]]) -> list[list[str]]:
    for i, line in enumerate(texts):
        line[i] = f"<b>{line[i]}</b>"
    return texts


def _of_hundred(share: float) -> str:
    """0.237 → '24'; what there is, is never called 0."""
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


def _number(counts: np.ndarray, i: int, j: int, scale: Scale) -> str:
    if scale == "count":
        return str(counts[i, j])
    return _of_hundred(float(classification.normalize_matrix(counts, scale)[i, j])).replace("<", "&lt;")


def _sentence(counts: np.ndarray, i: int, j: int, scale: Scale) -> str:
    label, answer, n = EMOTIONS[i], EMOTIONS[j], counts[i, j]
    if scale == "column":
        whole = counts[:, j].sum()
        return f"{n} of {whole} {answer} answers are labelled {label}{_share(n, whole)}"
    whole = counts[i].sum()
    return f"{n} of {whole} {label} faces are called {answer}{_share(n, whole)}"


def _share(n: int, whole: int) -> str:
    return f": {percent(n / whole, 1)}" if whole else ""
