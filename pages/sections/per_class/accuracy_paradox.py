"""The accuracy paradox: a yes/no model that never says yes looks excellent by its accuracy."""

from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from markupsafe import Markup

from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS
from fer_core.evaluation import study, thresholds, yes_no
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.thresholds import BinaryCounts, Sweep
from fer_core.registry import get_model_spec
from fer_core.reports.format import percent
from pages.charts import theme
from pages.charts.threshold_curves import LEGEND, dashed_line, fraction_axis, threshold_marker
from pages.components import downloads, figure, selectors, study_table
from pages.sections.per_class import threshold_panel
from pages.text.markup import tag

MODEL_NAME = study.YES_NO_MODEL


def heading(emotion: str) -> str:
    """The section's heading, with the study's accuracy."""
    accuracy = study.yes_no_accuracy()
    return f"Why can {percent(accuracy[emotion])} accuracy mean nothing?"


def study_panel(emotion: str) -> None:
    """The study's accuracies, which are those of always saying no."""
    st.subheader("What the study measured", anchor=False)
    accuracy = study.yes_no_accuracy()
    count, total = study.IMAGE_COUNTS[emotion], study.IMAGE_TOTAL
    st.markdown(
        f"Seven yes/no models, one per emotion, are part of {study.NAME}. Its {emotion} model was "
        f"correct on **{percent(accuracy[emotion], 2)}** of {total:,} faces. But only {count:,} of "
        f"them were {emotion}, so always saying “no” is correct on "
        f"**{percent(study.always_no_accuracy(emotion), 2)}** too. The two numbers match "
        "to the last digit "
        "for all seven emotions: those models said “no” to every face, and accuracy rewarded them "
        "for it."
    )
    st.html(study_table.yes_no_table())
    st.caption(
        f"Study: its validation folder. Ours: FER2013's {study_table.split_label()}. "
        "Balanced accuracy "
        "is the mean of recall and specificity; always “no” gets 50 %. "
        f"{study_table.TEST_NOTE}"
    )
    downloads.csv_button("Download table as CSV", csv_rows, "yes-no-accuracy", "study-csv")


def csv_rows() -> list[dict[str, Any]]:
    """One row per emotion: the study's accuracy and ours, each with that of always “no”."""
    accuracy, results = study.yes_no_accuracy(), summaries.load_summary(get_model_spec(MODEL_NAME))
    ours = results["splits"]["PrivateTest"]["yes_no"] if results else {}
    decisions = study_table.decisions()
    return [
        {
            "emotion": emotion,
            "study_accuracy": accuracy[emotion],
            "study_always_no": study.always_no_accuracy(emotion),
        }
        | {f"our_private_test_{name}": value for name, value in ours.get(emotion, {}).items()}
        | (study_table.test_columns(decisions[emotion]) if decisions else {})
        for emotion in study.IMAGE_COUNTS
    ]


def interactive_panel(evaluation_set: EvaluationSet, emotion: str) -> None:
    """A slider that can make our own yes/no model say no to every face."""
    st.subheader(f"Try it with our own {emotion} model", anchor=False)
    predictions, where = evaluation_set.predictions(MODEL_NAME), evaluation_set.title
    sweep = thresholds.threshold_sweep(predictions, emotion)
    threshold = threshold_panel.slider(
        get_model_spec(MODEL_NAME), emotion, top=round(float(sweep.thresholds[-1]), 3), key="yes"
    )
    labels_and_scores = thresholds.one_vs_rest(predictions, emotion)
    counts = thresholds.counts_at_threshold(*labels_and_scores, threshold)
    always_no = yes_no.always_no_accuracy(counts)
    st.html(key_figures(counts, emotion))
    figure.show(
        partial(chart, sweep, threshold, counts, emotion),
        "accuracy-paradox",
        f"Accuracy and balanced accuracy of the {emotion} yes/no model at every threshold. "
        f"At {threshold:.3f}: {percent(counts.accuracy, 1)} and "
        f"{percent(counts.balanced_accuracy, 1)}; always “no”: {percent(always_no, 1)}.",
        title=f"Accuracy and balanced accuracy of the {emotion} yes/no model by threshold",
        source=f"{where}, {counts.total:,} faces; always “no”: "
        f"{percent(always_no, 1)} accuracy, {percent(0.5)} balanced accuracy.",
        rows=lambda: [
            {"model": MODEL_NAME, "test_set": where, "emotion": emotion}
            | {"threshold": at, "accuracy": accuracy, "balanced_accuracy": balanced}
            for at, accuracy, balanced in zip(*sweep, strict=True)
        ],
    )
    st.markdown(
        "Move the threshold to the right end. The model then says “no” to every face, as the "
        f"study's did: it finds none, and its accuracy ends at {percent(always_no, 1)}, "
        "exactly that of always “no”."
        + (" That is *more* than now." if counts.accuracy < always_no else "")
        + " Balanced accuracy is not fooled: it falls to 50 %."
    )
    st.caption(
        f"{get_model_spec(MODEL_NAME).title} on {where}, "
        f"{counts.total:,} faces. The default threshold was chosen on PublicTest, "
        f"{selectors.THRESHOLD_RULE}."
    )


def key_figures(counts: BinaryCounts, emotion: str) -> Markup:
    """HTML: accuracy, balanced accuracy and recall as large numbers, each with its baseline."""
    yes_share = counts.predicted_positives / counts.total
    always_no = yes_no.always_no_accuracy(counts)
    rows = (
        ("accuracy", "accuracy", f"always “no”: {percent(always_no, 1)}"),
        ("balanced_accuracy", "balanced accuracy", "no-skill baseline: 50 %"),
        (
            "recall",
            f"{emotion} faces found",
            f"picked at random: {percent(yes_share, 1)}",
        ),
    )
    cards = (
        tag(
            "div",
            tag("b", percent(getattr(counts, rate), 1)),
            name,
            tag("br"),
            tag("small", baseline),
            tag("br"),
            tag("small", "95 %: ", threshold_panel.interval_text(counts, rate)),
        )
        for rate, name, baseline in rows
    )
    return tag("div", *cards, class_="figures")


def chart(sweep: Sweep, threshold: float, counts: BinaryCounts, emotion: str) -> go.Figure:
    """Accuracy and balanced accuracy over the threshold, with the level of always “no” and points
    at the selected threshold."""
    ink = theme.ink()
    font = {"size": 13, "color": ink}
    top = sweep.thresholds[-1]
    traces = []
    for name, values, colour, value in (
        ("accuracy", sweep.accuracy, ink, counts.accuracy),
        ("balanced accuracy", sweep.balanced_accuracy, COLOURS[emotion], counts.balanced_accuracy),
    ):
        line = {"color": colour, "width": 2.5}
        traces += [
            go.Scatter(x=sweep.thresholds, y=values, name=name, mode="lines", line=line),
            threshold_marker(threshold, value, colour),
        ]
    level = [yes_no.always_no_accuracy(counts)] * 2
    traces.append(
        go.Scatter(x=[0, top], y=level, name="always “no”", mode="lines", line=dashed_line())
    )
    title = {"text": "Threshold: lowest score that counts as “yes”", "standoff": 8, "font": font}
    return go.Figure(
        traces,
        {
            "xaxis": {
                "title": title,
                "range": [-0.01 * top, 1.02 * top],
                "fixedrange": True,
                "showgrid": False,
                "zeroline": False,
                "tickfont": font,
            },
            "yaxis": fraction_axis(),
            "height": 300,
            "margin": {"l": 0, "r": 20, "t": 28, "b": 0},  # 28: height of the legend
            "legend": LEGEND | {"font": font},
        },
    )
