"""One emotion against the rest: a threshold, its counts and rates, and the two curves."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import thresholds
from fer_core.evaluation.areas import emotion_area_intervals
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.thresholds import Curve
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent, percent_with_interval
from pages.charts import threshold_curves
from pages.components import figure, selectors
from pages.sections.per_class import threshold_panel


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> str | None:
    """Draw the section and return the selected emotion; None where all faces have one label."""
    st.header("Decision threshold", anchor=False)
    absent = evaluation_set.missing_emotions
    present = [name for name in EMOTIONS if name not in absent]
    if len(present) < 2:
        st.info(
            f"All faces are labelled {present[0]}, so there is no other emotion to tell it from."
        )
        return None
    emotion = selectors.select_emotion(
        label="One emotion against the rest",
        default="angry" if "angry" in present else present[0],
        emotions=present,
    )
    predictions, title = evaluation_set.predictions(model.name), evaluation_set.title
    roc, precision_recall = thresholds.curves(predictions, emotion)
    areas = emotion_area_intervals(predictions, emotion)
    origin = {"model": model.name, "test_set": title, "emotion": emotion}
    left, middle, right = st.columns([1.05, 1, 1], gap="large")
    with left:
        threshold = threshold_panel.slider(model, emotion)
        labels_and_scores = thresholds.one_vs_rest(predictions, emotion)
        counts = thresholds.counts_at_threshold(*labels_and_scores, threshold)
        st.html(threshold_panel.counts_table(counts, emotion))
        st.html(threshold_panel.rates_table(counts, emotion))
    source = f"{title}, {counts.total:,} faces."
    with middle:
        st.subheader(f"ROC curve, area {roc.area:.3f}", anchor=False)
        figure.show(
            partial(threshold_curves.roc_chart, roc, counts, emotion),
            "roc",
            f"ROC curve of {emotion}: area {roc.area:.3f}, no-skill baseline 0.5. The selected "
            f"threshold has a recall of {percent(counts.recall)} at a false positive rate of "
            f"{percent(1 - counts.specificity)}.",
            title=f"ROC curve of {emotion}, area {roc.area:.3f}: {model.title}",
            source=f"{source} No-skill baseline: 0.5.",
            rows=partial(_points, origin, roc, "false_positive_rate", "recall"),
        )
        st.caption(
            f"The area (ROC AUC): a random {emotion} face outscores a random other face "
            f"{percent_with_interval(roc.area, _known(areas.roc))} of the time; in brackets "
            "the 95 % bootstrap interval, where it can be estimated. No-skill baseline: 0.5."
        )
    with right:
        st.subheader(f"Precision–recall curve, area {precision_recall.area:.3f}", anchor=False)
        figure.show(
            partial(threshold_curves.precision_recall_chart, precision_recall, counts, emotion),
            "precision-recall",
            f"Precision–recall curve of {emotion}: area {precision_recall.area:.3f}. The "
            f"selected threshold has a recall of {percent(counts.recall)} and a precision of "
            f"{percent(counts.precision)}.",
            title=f"Precision–recall curve of {emotion}, area {precision_recall.area:.3f}: "
            f"{model.title}",
            source=f"{source} No-skill baseline: {percent(counts.positives / counts.total, 1)}.",
            rows=partial(_points, origin, precision_recall, "recall", "precision"),
        )
        st.caption(
            "The area (average precision) is the mean precision as recall grows from 0 to 100 %; "
            f"95 % bootstrap interval: {_ends(areas.average_precision)}. "
            "Dashed line: the no-skill baseline. Random picks are right as often as the emotion "
            "occurs."
        )
    commoner = "no" if counts.positives <= counts.total / 2 else "yes"
    st.caption(
        "95 % in the table: Wilson intervals, for balanced accuracy the bootstrap's. "
        "Baseline: saying yes to as many faces, picked at random; for accuracy, "
        f"always “{commoner}”. {threshold_panel.score_note(model, emotion)}"
    )
    threshold_panel.download(model, evaluation_set, emotion)
    return emotion


def _known(interval: Interval) -> Interval | None:
    """The interval; None where every redraw gives the same value, so that it would look exact."""
    return interval if interval.low < interval.high else None


def _ends(interval: Interval) -> str:
    known = _known(interval)
    return f"{known.low:.3f} to {known.high:.3f}" if known else "cannot be estimated"


def _points(origin: Mapping[str, str], curve: Curve, x: str, y: str) -> list[dict[str, Any]]:
    """One row per point of the curve."""
    return [dict(origin) | {x: i, y: j} for i, j in zip(curve.x, curve.y, strict=True)]
