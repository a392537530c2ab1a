"""The numbers on Responsible use, computed from the committed results, with charts.

Where a result is missing or damaged its section says so, and the page goes on.
"""

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.datasets import fer2013_stats
from fer_core.errors import ResultsError
from fer_core.evaluation import ferplus_agreement, per_class
from fer_core.evaluation.per_class import Row
from fer_core.registry import MODELS
from fer_core.reports import model_card
from fer_core.reports.format import percent, format_interval, percent_with_error
from pages.charts import emotion_bars, theme
from pages.components import page_links, selectors

SPLIT = "PrivateTest"


def accuracy_text() -> str:
    """How often the app's first choice of model is right, beside no skill; empty if unknown."""
    name = summaries.default_model_name()
    results = summaries.load_summary(MODELS[name]) if name else None
    if name is None or results is None:
        return ""
    try:
        accuracy = model_card.accuracy_text(MODELS[name], SPLIT)
    except ResultsError:
        return ""
    n, skill = results["splits"][SPLIT]["n"], percent(results["no_skill"][SPLIT], 1)
    return (
        f"And they are often wrong: the app's first choice, “{MODELS[name].title}”, gives the "
        f"label of {accuracy} of FER2013's {n:,} {SPLIT} faces. Always giving the commonest "
        f"emotion, without a look, gets {skill}."
    )


def label_noise() -> None:
    """How often ten people's majority is FER2013's label: the ceiling of everything here."""
    st.markdown(
        "On FER2013 people themselves give the label for about "
        f"**{percent_with_error(*fer2013_stats.HUMAN_AGREEMENT)}** of the pictures "
        "([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414))."
    )
    try:
        seen = ferplus_agreement.load_agreement().labels[SPLIT]
    except ResultsError as error:
        st.info(str(error))
        return
    st.markdown(
        f"Ten others were asked about each face (Barsoum et al. 2016). On the {seen.with_majority:,} of "
        f"{seen.n:,} {SPLIT} faces where they have a clear majority, it is FER2013's label for "
        f"**{percent(seen.majority_agreement, 1)}** (95 % interval {format_interval(seen.majority_agreement_interval)}). "
        f"Calling every face {seen.most_frequent_majority} would agree with them for "
        f"{percent(seen.majority_baseline, 1)}."
    )
    agreeing = {name: row["agree_clear"] for name, row in seen.by_emotion.items()}
    st.plotly_chart(
        emotion_bars.share_bars(
            agreeing, {k: int(row["clear"]) for k, row in seen.by_emotion.items()}
        ),
        key="labels",
        config=theme.STATIC,
        alt=theme.alt_text(f"Share of {SPLIT}'s labels that are the crowd's majority", agreeing),
    )
    worst = min(agreeing, key=lambda name: agreeing[name])
    st.caption(
        "By FER2013's label: the share of its faces where people's majority is that label. "
        f"Lowest: {worst}, {percent(agreeing[worst])}. Models learned from such labels."
    )
    page_links.link("label_agreement", "More in {title}")


def recall_by_emotion() -> None:
    """How many faces of each emotion the app's first choice of model finds."""
    name = summaries.default_model_name()
    if name is None or summaries.load_summary(MODELS[name]) is None:
        st.info("No model has been evaluated yet, so there is nothing to measure here.")
        return
    try:
        found = per_class.split_rows(name, SPLIT)
    except ResultsError as error:
        st.info(str(error))
        return
    st.markdown(recall_text(MODELS[name].title, found))
    st.plotly_chart(
        emotion_bars.rate_bars(found, "recall"),
        key="recall",
        config=theme.STATIC,
        alt=theme.alt_text(
            f"Share of each emotion's {SPLIT} faces that is found",
            {row.emotion: row.recall for row in found},
        ),
    )
    st.caption(
        "Share of the faces with a label that get this answer. Thin line: 95 % interval. Upright "
        "stroke: no skill, answers given without looking, as often as each emotion occurs. "
        f"{selectors.measurement_note(MODELS[name], SPLIT)}"
    )
    page_links.link("per_class", "More in {title}")


def recall_text(title: str, found: list[Row]) -> str:
    """Best and worst found emotion in words, and the one with the widest interval."""
    best, worst = (f(found, key=lambda row: row.recall) for f in (max, min))
    rare = min(found, key=lambda row: row.faces)
    return (
        f"“{title}” finds {percent(best.recall)} of the {best.emotion} faces, but "
        f"**{percent(worst.recall)} of the {worst.emotion} ones**. For {rare.emotion} there are "
        f"{rare.faces} test faces only: the share could be anything from "
        f"{format_interval(rare.recall_interval, 0)}."
    )
