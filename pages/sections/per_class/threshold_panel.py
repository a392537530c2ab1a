"""A threshold that turns a score into yes or no, and the counts and rates it leads to."""

from typing import Any

import numpy as np
import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS
from fer_core.evaluation import thresholds
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.thresholds import BinaryCounts
from fer_core.registry import ModelSpec
from fer_core.reports.format import format_interval, percent
from pages.components import address, downloads, selectors
from pages.text.markup import Cell, concat, table, tag

RATES = ("recall", "precision", "specificity", "f1", "accuracy", "balanced_accuracy", "baseline")

WILSON_RATES = ("recall", "precision", "specificity", "accuracy")  # with an interval in the CSV


def slider(model: ModelSpec, emotion: str, top: float = 1.0, key: str = "threshold") -> float:
    """A slider from 0 to `top` for the lowest score that counts as "yes".

    It starts at a yes/no model's own threshold (chosen on PublicTest), else at 0.5. Each of the
    seven yes/no models has its own threshold and so its own slider, `<key>_<emotion>`.
    """
    fitted = summaries.thresholds(model).get(emotion)
    return address.keep(
        lambda key: st.slider(
            "Threshold" if fitted is None else f"Threshold of the {emotion} model",
            0.0,
            top,
            step=0.001,
            format="%.3f",
            key=key,
            help="A face counts as “yes” when its score is at least this. A lower threshold finds "
            "more faces but raises more false alarms.",
        ),
        address.number_between(0, top),
        key=key if fitted is None else f"{key}_{emotion}",
        default=min(0.5 if fitted is None else fitted, top),
        to_text="{:g}".format,
    )


def score_note(model: ModelSpec, emotion: str) -> str:
    """Which score the threshold applies to, and how its default was chosen."""
    if summaries.thresholds(model):
        return (
            f"The score is the {emotion} model's own “yes” probability. Its default threshold was "
            f"chosen on PublicTest, {selectors.THRESHOLD_RULE}."
        )
    return (
        f"The score is the probability of {emotion}. The model itself gives its most probable "
        "answer, whatever the threshold."
    )


def counts_table(counts: BinaryCounts, emotion: str) -> str:
    """HTML: the four counts as a 2×2 table; the larger its share of the row, the darker a cell."""
    yes = counts.positives
    rows = (
        (
            emotion,
            yes,
            (counts.true_positives, "right", "true positives (found)"),
            (counts.false_negatives, "wrong", "false negatives (missed)"),
        ),
        (
            f"not {emotion}",
            counts.total - yes,
            (counts.false_positives, "wrong", "false positives (false alarms)"),
            (counts.true_negatives, "right", "true negatives (correct rejections)"),
        ),
    )
    lines: list[list[object]] = []
    for label, total, *cells in rows:
        lines.append([concat((label, tag("br"), tag("small", f"{total:,} faces")))])
        for n, kind, name in cells:
            style = f"--tint:{COLOURS[emotion]};--share:{n / total if total else 0:.3f}"
            content = concat((tag("b", f"{n:,}"), tag("small", name)))
            lines[-1].append(Cell(content, {"class_": kind, "style": style}))
    return table(("", "model says yes", "model says no"), lines, "counts")


def rates_table(counts: BinaryCounts, emotion: str) -> str:
    """HTML: the rates computed from the four counts, each beside its no-skill baseline."""
    yes_share, prevalence = (
        counts.predicted_positives / counts.total,
        counts.positives / counts.total,
    )
    rows = (
        ("Recall", f"of the {emotion} faces, the share found", counts.recall, yes_share),
        (
            "Precision",
            f"of its yes answers, the share that is {emotion}",
            counts.precision,
            prevalence,
        ),
        (
            "Specificity",
            "of the other faces, the share correctly rejected",
            counts.specificity,
            1 - yes_share,
        ),
        (
            "Accuracy",
            "of all faces, the share answered correctly",
            counts.accuracy,
            counts.baseline,
        ),
        ("Balanced accuracy", "mean of recall and specificity", counts.balanced_accuracy, 0.5),
    )
    undefined = "Precision" if counts.predicted_positives == 0 else ""
    lines = (
        (
            concat((name, tag("small", meaning))),
            tag("b", "–" if name == undefined else percent(value, 1)),
            interval_text(counts, name.lower().replace(" ", "_")),
            percent(baseline, 1),
        )
        for name, meaning, value, baseline in rows
    )
    return table(("", "Model", "95 %", "Baseline"), lines, "plain rates")


def interval_text(counts: BinaryCounts, rate: str) -> str:
    """'61.3 to 70.2'; a dash where there is no rate, or every redraw gives the same."""
    interval = counts.interval(rate)
    if interval is None or interval.low == interval.high:
        return "–"
    return format_interval(interval, unit=False)


def download(model: ModelSpec, evaluation_set: EvaluationSet, emotion: str) -> None:
    """A button for the counts and rates at every threshold."""
    downloads.csv_button(
        "Download all thresholds as CSV",
        lambda: csv_rows(model, evaluation_set, emotion),
        f"thresholds-{model.name}-{emotion}-{evaluation_set.file_title}",
        "thresholds-csv",
    )


def csv_rows(model: ModelSpec, evaluation_set: EvaluationSet, emotion: str) -> list[dict[str, Any]]:
    """One row per threshold 0, 0.001 … 1; `baseline` is the accuracy of the commoner answer."""
    steps = np.arange(1001) / 1000
    question = thresholds.one_vs_rest(evaluation_set.predictions(model.name), emotion)
    sweep = thresholds.sweep(*question, steps)
    lines = []
    for threshold, counts in zip(steps, sweep, strict=True):
        line = {
            "model": model.name,
            "test_set": evaluation_set.title,
            "emotion": emotion,
            "threshold": threshold,
        }
        rates = {name: getattr(counts, name) for name in RATES}
        for name in WILSON_RATES:
            interval = counts.interval(name)
            rates[f"{name}_low"], rates[f"{name}_high"] = interval or (None, None)
        lines.append(line | counts._asdict() | rates)
    return lines
