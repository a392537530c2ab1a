"""A threshold that turns a score into yes or no, and what it means in faces."""

import numpy as np
import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS
from fer_core.evaluation import thresholds
from fer_core.evaluation.thresholds import BinaryCounts
from fer_core.registry import ModelSpec
from fer_core.reports.export import to_csv
from fer_core.reports.format import percent
from pages.components import downloads, selectors
from pages.text.markup import Cell, concat, table, tag

RATES = ("recall", "precision", "specificity", "f1", "accuracy", "balanced_accuracy", "no_skill")


def slider(variant: ModelSpec, emotion: str, top: float = 1.0, key: str = "threshold") -> float:
    """A slider from 0 to `top`: from which score on a face counts as "yes".

    It starts at a yes/no model's own threshold (fitted on PublicTest), else at one half. The seven
    yes/no models have a threshold each, so each has a slider of its own, `<key>_<emotion>`.
    """
    own = summaries.thresholds(variant).get(emotion)
    return st.slider(
        f"It says {emotion} from a score of" if own is not None else "Say yes from",
        0.0,
        top,
        min(0.5 if own is None else own, top),
        step=0.001,
        format="%.3f",
        key=key if own is None else f"{key}_{emotion}",
        help="A face counts as “yes” when the model's probability of the emotion is at least this. "
        "Lower finds more faces and raises more false alarms.",
        bind="query-params",
    )


def score_note(variant: ModelSpec, emotion: str) -> str:
    """Which number the threshold cuts, and where the threshold came from."""
    if summaries.thresholds(variant):
        return (
            f"The score is the {emotion} model's own yes. Its threshold at the start was chosen on "
            f"PublicTest, {selectors.THRESHOLD_RULE}."
        )
    return (
        f"The score is the probability of {emotion}. The model itself gives its most probable "
        "answer, whatever the threshold."
    )


def counts_table(counts: BinaryCounts, emotion: str) -> str:
    """HTML: the four counts as a square, in words; darker the larger its share of the row."""
    yes = counts.positives
    rows = (
        (emotion, yes, (counts.true_positives, "found"), (counts.false_negatives, "missed")),
        (
            f"not {emotion}",
            counts.total - yes,
            (counts.false_positives, "false alarms"),
            (counts.true_negatives, "rightly left alone"),
        ),
    )
    lines: list[list[object]] = []
    for label, n, *cells in rows:
        lines.append([concat((label, tag("br"), tag("small", f"{n:,} faces")))])
        for number, word in cells:
            kind = "right" if word in ("found", "rightly left alone") else "wrong"
            style = f"--tint:{COLOURS[emotion]};--share:{number / n if n else 0:.3f}"
            told = concat((tag("b", f"{number:,}"), tag("small", word)))
            lines[-1].append(Cell(told, {"class_": kind, "style": style}))
    return table(("", "it says yes", "it says no"), lines, "counts")


def rates_table(counts: BinaryCounts, emotion: str) -> str:
    """HTML: what follows from the four counts, each beside what no skill gets."""
    said, share = counts.predicted_positives / counts.total, counts.positives / counts.total
    silent = said == 0
    rows = (
        ("Recall", f"of the {emotion} faces, the share found", counts.recall, said),
        ("Precision", f"of its yes answers, the share that is {emotion}", counts.precision, share),
        ("Specificity", "of the other faces, the share left alone", counts.specificity, 1 - said),
        ("Accuracy", "of all faces, the share got right", counts.accuracy, counts.baseline),
        ("Balanced accuracy", "mean of recall and specificity", counts.balanced_accuracy, 0.5),
    )
    lines = (
        (
            concat((name, tag("small", meaning))),
            tag("b", "–" if silent and name == "Precision" else percent(value, 1)),
            percent(luck, 1),
        )
        for name, meaning, value, luck in rows
    )
    return table(("", "Here", "No skill"), lines, "plain rates")


def download(variant: ModelSpec, split: str, emotion: str) -> None:
    """A button for the counts and rates at a thousand thresholds."""
    downloads.csv_button(
        "Download all thresholds as CSV",
        lambda: as_csv(variant, split, emotion),
        f"thresholds-{variant.name}-{emotion}-{split}.csv",
        "thresholds-csv",
    )


def as_csv(variant: ModelSpec, split: str, emotion: str) -> str:
    """A row for each threshold 0, 0.001 … 1; `no_skill` is always "no"'s accuracy."""
    places = np.arange(1001) / 1000
    told = thresholds.sweep(*thresholds.split_one_vs_rest(variant.name, split, emotion), places)
    lines = []
    for place, counts in zip(places, told, strict=True):
        line = {"variant": variant.name, "split": split, "emotion": emotion, "threshold": place}
        rates = {name: getattr(counts, name) for name in RATES}
        lines.append(line | counts._asdict() | rates)
    return to_csv(lines)
