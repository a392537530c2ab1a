"""Home: what the app does, the models with their accuracy, and what to know before using them."""

from contextlib import suppress

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import study
from fer_core.registry import MODELS
from fer_core.reports import private_test, standing
from fer_core.reports.format import number_word, percent
from pages.app import navigation
from pages.components import model_table, page_links, speed, study_table
from pages.sections.home import cards

navigation.ensure_entry_script()
st.title("FER Explorer", anchor=False)
count = number_word(len(MODELS))
st.markdown(
    f"{count.capitalize()} models sort the expression on a face into one of seven emotions. Upload "
    "a photo, compare what the models answer, and see how often each of them is right."
)
which_model = cards.show()
page_links.question_links()

st.space("small")
st.header(f"The {count} models", anchor=False)
st.caption(
    "Accuracy: the share of faces whose answer matches the label, with its 95 % interval (Wilson). "
    f"{cards.origin_text()} We report FER2013's PrivateTest: {private_test.ROLE}. The vertical "
    "tick is the no-skill baseline: always answering the most common emotion."
)
verdict = st.empty()
measured = speed.current()
st.html(model_table.table(measured, speed.place(measured)))
clicked, progress = speed.measure_button(), st.container()

st.space("medium")
accuracy, caution = st.columns(2, gap="large")
with accuracy:
    st.header("The study's yes/no models", anchor=False)
    study_accuracy = study.yes_no_accuracy()
    st.markdown(
        f"The study's seven yes/no models look excellent: {percent(study_accuracy['angry'])} for "
        f"angry, {percent(study_accuracy['disgust'])} for disgust. But "
        f"{percent(study.always_no_accuracy('angry'))} of the faces are not angry, so a "
        "model that always "
        "says “no” is just as accurate. All seven accuracies match those of always “no” to the "
        "last digit. So every accuracy here comes with a no-skill baseline and with balanced "
        "accuracy: the average of the shares of “yes” and of “no” faces recognised correctly "
        "(50 % without skill)."
    )
    yes_no_table = st.empty()
    st.caption(
        f"Study: its validation folder, {study.IMAGE_TOTAL:,} faces. Ours: "
        f"{study_table.split_label()}. {study_table.TEST_NOTE}"
    )
with caution:
    st.header("Before you use it", anchor=False)
    st.markdown(
        "- **An expression is not a feeling.** People smile in grief and frown in thought, and "
        "expressions differ between cultures.\n"
        "- **The models see little.** They guess from 48 × 48 grey pixels; people themselves often "
        "disagree about such images.\n"
        "- **Do not use it to decide anything about anyone**: not hiring, grading, health or "
        "trust.\n"
        "- **Photos stay in memory only.** Nothing is stored or passed on. Ask before you use "
        "someone else's photo."
    )
    page_links.link("responsible", "What the models can tell, and the law")

# Last, because the first visit reads all predictions here, which takes seconds.
yes_no_table.html(study_table.yes_no_table())
with suppress(ResultsError):  # the Leaderboard reports it
    standings = standing.load_standings()
    copies = standing.copies_sentence(standings[0].name)
    verdict.markdown(f"{standing.verdict(standings)} {copies}")
    which_model.markdown(cards.model_text(tuple(row.name for row in standings)))
if clicked:
    speed.measure_and_rerun(progress)
