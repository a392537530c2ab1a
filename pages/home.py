"""Home: what this is, the models and how far to believe them."""

import streamlit as st

from fer_core.artifacts import weights_file
from fer_core.evaluation import study
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.app import navigation
from pages.components import model_table, page_links, study_table
from pages.text.counting import number_word

navigation.ensure_entry_script()
st.title("FER Explorer", anchor=False)
count = number_word(len(MODELS))
st.markdown(
    f"{count.capitalize()} models look at a face and name one of seven expressions. Give them a "
    "photo, see what each one answers, and find out how often it is right."
)
classify = page_links.PAGES["classify"]
if st.button("Classify a photo", type="primary", icon=classify.icon):
    st.switch_page(classify.file)
page_links.question_links()

st.space("small")
st.header(f"The {count} models", anchor=False)
st.caption(
    "Accuracy is the share of faces given the right one of seven names; ± is the 95 % interval. "
    "The study measured on its own validation folder, we measure on FER2013's PrivateTest, which "
    "had no say in choosing a model. The upright tick is no skill: always giving the commonest "
    "answer."
)
table = st.empty()
ready = [variant for variant in MODELS.values() if weights_file.is_ready(variant)]
if st.button("Measure the speed on this machine", icon=":material/speed:", disabled=not ready):
    model_table.measure_speed()
table.html(model_table.table(st.session_state.get("milliseconds", {})))

st.space("medium")
why, caution = st.columns(2, gap="large")
with why:
    st.header("Why accuracy misleads", anchor=False)
    theirs = study.yes_no_accuracy()
    st.markdown(
        f"The study's seven yes/no models look excellent: {percent(theirs['angry'])} for angry, "
        f"{percent(theirs['disgust'])} for disgust. But {100 * study.always_no_accuracy('angry'):.0f} "
        "of 100 faces are not angry, so a model that always says “no” scores just the same. To "
        "the last digit, that is what those seven did. So here no skill stands beside every "
        "accuracy, and balanced accuracy with it: the mean of how many yes and how many no faces "
        "were got right, 50 % for no skill."
    )
    st.html(study_table.yes_no_table())
    st.caption(f"Study: its validation folder, {study.IMAGE_TOTAL:,} faces. Ours: {study_table.split_label()}.")
with caution:
    st.header("Before you use it", anchor=False)
    st.markdown(
        "- **An expression is not a feeling.** People smile in grief and frown in thought, and "
        "faces differ across cultures.\n"
        "- **The models see little.** Each guesses from 48 × 48 grey pixels; people themselves "
        "often disagree about such pictures.\n"
        "- **Decide nothing about anyone with it.** Not hiring, marking, health or trust.\n"
        "- **Photos stay in memory only.** Nothing is stored or sent on. Ask before you use "
        "someone else's photo."
    )
    page_links.link("responsible", "What they can tell, and the law")
