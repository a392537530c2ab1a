"""Per-class metrics: how good a model is at each emotion, and what its numbers hide."""

import streamlit as st

from fer_core.artifacts.predictions import load_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import per_class, thresholds
from fer_core.reports.format import percent
from pages.app import navigation
from pages.charts import theme, threshold_curves
from pages.components import selectors
from pages.sections.per_class import accuracy_paradox, rates, reliability, threshold_panel
from pages.style import STYLES

navigation.ensure()
st.title("How good is it at each emotion?", anchor=False)
st.html(STYLES / "per_class.css")
evaluated = selectors.need_results()
with st.container(horizontal=True, vertical_alignment="bottom"):
    variant = selectors.variant(evaluated)
    split = selectors.split()
try:
    load_predictions(variant.name)
except ResultsError as error:
    st.info(str(error))
    st.stop()

found = per_class.split_rows(variant.name, split)
st.markdown(rates.verdict(found))
rates.overview(found)
st.caption(f"{selectors.how_measured(variant, split)} {rates.answer_note(variant)}")
rates.table(found, variant, split)

st.space("medium")
st.header("Where does it draw the line?", anchor=False)
emotion = selectors.emotion(label="One emotion against the rest", default="angry")
roc, precision_recall = thresholds.split_curves(variant.name, split, emotion)
left, middle, right = st.columns([1.05, 1, 1], gap="large")
with left:
    chosen = threshold_panel.slider(variant, emotion)
    asked = thresholds.split_question(variant.name, split, emotion)
    counts = thresholds.at_threshold(*asked, chosen)
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
        alt=f"Precision–recall curve of {emotion}: area {precision_recall.area:.3f}. The chosen "
        f"threshold has recall {percent(counts.recall)}, precision {percent(counts.precision)}.",
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

st.space("medium")
st.header(accuracy_paradox.heading(emotion), anchor=False)
told, tried = st.columns(2, gap="large")
with told:
    accuracy_paradox.story(emotion)
if any(each.name == accuracy_paradox.NAME for each in evaluated):
    with tried:
        accuracy_paradox.try_it(split, emotion)

st.space("medium")
st.header("Can you believe its confidence?", anchor=False)
reliability.show(variant, split)
