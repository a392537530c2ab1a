"""The seven yes/no models beside the others, for one face of the Compare page."""

from functools import partial

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports.drawing import WARNING
from fer_core.reports.format import join_words
from pages.components import face_panel, figure
from pages.sections.compare import charts, text
from pages.sections.compare.panels import numbered_name
from pages.sections.compare.text import ComparedFace


def show_yes_no(face: ComparedFace) -> None:
    """Draw the seven yes/no answers beside those of the models that give one emotion."""
    name = next((name for name in face.answers if MODELS[name].yes_no), None)
    if name is None:
        return
    answer = face.answers[name]
    if answer.scores is None:
        return
    positive = answer.positive_emotions(summaries.thresholds(MODELS[name]))
    count, explanation = text.yes_answers(positive, answer.emotion)
    st.header(f"Seven yes/no models: {count}", anchor=False)
    st.markdown(explanation)
    left, right = st.columns(2, gap="large")
    with left:
        face_panel.show_yes_no_scores(name, answer, numbered_name(face))
    votes = text.count_votes(face)
    if not any(votes.values()):
        return
    with right:
        ranked = sorted((name for name in EMOTIONS if votes[name]), key=lambda name: -votes[name])
        total = sum(votes.values())
        answers = join_words(
            [f"{votes[name]} {'say' if votes[name] > 1 else 'says'} {name}" for name in ranked]
        )
        sentence = f"Of the {total} models with a single answer, {answers}."
        st.markdown(f"**One answer per model.** {sentence}")
        figure.show(
            partial(charts.vote_bars, votes),
            "votes",
            sentence,
            title=f"Answers of the {total} models with a single answer",
            source=f"{numbered_name(face)}. {WARNING}",
            rows=lambda: [{"emotion": emotion, "models": votes[emotion]} for emotion in EMOTIONS],
        )
        st.caption(
            "Each bar counts the models for which this emotion is the most probable one. Their "
            "seven probabilities add up to 100 %, so they always give exactly one answer."
        )
