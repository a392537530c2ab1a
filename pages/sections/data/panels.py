"""How the page of the data draws and says things."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013 import SPLITS, Fer2013Dataset
from fer_core.datasets.fer2013_stats import DatasetStats
from fer_core.datasets.ferplus import find_votes
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.errors import DataError, FerError
from fer_core.evaluation import agreement, ferplus_agreement
from fer_core.evaluation.shared_errors import SharedErrors
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from pages.text.markup import tag

#: What `fer2013_stats.Facts` counts, in words.
FIELD_TITLES = {
    "counts": "faces by split and emotion",
    "groups": "groups of identical pictures",
    "images_in_groups": "pictures in such groups",
    "groups_across_splits": "groups that reach across splits",
    "groups_with_conflicting_labels": "groups with conflicting labels",
    "twins": "PrivateTest pictures with a twin in Training",
}


def balance_table(known: DatasetStats) -> pd.DataFrame:
    """Faces and their share in percent, an emotion a row, for every split."""
    table = pd.DataFrame({"Emotion": [*EMOTIONS, "all"]})
    for split in SPLITS:
        counts = [known.counts[split][name] for name in EMOTIONS]
        table[split] = [*counts, known.total(split)]
        table[f"{split}, %"] = 100 * table[split] / known.total(split)
    return table


def differing_fields(recorded: DatasetStats, counted: DatasetStats) -> list[str]:
    """Which numbers of two counts differ, in words."""
    return [FIELD_TITLES[name] for name in recorded.different_fields(counted)]


def scan_button(found: Fer2013Dataset, label: str, key: str) -> None:
    """A button that looks at every picture; `fer2013_stats.surveyed` has what it found."""
    if not st.button(label, key=key, icon=":material/visibility:"):
        return
    text = f"Looking at {len(found):,} pictures"
    bar = st.progress(0.0, text=text)
    try:
        fer2013_stats.scan_dataset(found, lambda share: bar.progress(share, text=text))
    except DataError as error:
        st.error(str(error))
        return
    finally:
        bar.empty()
    st.rerun()


def mean_face_gallery(means: np.ndarray, counts: Mapping[str, int]) -> Markup:
    """HTML of the seven mean faces (7, 48, 48), grey 0 to 255; emotions without a face left out."""
    cards = []
    for name, mean in zip(EMOTIONS, means, strict=True):
        if np.isfinite(mean).all():
            grey = np.rint(mean).clip(0, 255).astype(np.uint8)
            alt = f"Mean of {counts[name]:,} {name} faces of Training"
            image = tag("img", src=data_uri(grey), alt=alt, width=48, height=48)
            below = tag("div", tag("p", name), tag("p", f"{counts[name]:,} faces"))
            cards.append(tag("li", image, below))
    return tag("ul", *cards, class_="faces mean")


def shared_errors_table(hard: SharedErrors) -> pd.DataFrame:
    """Faces wrong in all variants by FER2013's label, and their share of that label's faces."""
    wrong, faces = zip(*hard.by_label.values(), strict=True)
    share = [100 * part for part in hard.shares.values()]
    return pd.DataFrame(
        {"Label": EMOTIONS, "Wrong in all": wrong, "Faces": faces, "Share, %": share}
    )


def answers_by_emotion(found: Mapping[str, Predictions], row: int) -> Markup:
    """HTML: what each variant said of one face, the same answers together, most common first."""
    sure = {name: percent(float(each.probabilities[row].max())) for name, each in found.items()}
    said = {name: EMOTIONS[each.predicted[row]] for name, each in found.items()}
    lines = (
        tag(
            "p",
            tag("b", answer),
            f", {len(names)} of {len(found)}: ",
            ", ".join(f"{MODELS[name].title} {sure[name]}" for name in names),
            style=f"border-color:{COLOURS[answer]}",
        )
        for answer, names in agreement.group_by_answer(said).items()
    )
    return tag("div", *lines, class_="answers")


def unsupported_labels_text(found: Predictions, rows: np.ndarray) -> str:
    """With the crowd's votes at hand: how many of those faces nobody would label as they are."""
    try:
        votes = find_votes()
    except FerError:
        return ""  # said on the page of the crowd's eye
    if votes is None:
        return ""
    told = ferplus_agreement.unsupported_labels(found.labels[rows], votes.for_images(found.ids[rows]))
    return (
        f"For {told.without_support:,} of the {told.with_votes:,} of them that ten people were asked about, not "
        "one of the ten chose FER2013's label."
    )
