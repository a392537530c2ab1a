"""Copies of Training images among the test faces: how many, what they do to scores, and the
pairs."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.datasets import near_copies as copies
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.near_copies import NearCopy
from fer_core.emotions import EMOTIONS
from fer_core.errors import DataError, ResultsError
from fer_core.evaluation import baselines, classification, copy_agreement, near_copies
from fer_core.evaluation.near_copies import Contrast, Share
from fer_core.registry import ModelSpec
from fer_core.reports.drawing import data_uri
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_interval, percent
from pages.charts import emotion_bars, theme
from pages.components import (
    address,
    downloads,
    face_gallery,
    figure,
    page_links,
    print_out,
    selectors,
)
from pages.text.markup import tag

RARE = "disgust"
PER_PAGE = 12
PAIRS = {"all": "All pairs", "conflicts": "Other label in Training"}


def show(models: Sequence[ModelSpec], dataset: Fer2013Dataset | None) -> None:
    """The share of copies, the scores with and without a copy, and the pairs.

    Raises `ResultsError` where a committed file is missing or damaged.
    """
    st.header("Have the models seen the test faces before?", anchor=False)
    if not models:
        st.info("No model has been evaluated yet, so there is nothing to show here.")
        return
    split = selectors.select_split("copies")
    best = selectors.default_model(models)
    st.markdown(finding(best, split))
    chart, text = st.columns(2, gap="large")
    with chart:
        _chart(split)
    with text:
        st.markdown(memory_text(best, split))
        page_links.link("per_class", "Choose “No copy in Training” on {title}")
    frame = table(models, split)
    columns: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.1f")
        for name in ("With a copy, %", "No copy, %", "All faces, %")
    }
    columns["Model"] = st.column_config.Column(pinned=True, width=155)
    st.dataframe(
        frame,
        hide_index=True,
        column_config=columns,
        alt=f"Accuracy of every model on {split}'s faces with and without a copy in Training",
    )
    print_out.show_table(frame, columns)
    st.caption(
        f"Accuracy on {split}'s faces with and without a copy in Training, with 95 % Wilson "
        f"intervals, and how many {RARE} faces are found. {_baseline_text(models[0], split)} A "
        "face counts as a copy if its middle correlates at "
        f"{copies.THRESHOLD} or more with a Training image in some position, size and "
        "mirroring. How the copies were found and checked: docs/near_copies.md."
    )
    downloads.csv_button(
        "Download the table (CSV)", partial(csv_rows, models, split), f"near-copies-{split}"
    )
    if dataset:
        _pairs(dataset, split)


def finding(model: ModelSpec, split: str) -> str:
    """How many faces are copies, and a model's accuracy with and without them."""
    share, accuracy = near_copies.total_share(split), near_copies.accuracy(model.name, split)
    return (
        f"**Many of them: {share.hits:,} of {split}'s {share.n:,} faces "
        f"({percent(share.value, 1)}) are the same photograph as a Training image**, in another "
        "crop, size or brightness, mirrored or with another watermark. A model can remember such "
        f"a photograph instead of reading the face. “{model.title}” gives the label of "
        f"{_share(accuracy.copied)} of the faces with a copy and of **{_share(accuracy.other)}** "
        f"of the others; its accuracy on all of {split} is {percent(accuracy.all.value, 1)}."
    )


def memory_text(model: ModelSpec, split: str) -> str:
    """Why the difference is memory: rare emotions, other labels and the annotators, as Markdown."""
    rare = near_copies.recall(model.name, split)[RARE]
    conflicts = near_copies.conflicts(model.name, split)
    label = near_copies.same_label(split, identical=False)
    lines = [
        f"- **For {RARE} the difference is large.** “{model.title}” finds {rare.copied.hits} "
        f"of the {rare.copied.n} {RARE} faces with a copy, and {rare.other.hits} of the "
        f"{rare.other.n} without one ({percent(rare.other.value)}, 95 % interval "
        f"{format_interval(rare.other.interval, 0)}).",
        f"- **The models repeat Training's label.** {conflicts.n} of the copies carry another "
        f"label in Training. For those, “{model.title}” gives Training's label "
        f"{conflicts.training_label} times and the test's {conflicts.test_label} times.",
        f"- **Even the labels disagree.** A photograph that is in FER2013 twice, as two different "
        f"images, gets the same label in {_share(label)}. No model can be expected to "
        "do better by learning these labels.",
    ]
    if easiness := easiness_text(model, split):
        lines.insert(2, easiness)
    return "\n".join(lines)


def easiness_text(model: ModelSpec, split: str) -> str:
    """Whether copied faces are easier by the annotators; empty where it was not measured."""
    try:
        agreement = copy_agreement.load()[split]
    except ResultsError:
        return ""
    answers = agreement.for_model(model)
    if answers is None:
        return ""
    return (
        "- **By the annotators, copied faces are "
        f"{'no easier' if overlap(answers) else 'not the same'}.** Measured against the majority "
        f"of ten annotators (FER+), “{model.title}” is right for {_share(answers.copied)} of the "
        f"faces with a copy and for {_share(answers.other)} of the others."
    )


def overlap(contrast: Contrast) -> bool:
    """Whether the intervals of the two shares overlap."""
    first, second = contrast.copied.interval, contrast.other.interval
    return first.low <= second.high and second.low <= first.high


def table(models: Sequence[ModelSpec], split: str) -> pd.DataFrame:
    """One row per model: accuracy and the rare emotion's recall with and without a copy."""
    lines = []
    for model in models:
        accuracy = near_copies.accuracy(model.name, split)
        rare = near_copies.recall(model.name, split)[RARE]
        line: dict[str, object] = {"Model": model.short_title}
        for name, share in (("With a copy", accuracy.copied), ("No copy", accuracy.other)):
            line[f"{name}, %"] = 100 * share.value
            line[f"{name}, interval"] = format_interval(share.interval, unit=False)
        line["All faces, %"] = 100 * accuracy.all.value
        for name, share in (("with a copy", rare.copied), ("no copy", rare.other)):
            line[f"{RARE.capitalize()} found, {name}"] = f"{share.hits} of {share.n}"
        lines.append(line)
    return pd.DataFrame(lines)


def csv_rows(models: Sequence[ModelSpec], split: str) -> list[dict[str, Any]]:
    """The same numbers for a spreadsheet, with both ends of every interval."""
    rows = []
    for model in models:
        row: dict[str, Any] = {"model": model.name, "split": split}
        accuracy = near_copies.accuracy(model.name, split)
        rare = near_copies.recall(model.name, split)[RARE]
        for name, contrast in (("accuracy", accuracy), (f"{RARE}_recall", rare)):
            for kind, share in (("with_copy", contrast.copied), ("no_copy", contrast.other)):
                column = f"{name}_{kind}"
                row |= with_interval(column, share.value, share.interval if share.n else None)
                row |= {f"{column}_faces": share.n}
        rows.append(row)
    return rows


def _chart(split: str) -> None:
    shares = near_copies.copy_shares(split)
    values = {name: share.value for name, share in shares.items()}
    counts = {name: share.n for name, share in shares.items()}
    figure.show(
        partial(emotion_bars.share_bars, values, counts),
        "copied",
        theme.alt_text(f"Share of each emotion's {split} faces with a copy", values),
        title="Share of each emotion's faces with a copy in Training",
        source=f"{split}, {sum(counts.values()):,} faces; in brackets 95 % Wilson intervals.",
        rows=partial(figure.share_rows, split, values, counts, "with_copy"),
    )
    st.caption(
        f"Share of each emotion's {split} faces with a copy in Training; in brackets 95 % Wilson "
        "intervals."
    )


def _baseline_text(model: ModelSpec, split: str) -> str:
    """The no-skill baseline on the faces without a copy."""
    labels = near_copies.select_predictions(model.name, split, "no_copy").labels
    matrix = classification.confusion_matrix(labels, labels)
    emotion = EMOTIONS[int(matrix.sum(axis=1).argmax())]
    baseline = percent(baselines.majority_accuracy_of(labels), 1)
    return f"No-skill baseline without a copy: always “{emotion}”, {baseline}."


def _pairs(dataset: Fer2013Dataset, split: str) -> None:
    """The pairs as images, `PER_PAGE` at a time, the least similar first."""
    st.subheader("The pairs", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = address.choose(
            st.selectbox,
            "Label of the test face",
            ["all", *EMOTIONS],
            key="copied_label",
            default="all",
            width=200,
        )
        kind = address.choose(
            st.segmented_control,
            "Pairs",
            PAIRS,
            key="pairs",
            default="all",
            format_func=lambda name: PAIRS[name],
            wrap=True,
        )
    selected_pairs = select_pairs(split, label, kind)
    st.caption("Left: the test face. Right: the Training image. The least similar come first.")
    face_gallery.show_gallery(
        [pair.test_id for _, pair in selected_pairs],
        [f"labelled {test_label}" for test_label, _ in selected_pairs],
        key="pair_page",
        per_page=PER_PAGE,
        detail=lambda i: _training_image(dataset, selected_pairs[i][1]),
    )


def select_pairs(split: str, label: str, kind: str) -> list[tuple[str, NearCopy]]:
    """The test face's label and its copy, least similar first, for the chosen pairs.

    Args:
        split: `PublicTest` or `PrivateTest`.
        label: An emotion, or "all".
        kind: A key of `PAIRS`.
    """
    pairs = [
        (test_label, pair)
        for test_label, pair in near_copies.labelled_copies(split)
        if label in ("all", test_label) and (kind == "all" or test_label != pair.training_label)
    ]
    return sorted(pairs, key=lambda pair: (pair[1].correlation, pair[1].test_id))


def _training_image(dataset: Fer2013Dataset, pair: NearCopy) -> Markup:
    """HTML: the Training image of a pair with its label and the correlation."""
    try:
        alt = f"FER2013 {pair.training_id}, labelled {pair.training_label}"
        image = tag("img", src=data_uri(dataset.chip(pair.training_id)), alt=alt, class_="copy")
    except (KeyError, DataError):
        image = tag("p", "not in this copy of FER2013")
    note = f"correlation {pair.correlation:.3f}" + (", mirrored" if pair.mirrored else "")
    return tag("div", image, tag("p", f"Training: {pair.training_label}"), tag("p", note))


def _share(share: Share) -> str:
    """'81.1 % (95 % interval 78.5 to 83.5 %)'."""
    return f"{percent(share.value, 1)} (95 % interval {format_interval(share.interval)})"
