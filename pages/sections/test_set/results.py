"""Opening a results file: a set that was evaluated elsewhere, such as on a server."""

import streamlit as st

from fer_core.errors import FerError
from fer_core.own_sets.results_file import ENDINGS, read_results
from pages.sections.test_set import names
from pages.server import streamlit_internals
from pages.text.escape import escape_sentence

KEY = "results-file"


def show() -> None:
    """The upload field, and what came of the last files."""
    st.markdown(
        "Evaluate a large set once, on the machine where the photos are, and explore it here. No "
        "photo is needed, and no code in the file is run."
    )
    st.code("python -m fer_core evaluate FOLDER --out results.npz", language="sh")
    round_ = st.session_state.setdefault(f"{KEY}-round", 0)
    st.file_uploader(
        "A results file, up to 20 MB: .npz, .json or .csv",
        [ending.lstrip(".") for ending in ENDINGS],
        accept_multiple_files=True,
        key=f"{KEY}-{round_}",
        on_change=_receive,
        args=(f"{KEY}-{round_}",),
    )
    for sentence in st.session_state.get(f"{KEY}-problems", []):
        st.warning(escape_sentence(sentence))


def _receive(key: str) -> None:
    problems = []
    for name, content in streamlit_internals.take_uploads(st.session_state[key] or []):
        try:
            names.add(read_results(content, name))
        except FerError as error:
            problems.append(str(error))
    st.session_state[f"{KEY}-problems"] = problems
    st.session_state[f"{KEY}-round"] += 1
