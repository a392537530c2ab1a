"""The button for a report of a test set: one HTML file that works offline and prints."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.reports.set_report import html_report
from pages.components import downloads

FACES = {"none": "None", "blurred": "Blurred", "plain": "As they are"}


def show(
    evaluation_set: EvaluationSet, names: Sequence[str], chips: np.ndarray | None = None
) -> None:
    """Show the button; the report is made when it is clicked.

    Args:
        evaluation_set: The faces.
        names: The models of the report.
        chips: (N, 48, 48) uint8 grey, the visitor's own faces in the order of the set, to show the
            best model's most confident mistakes; the visitor chooses whether, and whether blurred.
    """
    faces = "none"
    if chips is not None:
        faces = st.segmented_control(
            "Faces in the report",
            list(FACES),
            format_func=lambda name: FACES[name],
            default="none",
            required=True,
            key="report-faces",
        )
        chips = None if faces == "none" else chips
    downloads.button(
        "Report (HTML)",
        lambda: html_report(evaluation_set, names, chips=chips, blur=faces == "blurred"),
        downloads.dated(f"report-{evaluation_set.file_title}", ".html"),
        "report",
    )
