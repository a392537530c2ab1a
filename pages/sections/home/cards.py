"""Three cards at the top of Home: try a face, which model, and why accuracy misleads."""

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from fer_core.errors import ResultsError
from fer_core.evaluation import hidden_failures, rankings, study
from fer_core.evaluation.evaluation_set import TEST_SPLIT, committed_set
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS
from fer_core.reports import ranking_text, speed_text
from fer_core.reports.format import join_words, number_word, percent
from pages.components import page_links, speed
from pages.text.markup import tag

EMOTION = "angry"  # the study's example
PHOTO_WIDTH = 150  # pixels


def show() -> DeltaGenerator:
    """Draw the cards; returns the place of the second one's text, for `model_text`.

    That text needs all predictions, which take seconds at the first visit.
    """
    face, model, accuracy = st.columns(3, gap="medium")
    with face.container(border=True, height="stretch"):
        st.subheader("Try a face", anchor=False)
        st.image(sample_photo(), width=PHOTO_WIDTH, alt="The sample photo: an astronaut smiles")
        st.markdown("Upload a photo, or take one, and see which emotion each model names.")
        classify = page_links.PAGES["classify"]
        if st.button("Classify a photo", type="primary", icon=classify.icon):
            st.switch_page(classify.file)
    with model.container(border=True, height="stretch"):
        st.subheader("Which model?", anchor=False)
        place = st.empty()
        page_links.link("leaderboard", "All models on the {title}")
    with accuracy.container(border=True, height="stretch"):
        st.subheader("Why accuracy misleads", anchor=False)
        st.html(accuracy_picture())
        st.markdown(
            f"The study's yes/no model for {EMOTION} is no better than one that always answers "
            "“no”. So every accuracy here comes with a no-skill baseline."
        )
        page_links.link("per_class", "Try it on {title}")
    return place


def model_text(model_names: tuple[str, ...]) -> str:
    """The fastest model within chance of the most accurate, and what accuracy hides, as Markdown;
    empty where results are missing, which the Leaderboard reports."""
    test_set = committed_set(TEST_SPLIT)
    try:
        places = rankings.ranking(test_set, "accuracy", model_names)
        failures = hidden_failures.hidden_failures(test_set, model_names)
    except ResultsError:
        return ""
    measured, title = speed.current(), rankings.RANKINGS["accuracy"]
    sentences = [ranking_text.failures_text(failures, places[0].name, test_set)]
    if measured:
        text = speed_text.summary(places, title, measured, whole_photo=True)
        sentences.insert(0, f"{text} Measured {speed.place(measured)}.")
    return "\n\n".join(sentence for sentence in sentences if sentence)


def origin_text() -> str:
    """Which models are the study's, which are ours and which are the operator's."""
    others = [model for model in MODELS.values() if not model.in_study]
    of_study = number_word(len(MODELS) - len(others)).capitalize()
    ours = [model.title for model in others if not model.is_own]
    own = [model.title for model in others if model.is_own]
    text = (
        f"{of_study} models are those of {study.NAME}, which measured accuracy on its own "
        "validation folder."
    )
    if ours:
        text += f" {join_words(ours)} {'is' if len(ours) == 1 else 'are'} ours, not the study's."
    if own:
        verb = "was" if len(own) == 1 else "were"
        text += f" {join_words(own)} {verb} added on this server, and not evaluated by us."
    return text


def accuracy_picture() -> Markup:
    """HTML: the study's accuracy for one emotion and that of always "no", as bars of one scale."""
    rows = (
        (f"the study's {EMOTION} model", study.yes_no_accuracy()[EMOTION]),
        ("always “no”", study.always_no_accuracy(EMOTION)),
    )
    lines = [
        tag(
            "div",
            tag("b", percent(value, 2)),
            f" {title}",
            tag("span", class_="meter", style=f"--value:{value:.4f};--tick:1"),
        )
        for title, value in rows
    ]
    return tag("div", *lines, class_="bars")
