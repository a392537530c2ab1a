"""The faces that every model gets wrong."""

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.fer2013 import Fer2013Dataset
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.shared_errors import find_shared_errors
from fer_core.reports.format import percent
from pages.charts import emotion_bars, theme
from pages.components import face_gallery, selectors
from pages.sections.data import panels

ALL = "all"


def show(found: Fer2013Dataset | None) -> None:
    """How many they are, of which label, and the faces themselves."""
    st.header("Which faces does every model get wrong?", anchor=False)
    variants = evaluated_models()
    if not variants:
        st.info("No model has been evaluated yet: `python -m training.evaluate all` does it.")
        if not found:
            face_gallery.show_download_instructions()
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tested = selectors.select_split()
        label = st.selectbox(
            "FER2013's label", [ALL, *EMOTIONS], key="label", width=200, bind="query-params"
        )
    try:
        predictions = {
            variant.name: split_predictions(variant.name, tested) for variant in variants
        }
    except ResultsError as error:
        st.error(str(error))
        st.stop()
    first = predictions[variants[0].name]
    hard = find_shared_errors(list(predictions.values()))
    table = panels.shared_errors_table(hard)
    st.markdown(
        f"**{len(hard.indices):,} of {tested}'s {hard.n:,} faces ({percent(hard.share, 1)}) get the "
        "wrong "
        f"name from all {len(variants)} models.** If the models erred independently of each other, "
        "it "
        f"would be about {hard.expected_by_chance:,.0f}: they fail on the same faces. "
        + panels.unsupported_labels_text(first, hard.indices)
    )
    st.plotly_chart(
        emotion_bars.share_bars(hard.shares, {name: n for name, (_, n) in hard.by_label.items()}),
        key="hardest",
        config=theme.STATIC,
        alt=theme.alt_text(
            f"Share of each label's {tested} faces wrong in all models", hard.shares
        ),
    )
    st.caption(f"Share of each label's faces in {tested} that no model named right.")
    with st.expander("As a table"):
        st.dataframe(
            table,
            hide_index=True,
            column_config={"Share, %": st.column_config.NumberColumn(format="%.1f")},
            alt=f"Faces of each label that all models get wrong; {len(hard.indices):,} in all",
        )
    rows = [row for row in hard.indices if label in (ALL, EMOTIONS[first.labels[row]])]
    if found:
        st.markdown(
            "The surest mistakes come first. With each face: who called it what, how surely."
        )
    face_gallery.show_gallery(
        first.ids[np.array(rows, int)],
        [f"labelled {EMOTIONS[first.labels[row]]}" for row in rows],
        key="faces",
        per_page=12,
        detail=lambda at: panels.answers_by_emotion(predictions, int(rows[at])),
    )
