"""Tables, texts and HTML of the page Data."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.datasets.fer2013_ids import SPLITS
from fer_core.datasets.fer2013_stats import DatasetStats
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.errors import DataError, FerError, ResultsError
from fer_core.evaluation import agreement, copy_agreement, ferplus_agreement, ferplus_votes
from fer_core.evaluation.shared_errors import SharedErrors
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import format_interval, percent
from pages.text.markup import tag

#: Titles of the fields of `fer2013_stats.DatasetStats`.
FIELD_TITLES = {
    "counts": "faces by split and emotion",
    "groups": "groups of identical images",
    "images_in_groups": "images in such groups",
    "groups_across_splits": "groups that span several splits",
    "groups_with_conflicting_labels": "groups with conflicting labels",
    "train_duplicates": "PrivateTest images with a duplicate in Training",
}


def balance_table(stats: DatasetStats) -> pd.DataFrame:
    """Faces and their share in per cent in every split, one row per emotion."""
    table = pd.DataFrame({"Emotion": [*EMOTIONS, "all"]})
    for split in SPLITS:
        counts = [stats.counts[split][name] for name in EMOTIONS]
        table[split] = [*counts, stats.total(split)]
        table[f"{split}, %"] = 100 * table[split] / stats.total(split)
    return table


def differing_fields(committed: DatasetStats, counted: DatasetStats) -> list[str]:
    """Titles of the fields in which two counts differ."""
    return [FIELD_TITLES[name] for name in committed.different_fields(counted)]


def no_face_text() -> str:
    """A list item: images that show no face by FER+; empty where it was not measured."""
    try:
        images = copy_agreement.load()["PrivateTest"].no_face.all
    except ResultsError:
        return ""
    return (
        f"\n- **{images.hits} of PrivateTest's {images.n:,} images with FER+ votes show no face** "
        f"for at least {ferplus_votes.MIN_MAJORITY_VOTES} of ten annotators. They count in "
        "every score here, as in the literature."
    )


def scan_button(dataset: Fer2013Dataset, label: str, key: str) -> None:
    """A button that reads every image; afterwards `fer2013_stats.cached_scan` has the result."""
    if not st.button(label, key=key, icon=":material/visibility:"):
        return
    text = f"Reading {len(dataset):,} images"
    bar = st.progress(0.0, text=text)
    try:
        fer2013_stats.scan_dataset(dataset, lambda share: bar.progress(share, text=text))
    except DataError as error:
        st.error(str(error))
        return
    finally:
        bar.empty()
    st.rerun()


def mean_face_gallery(means: np.ndarray, counts: Mapping[str, int]) -> Markup:
    """HTML of the mean faces (7, 48, 48), grey 0 to 255; emotions without a face are left out."""
    cards = []
    for name, mean in zip(EMOTIONS, means, strict=True):
        if np.isfinite(mean).all():
            grey = np.rint(mean).clip(0, 255).astype(np.uint8)
            alt = f"Mean of {counts[name]:,} {name} faces of Training"
            image = tag("img", src=data_uri(grey), alt=alt, width=48, height=48)
            caption = tag("div", tag("p", name), tag("p", f"{counts[name]:,} faces"))
            cards.append(tag("li", image, caption))
    return tag("ul", *cards, class_="faces mean")


def shared_errors_table(errors: SharedErrors) -> pd.DataFrame:
    """Faces that all models get wrong by FER2013's label, and their share of that label's faces."""
    wrong, faces = zip(*errors.by_label.values(), strict=True)
    shares = [100 * share for share in errors.shares.values()]
    return pd.DataFrame(
        {
            "Label": EMOTIONS,
            "Wrong for all models": wrong,
            "Faces": faces,
            "Share, %": shares,
            "Share interval, %": [
                format_interval(wilson_interval(k, n), unit=False) if n else None
                for k, n in zip(wrong, faces, strict=True)
            ],
        }
    )


def answers_by_emotion(by_model: Mapping[str, Predictions], row: int) -> Markup:
    """HTML: the models' answers to one face, grouped by emotion, the most common answer first."""
    confidence = {
        name: percent(float(predictions.probabilities[row].max()))
        for name, predictions in by_model.items()
    }
    answers = {name: EMOTIONS[predictions.predicted[row]] for name, predictions in by_model.items()}
    lines = (
        tag(
            "p",
            tag("b", emotion),
            f", {len(names)} of {len(by_model)}: ",
            ", ".join(f"{MODELS[name].title} {confidence[name]}" for name in names),
            style=f"border-color:{COLOURS[emotion]}",
        )
        for emotion, names in agreement.group_by_answer(answers).items()
    )
    return tag("div", *lines, class_="answers")


def unsupported_labels_text(predictions: Predictions, rows: np.ndarray) -> str:
    """How many of those faces have a label that no annotator chose; empty without FER+'s votes."""
    try:
        votes = find_votes()
    except FerError:
        return ""  # reported on the page Label agreement
    if votes is None:
        return ""
    unsupported = ferplus_agreement.unsupported_labels(
        predictions.labels[rows], votes.for_images(predictions.ids[rows])
    )
    return (
        f"For {unsupported.without_support:,} of the {unsupported.with_votes:,} of them "
        "with FER+ votes, none of "
        "the ten annotators chose FER2013's label."
    )
