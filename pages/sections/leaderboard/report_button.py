"""The button for a report of a test set: one HTML file that works offline and prints."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.reports.set_report import html_report
from pages.components import downloads


def show(
    evaluation_set: EvaluationSet, names: Sequence[str], chips: np.ndarray | None = None
) -> None:
    """Show the button; the report is made when it is clicked.

    Args:
        evaluation_set: The faces.
        names: The models of the report.
        chips: (N, 48, 48) uint8 grey, the visitor's own faces in the order of the set, to show the
            best model's most confident mistakes; the visitor chooses whether they are blurred.
    """
    blur = chips is not None and st.checkbox("Blur the faces", value=True, key="report-blur")
    downloads.button(
        "Report (HTML)",
        lambda: html_report(evaluation_set, names, chips=chips, blur=blur),
        downloads.dated(f"report-{evaluation_set.file_title}", ".html"),
        "report",
    )
