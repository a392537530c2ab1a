"""A visitor's own model as one more row: what it predicts for a known set, as a file."""

from pathlib import PurePosixPath

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation import own_predictions
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from pages.server import streamlit_internals
from pages.session.own_sets import MAX_MODELS, own_results
from pages.text.escape import escape_sentence

KEY = "own-predictions"
SPLITS = ("PublicTest", "PrivateTest")


def show() -> None:
    """The set, the upload field and the form of the file."""
    own = own_results()
    st.markdown(
        "Run your model where it is, and bring what it predicts: it becomes one more row on the "
        "Leaderboard, in the matrices, metrics, tests and agreement. No model is uploaded, and no "
        "code is run. To choose between versions of your model, use PublicTest: PrivateTest is for "
        "one final look."
    )
    titles = {name: f"FER2013's {name}" for name in SPLITS}
    titles |= {name: f"Yours: {each.title}" for name, each in own.sets.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        set_name = st.selectbox(
            "Predictions for",
            list(titles),
            format_func=lambda name: titles[name],
            key=f"{KEY}-set",
            width=320,
        )
        title = st.text_input("Name of the model", key=f"{KEY}-title", width=320, max_chars=60)
    round_ = st.session_state.setdefault(f"{KEY}-round", 0)
    st.file_uploader(
        "Its predictions, up to 20 MB: .csv, .tsv or .npz",
        ["csv", "tsv", "npz"],
        key=f"{KEY}-{round_}",
        on_change=_receive,
        args=(f"{KEY}-{round_}", set_name, title),
    )
    st.caption(
        f"One row per face: `id` and seven probabilities, columns {', '.join(EMOTIONS)} by name; "
        "or `id` and `answer`. Ids of FER2013 are those of its files, such as "
        "`PublicTest_10131363`, or the row numbers of fer2013.csv. All faces of the set must be "
        "there."
    )
    for sentence in st.session_state.get(f"{KEY}-problems", []):
        st.warning(escape_sentence(sentence))


def _receive(key: str, set_name: str, title: str) -> None:
    value = st.session_state[key]
    problems = []
    for name, content in streamlit_internals.take_uploads([value] if value else []):
        try:
            _add(content, name, set_name, title)
        except FerError as error:
            problems.append(f"{name}: {error}")
    st.session_state[f"{KEY}-problems"] = problems
    st.session_state[f"{KEY}-round"] += 1


def _add(content: bytes, file_name: str, set_name: str, title: str) -> None:
    own = own_results()
    faces: EvaluationSet = own.sets.get(set_name) or committed_set(set_name)
    if len(own.models.get(set_name, {})) >= MAX_MODELS:
        raise FerError(f"A set has at most {MAX_MODELS} own models: remove one first.")
    result = own_predictions.read(content, file_name, faces)
    taken = {*MODELS, *faces.models, *own.models.get(set_name, {})}
    model = own_model_spec(title.strip() or PurePosixPath(file_name).stem, taken=taken)
    own.add_model(set_name, model, result.predictions, result.notes)
