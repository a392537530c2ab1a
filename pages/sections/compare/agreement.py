"""Pairwise agreement of models, on PrivateTest and on the visitor's faces."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import split_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import agreement
from fer_core.evaluation.agreement import Pair
from fer_core.reports.format import percent
from pages.components import downloads
from pages.sections.compare import kappa_help, tables, text
from pages.sections.compare.text import ComparedFace

MIN_FACES_FOR_SHARES = 20  # below this, a share of faces is uncertain by about ± 20 points or more

CSV_METRICS = ("same_answer", "kappa", "kappa_low", "kappa_high")


def show_agreement(faces: Sequence[ComparedFace], model_names: Sequence[str]) -> None:
    """Draw two matrices, for PrivateTest and for the visitor's faces; the more reliable first."""
    st.header("How often do they agree?", anchor=False)
    pairs = _private_test_pairs(model_names)
    columns = [_show_test_set, _show_your_faces]
    if len(faces) >= MIN_FACES_FOR_SHARES:
        columns.reverse()
    for show, column in zip(columns, st.columns(2, gap="large"), strict=True):
        with column:
            show(faces, model_names, pairs)
    st.caption(
        "Agreeing does not mean being right: models trained on the same faces share mistakes."
    )
    if pairs:
        downloads.csv_button(
            "Download agreement as CSV",
            lambda: _pair_rows(faces, model_names, pairs),
            "agreement",
        )


def _private_test_pairs(model_names: Sequence[str]) -> list[Pair]:
    """Every pair on PrivateTest; warns about models without predictions and leaves them out."""
    predictions = {}
    for name in model_names:
        try:
            predictions[name] = split_predictions(name, "PrivateTest").predicted
        except ResultsError as error:
            st.warning(str(error))
    return agreement.pairwise_agreement(predictions)


def _show_test_set(
    faces: Sequence[ComparedFace], model_names: Sequence[str], pairs: Sequence[Pair]
) -> None:
    st.subheader("On the test set: Cohen's kappa", anchor=False)
    if not pairs:
        st.info("Fewer than two of these models have committed predictions to compare.")
        return
    by_names = {frozenset((pair.first, pair.second)): pair for pair in pairs}
    st.markdown(text.extremes_text(pairs))
    with st.popover("What is kappa?", icon=":material/help:", type="tertiary"):
        kappa_help.show()
    st.html(
        tables.agreement_matrix(
            [name for name in model_names if any(name in names for names in by_names)],
            lambda first, second: by_names[frozenset((first, second))].kappa.value,
            lambda value: "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−"),
            "Cohen's kappa of every pair of models on FER2013's PrivateTest",
        )
    )
    largest = np.nanmax([pair.kappa.half_width for pair in pairs] + [0.0])
    st.caption(
        f"FER2013's PrivateTest, {pairs[0].n:,} faces. Cohen's kappa is agreement beyond chance. "
        "1: always the same answer. 0: no more agreement than two models that guess at random "
        f"with the same answer frequencies. All values ± {largest:.2f} or better "
        "(95\u00a0% interval)."
    )


def _show_your_faces(
    faces: Sequence[ComparedFace], model_names: Sequence[str], pairs: Sequence[Pair]
) -> None:
    n = len(faces)
    st.subheader("On your faces: same answer", anchor=False)
    if not n:
        st.markdown("No face yet. Add a photo above to see how often the models agree on it.")
        return
    if n == 1:
        st.markdown(
            "With one face, two models either agree or they don't; see the table above. "
            "Add more faces to see a pattern; until then, rely on the test-set numbers."
        )
        return
    if n < MIN_FACES_FOR_SHARES:
        st.markdown(
            f"**Only {n} faces**: one face more or less changes a number by {percent(1 / n)}. "
            "The test-set numbers are more reliable."
        )
    predictions = text.predicted_indices(faces, model_names)
    st.html(
        tables.agreement_matrix(
            model_names,
            lambda first, second: agreement.agreement_rate(predictions[first], predictions[second]),
            lambda value: f"{100 * value:.0f}",
            "Percentage of your faces for which two models give the same answer",
        )
    )
    st.caption(
        f"Percentage of your {n} faces for which two models give the same most probable emotion. "
        "Your photos are not a random sample, so there is no confidence interval."
    )


def _pair_rows(
    faces: Sequence[ComparedFace], model_names: Sequence[str], pairs: Sequence[Pair]
) -> list[dict[str, Any]]:
    """One row per pair of models: PrivateTest's numbers, then those of the visitor's faces."""
    predictions = text.predicted_indices(faces, model_names)
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        kappa, half_width = pair.kappa
        yours = None
        if faces:
            yours = agreement.agreement_rate(predictions[pair.first], predictions[pair.second])
        metrics = [pair.agreement, kappa, kappa - half_width, kappa + half_width]
        rows.append(
            {"first": pair.first, "second": pair.second, "n": pair.n}
            | dict(zip(CSV_METRICS, metrics, strict=True))
            | {"your_n": len(faces)}
            | {"your_same_answer": yours}
        )
    return rows
