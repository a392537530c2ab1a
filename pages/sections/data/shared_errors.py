"""Shared errors: the faces that every model gets wrong."""

from functools import partial

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.shared_errors import find_shared_errors
from fer_core.reports.format import percent_with_interval
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, figure, selectors
from pages.sections.data import panels


def show(dataset: Fer2013Dataset | None) -> None:
    """How many faces every model gets wrong, of which label, and the faces themselves."""
    st.header("Which faces does every model get wrong?", anchor=False)
    models = evaluated_models()
    if not models:
        st.info("No model has been evaluated yet; run `python -m training.evaluate all`.")
        if not dataset:
            face_gallery.show_download_instructions()
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        split = selectors.select_split()
        label = selectors.select_label("shared-label")
    try:
        predictions = {model.name: split_predictions(model.name, split) for model in models}
    except ResultsError as error:
        st.error(str(error))
        st.stop()
    first = predictions[models[0].name]
    errors = find_shared_errors(list(predictions.values()))
    st.markdown(
        f"**All {len(models)} models are wrong on {len(errors.indices):,} of {split}'s "
        f"{errors.n:,} "
        f"faces ({percent_with_interval(errors.share, errors.interval)}).** If their "
        "errors were independent, it would be "
        f"about {errors.expected_by_chance:,.0f}: they fail on the same faces. "
        + panels.unsupported_labels_text(first, errors.indices)
    )
    counts = {name: n for name, (_, n) in errors.by_label.items()}
    figure.show(
        partial(emotion_bars.share_bars, errors.shares, counts),
        "shared-errors",
        theme.alt_text(
            f"Share of each label's {split} faces that all models get wrong", errors.shares
        ),
        title=f"Share of each label's faces that all {len(models)} models get wrong",
        source=f"{split}, {errors.n:,} faces; in brackets 95 % Wilson intervals.",
        rows=partial(figure.share_rows, split, errors.shares, counts, "wrong_for_all"),
    )
    st.caption(
        f"Share of each label's faces in {split} that no model gets right; in brackets "
        "95 % Wilson intervals."
    )
    with st.expander("As a table"):
        st.dataframe(
            panels.shared_errors_table(errors),
            hide_index=True,
            column_config={"Share, %": st.column_config.NumberColumn(format="%.1f")},
            alt=f"Faces of each label that all models get wrong; {len(errors.indices):,} in all",
        )
    rows = [
        row
        for row in errors.indices
        if label in (selectors.ALL_LABELS, EMOTIONS[first.labels[row]])
    ]
    if dataset:
        st.markdown(
            "The most confident mistakes come first. Each face shows the models' answers and their "
            "confidence."
        )
    face_gallery.show_gallery(
        first.ids[np.array(rows, int)],
        [f"labelled {EMOTIONS[first.labels[row]]}" for row in rows],
        key="faces",
        per_page=12,
        detail=lambda i: panels.answers_by_emotion(predictions, int(rows[i])),
    )
