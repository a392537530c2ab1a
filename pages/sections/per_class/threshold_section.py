"""One emotion against the rest: a threshold, what it means in faces, and its two curves."""

import streamlit as st

from fer_core.evaluation import thresholds
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent
from pages.charts import theme, threshold_curves
from pages.components import selectors
from pages.sections.per_class import threshold_panel


def show(variant: ModelSpec, split: str) -> str:
    """The section; gives the emotion that was chosen."""
    st.header("Where does it draw the line?", anchor=False)
    emotion = selectors.select_emotion(label="One emotion against the rest", default="angry")
    roc, precision_recall = thresholds.split_curves(variant.name, split, emotion)
    left, middle, right = st.columns([1.05, 1, 1], gap="large")
    with left:
        chosen = threshold_panel.slider(variant, emotion)
        asked = thresholds.split_one_vs_rest(variant.name, split, emotion)
        counts = thresholds.counts_at_threshold(*asked, chosen)
        st.html(threshold_panel.counts_table(counts, emotion))
        st.html(threshold_panel.rates_table(counts, emotion))
    with middle:
        st.subheader(f"ROC curve, area {roc.area:.3f}", anchor=False)
        st.plotly_chart(
            threshold_curves.roc_chart(roc, counts, emotion),
            key="roc",
            config=theme.STATIC,
            alt=f"ROC curve of {emotion}: area {roc.area:.3f}, no skill 0.5. The chosen threshold "
            f"finds {percent(counts.recall)} at {percent(1 - counts.specificity)} false alarms.",
        )
        st.caption(
            f"Of one {emotion} face and one other, the {emotion} one scores higher "
            f"{percent(roc.area, 1)} of the time. That is the area; no skill gets 0.5."
        )
    with right:
        st.subheader(f"Precision–recall curve, area {precision_recall.area:.3f}", anchor=False)
        st.plotly_chart(
            threshold_curves.precision_recall_chart(precision_recall, counts, emotion),
            key="precision-recall",
            config=theme.STATIC,
            alt=f"Precision–recall curve of {emotion}: area {precision_recall.area:.3f}. The "
            "chosen "
            f"threshold has recall {percent(counts.recall)}, precision "
            f"{percent(counts.precision)}.",
        )
        st.caption(
            "The area, average precision, is the mean precision as recall grows from 0 to 100 %. "
            "Picking blindly is right as often as the emotion occurs: the dashed line."
        )
    st.caption(
        "No skill in the table: saying yes to as many faces, picked blindly; for accuracy, always "
        f"“no”. {threshold_panel.score_note(variant, emotion)}"
    )
    threshold_panel.download(variant, split, emotion)
    return emotion
