"""The numbers on the page Responsible use, computed from the committed results, with charts.

Where a result is missing or damaged, its section says so and the rest of the page is shown.
"""

from functools import partial

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.datasets import fer2013_stats
from fer_core.errors import ResultsError
from fer_core.evaluation import (
    accuracy,
    copy_agreement,
    default_model,
    ferplus_agreement,
    near_copies,
    per_class,
)
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.per_class import Row
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports import fairness_text, model_card
from fer_core.reports.export import with_interval
from fer_core.reports.format import (
    format_interval,
    join_words,
    percent,
    percent_with_error,
)
from fer_core.reports.recall_text import recall_with_interval
from pages.charts import emotion_bars, theme
from pages.components import downloads, figure, page_links, test_sets

SPLIT = "PrivateTest"


def accuracy_text() -> str:
    """The accuracy of the app's default model beside the no-skill baseline; empty without
    results."""
    name = default_model.default_model_name()
    results = summaries.load_summary(MODELS[name]) if name else None
    if name is None or results is None:
        return ""
    if summaries.trained_by_votes(MODELS[name]):
        return _crowd_accuracy_text(MODELS[name])
    try:
        by_labels = model_card.accuracy_text(MODELS[name], SPLIT)
        new = near_copies.accuracy(name, SPLIT).other
    except ResultsError:
        return ""
    n, baseline = results["splits"][SPLIT]["n"], percent(results["no_skill"][SPLIT], 1)
    return (
        f"And they are often wrong: the app's default model, “{MODELS[name].title}”, gives the "
        f"label of {by_labels} of FER2013's {n:,} {SPLIT} faces. The no-skill baseline, always "
        f"answering the most common emotion, scores {baseline}. Many of these faces are also in "
        f"Training; of the {new.n:,} others it gives the label of {percent(new.value, 1)} (95 % "
        f"interval {format_interval(new.interval)})."
    )


def _crowd_accuracy_text(model: ModelSpec) -> str:
    """The same for a default model that was taught by votes."""
    try:
        majority = ferplus_agreement.load_agreement().labels[SPLIT].most_frequent_majority
        new = copy_agreement.load()[SPLIT].for_model(model)
    except ResultsError:
        return ""
    result = accuracy.load_own_accuracy(model)
    if result is None or new is None:
        return ""
    return (
        f"And they are often wrong: the app's default model, “{model.title}”, gives the emotion "
        f"that ten annotators clearly agree on for {percent(result.value, 1)} (95 % interval "
        f"{format_interval(result.interval)}) of the {result.n:,} faces of FER2013's {SPLIT} that "
        f"have such a majority. The no-skill baseline, always answering {majority}, scores "
        f"{percent(result.baseline, 1)}. On the {new.other.n:,} of these faces that are not also "
        f"in Training it is {percent(new.other.value, 1)} (95 % interval "
        f"{format_interval(new.other.interval)}). Where the annotators disagree, nobody can say "
        "what is right."
    )


def label_noise() -> None:
    """How often the annotators' majority is FER2013's label, which limits accuracy by it."""
    st.markdown(
        "In a small experiment, one of FER2013's authors put people's own accuracy at "
        f"**{percent_with_error(*fer2013_stats.HUMAN_AGREEMENT)}** "
        "([Goodfellow et al. 2013](https://arxiv.org/abs/1307.0414))."
    )
    try:
        labels = ferplus_agreement.load_agreement().labels[SPLIT]
    except ResultsError as error:
        st.info(str(error))
        return
    st.markdown(
        "For FER+, ten other annotators labelled each face (Barsoum et al. 2016). On the "
        f"{labels.with_majority:,} of {labels.n:,} {SPLIT} faces where they have a clear "
        "majority, it is "
        f"FER2013's label for **{percent(labels.majority_agreement, 1)}** "
        f"(95 % interval {format_interval(labels.majority_agreement_interval)}). Always answering "
        f"{labels.most_frequent_majority} would agree with them on "
        f"{percent(labels.majority_baseline, 1)}."
    )
    shares = {name: row["majority_agreement"] for name, row in labels.by_emotion.items()}
    counts = {name: int(row["with_majority"]) for name, row in labels.by_emotion.items()}
    figure.show(
        partial(emotion_bars.share_bars, shares, counts),
        "labels",
        theme.alt_text(f"Share of {SPLIT}'s labels that are the annotators' majority", shares),
        title="Share of each label's faces for which the annotators' majority is that label",
        source=f"{sum(counts.values()):,} {SPLIT} faces with a clear majority of ten annotators "
        "(FER+); in brackets 95 % Wilson intervals.",
        rows=partial(figure.share_rows, SPLIT, shares, counts, "agreement"),
    )
    lowest = min(shares, key=lambda name: shares[name])
    st.caption(
        "For each FER2013 label: the share of its faces where the annotators' majority is the "
        "same. In brackets the 95 % interval (Wilson). "
        f"Lowest: {lowest}, {percent(shares[lowest])}. {_learned_from_labels()}"
    )
    page_links.link("label_agreement", "More in {title}")


def _learned_from_labels() -> str:
    """Which models learned from FER2013's labels."""
    others = [model.title for model in MODELS.values() if summaries.trained_by_votes(model)]
    but = f" but {join_words(others)}" if others else ""
    return f"All models{but} learned from such labels."


def recall_by_emotion() -> None:
    """The share of each emotion's faces that the model best by FER2013's labels finds."""
    name = default_model.best_by_labels()
    if name is None or summaries.load_summary(MODELS[name]) is None:
        st.info("No model has been evaluated yet, so there is nothing to show here.")
        return
    try:
        rows = per_class.rows(split_predictions(name, SPLIT))
    except ResultsError as error:
        st.info(str(error))
        return
    st.markdown(
        f"{recall_text(MODELS[name].title, rows)} It is shown because it is the most accurate by "
        "FER2013's labels on PublicTest."
    )
    figure.show(
        partial(emotion_bars.rate_bars, rows, "recall"),
        "recall",
        theme.alt_text(
            f"Share of each emotion's {SPLIT} faces that is found",
            {row.emotion: row.recall for row in rows},
        ),
        title=f"Recall of each emotion: {MODELS[name].title}",
        source=f"{SPLIT}, {sum(row.faces for row in rows):,} faces. Thin line: 95 % Wilson "
        "interval. Tick: no-skill baseline, each emotion answered as often as it occurs.",
        rows=lambda: [
            {"model": name, "test_set": SPLIT, "emotion": row.emotion}
            | with_interval("recall", row.recall, row.recall_interval)
            | {"faces": row.faces, "baseline": row.baseline}
            for row in rows
        ],
    )
    st.caption(
        "Recall: the share of the faces with a label that get this answer. Thin line: 95 % "
        "interval. Vertical tick: no-skill baseline, here random answers, each emotion given as "
        f"often as it occurs. {test_sets.measurement_note(MODELS[name], committed_set(SPLIT))}"
    )
    page_links.link("per_class", "More in {title}")


def smiles() -> None:
    """How many posed smiles of different people the app's default model finds."""
    name = default_model.default_model_name()
    try:
        text = fairness_text.section(MODELS[name]) if name else ""
    except ResultsError as error:
        st.info(str(error))
        return
    st.markdown(text)
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.csv_button(
            "Download all models as CSV", fairness_text.csv_rows, "smiles-of-different-people"
        )
        page_links.link("model_card", "The other models on {title}")


def recall_text(title: str, rows: list[Row]) -> str:
    """The highest and the lowest recall, and the interval of the rarest emotion, as Markdown."""
    best, worst = (f(rows, key=lambda row: row.recall) for f in (max, min))
    rare = min(rows, key=lambda row: row.faces)
    return (
        f"“{title}” finds {recall_with_interval(best)} of the {best.emotion} faces, but only "
        f"**{recall_with_interval(worst)} of the {worst.emotion} faces**. For "
        f"{rare.emotion} there are "
        f"only {rare.faces} test faces, so the share is uncertain: 95 % interval "
        f"{format_interval(rare.recall_interval, 0)}."
    )
