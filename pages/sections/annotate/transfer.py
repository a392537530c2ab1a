"""Downloads of all labels, and taking in those of an earlier visit."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from fer_core.errors import DataError
from fer_core.reports import export, label_studio
from fer_core.reports.annotation_table import annotation_rows, read_annotations
from pages.components import downloads, page_links
from pages.sections.annotate import answers
from pages.sections.annotate.answers import Rated
from pages.server import streamlit_internals
from pages.session import annotations

ROUND_KEY = "labels-round"  # in the session: number of uploads, each of which empties the field
MESSAGE_KEY = "labels-message"


def show_downloads(rated: Sequence[Rated], names: Sequence[str]) -> None:
    """Draw the buttons for all labels and for the agreement."""
    st.header("Keep the labels", anchor=False)
    st.markdown("Labels are forgotten when you leave. Download them to go on another time.")
    labelled = [each.as_labelled() for each in rated]
    downloads.csv_button("Labels as CSV", lambda: annotation_rows(labelled), "labels", "labels-csv")
    downloads.csv_button(
        "Agreement as CSV",
        lambda: [row for name in names for row in agreement_rows(rated, name)],
        "label-agreement",
        "agreement-csv",
    )
    downloads.button(
        "Tasks for Label Studio",
        lambda: label_studio.to_json(labelled).encode(),
        downloads.dated("label-studio", ".json"),
        "label-studio",
    )
    page_links.link("test_set", "Measure the models by these labels")
    st.caption(
        "The files have the annotators' names and the photos' file names, and no picture. A team "
        "can go on in Label Studio with the JSON file, once it has the images there."
    )


def agreement_rows(rated: Sequence[Rated], annotator: str) -> list[dict[str, Any]]:
    """One row per model, reference and other annotator."""
    return [
        {"annotator": annotator, "second": name, "n": match.n}
        | export.with_interval("same_answer", match.share, match.interval)
        | export.with_interval("kappa", match.kappa.value, match.kappa.interval)
        for name, match in answers.matches(rated, annotator).items()
    ]


def show_import() -> None:
    """Draw the field for a CSV file of an earlier visit, and what was taken in."""
    with st.expander("Go on with labels from a file", icon=":material/upload:"):
        key = f"labels-{st.session_state.setdefault(ROUND_KEY, 0)}"
        st.file_uploader(
            "The CSV file that this page wrote. Upload its photos first: labels are matched by "
            "the photos' file names.",
            key=key,
            on_change=_receive,
            args=(key,),
        )
        if message := st.session_state.pop(MESSAGE_KEY, ""):
            st.markdown(message)


def _receive(key: str) -> None:
    """Take in a file's labels, leaving no copy of it with the server."""
    value = st.session_state[key]
    files = streamlit_internals.take_uploads([value] if value else [])
    if not files:
        return
    st.session_state[ROUND_KEY] += 1
    [(_, content)] = files
    try:
        taken, left_out = annotations.take_in(read_annotations(content))
    except DataError as error:
        st.session_state[MESSAGE_KEY] = str(error)
        return
    message = f"{taken:,} labels were taken in."
    if left_out:
        message += f" {left_out:,} were left out: their photo is not here, or there are too many "
        message += "annotators."
    st.session_state[MESSAGE_KEY] = message
