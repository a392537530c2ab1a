"""Which faces, which network, and what the colours stand for."""

from typing import Literal

import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import face_map
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.evaluation.face_map import FaceMap
from fer_core.registry import MODELS, list_networks
from pages.components import address, test_sets
from pages.sections.face_map.view import View
from pages.text.escape import escape_sentence

DEFAULT = "multiclass"  # learned FER2013's labels alone, and is fast
Colour = Literal["label", "answer", "right", "crowd", "disagreement"]
COLOURS: dict[Colour, str] = {
    "label": "label",
    "answer": "the network's answer",
    "right": "right or wrong",
    "crowd": "what the crowd says",
    "disagreement": "the crowd's disagreement",
}


def select() -> tuple[View, Colour]:
    """Draw the controls; the page stops where there is no map."""
    maps, problems = _read_maps()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        evaluation_set = test_sets.select_set()
        if not maps:
            st.info(escape_sentence(problems[0]))
            st.stop()
        name = address.choose(
            st.selectbox,
            "Network",
            list(maps),
            key="map-model",
            param="model",
            default=DEFAULT if DEFAULT in maps else next(iter(maps)),
            format_func=lambda name: MODELS[name].title,
            help="Ensembles have no map: they combine the answers of networks, and have no "
            "features of their own.",
            width=280,
        )
    colour = address.choose_title("Colour by", COLOURS, "colour")
    for problem in problems:
        st.caption(escape_sentence(problem))
    return View(_on_map(evaluation_set), MODELS[name], maps[name]), colour


def _read_maps() -> tuple[dict[str, FaceMap], list[str]]:
    """The networks' maps, and why others are missing, a sentence for each."""
    maps, problems = {}, []
    for name in list_networks():
        try:
            maps[name] = face_map.load(name)
        except ResultsError as error:
            problems.append(str(error))
    return maps, problems


def _on_map(evaluation_set: EvaluationSet) -> EvaluationSet:
    """The set itself if it is FER2013's, else PrivateTest, with a note."""
    if evaluation_set.is_fer2013:
        return evaluation_set
    st.info(
        "The map is of FER2013's test faces, so it shows PrivateTest instead of your set. Photos "
        "of yours can be placed on it below."
    )
    return committed_set(TEST_SPLIT)
