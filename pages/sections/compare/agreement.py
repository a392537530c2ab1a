"""How often variants agree, two at a time: on PrivateTest, and on the visitor's faces."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fer_core.artifacts.predictions import split_predictions
from fer_core.errors import ResultsError
from fer_core.evaluation import agreement
from fer_core.evaluation.agreement import Pair
from fer_core.reports import export
from fer_core.reports.format import percent
from pages.components import downloads
from pages.sections.compare import tables, text
from pages.sections.compare.text import ComparedFace

MIN_FACES_FOR_SHARES = 20  # faces; below, a share of them is good to no better than some 20 points either way

CSV_METRICS = ("same_answer", "kappa", "kappa_low", "kappa_high")  # of a pair, in the CSV


def show_agreement(faces: Sequence[ComparedFace], names: Sequence[str]) -> None:
    """Two matrices: on PrivateTest, and on the uploaded faces; the one that says more leads."""
    st.header("How often do they agree?", anchor=False)
    general = _private_test(names)
    sides = [_in_general, _on_yours]
    if len(faces) >= MIN_FACES_FOR_SHARES:
        sides.reverse()
    for side, column in zip(sides, st.columns(2, gap="large"), strict=True):
        with column:
            side(faces, names, general)
    st.caption(
        "Agreeing is not being right: models that learned from the same faces share mistakes."
    )
    if general:
        downloads.csv_button(
            "Download agreement as CSV",
            lambda: _pairs_csv(faces, names, general),
            "fer-explorer-agreement.csv",
        )


def _private_test(names: Sequence[str]) -> list[Pair]:
    """Every pair on PrivateTest; a variant without predictions is named and left out."""
    found = {}
    for name in names:
        try:
            found[name] = split_predictions(name, "PrivateTest").predicted
        except ResultsError as error:
            st.warning(str(error))
    return agreement.pairwise_agreement(found)


def _in_general(faces: Sequence[ComparedFace], names: Sequence[str], general: Sequence[Pair]) -> None:
    st.subheader("In general: Cohen's kappa", anchor=False)
    if not general:
        st.info("Fewer than two of these models have committed predictions to compare.")
        return
    found = {frozenset((pair.first, pair.second)): pair for pair in general}
    st.markdown(text.extremes_text(general))
    st.html(
        tables.agreement_matrix(
            [name for name in names if any(name in key for key in found)],
            lambda one, other: found[frozenset((one, other))].kappa.value,
            lambda value: "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−"),
            "Cohen's kappa of every two models on FER2013's PrivateTest",
        )
    )
    widest = np.nanmax([pair.kappa.half_width for pair in general] + [0.0])
    st.caption(
        f"On FER2013's PrivateTest, {general[0].n:,} faces. Kappa is agreement beyond chance: 1 is "
        "always the same answer, 0 no more often than two that answer blindly, each emotion as "
        f"often as they do. Every number is good to ± {widest:.2f} or better (95\u00a0% interval)."
    )


def _on_yours(faces: Sequence[ComparedFace], names: Sequence[str], general: Sequence[Pair]) -> None:
    n = len(faces)
    st.subheader("On your faces: same answer", anchor=False)
    if not n:
        st.markdown("No face yet. Add a photo above to see how often they agree on yours.")
        return
    if n == 1:
        st.markdown(
            "With one face every pair agrees on 100\u00a0% or on 0\u00a0%, and the table above "
            "has said which. Add more faces to see a pattern; until then trust PrivateTest."
        )
        return
    if n < MIN_FACES_FOR_SHARES:
        st.markdown(
            f"**Only {n} faces**, so each number says little: one face more or less moves it by "
            f"{percent(1 / n)}. PrivateTest's numbers tell more."
        )
    told = text.predicted_indices(faces, names)
    st.html(
        tables.agreement_matrix(
            names,
            lambda one, other: agreement.agreement_rate(told[one], told[other]),
            lambda value: f"{100 * value:.0f}",
            "Percentage of your faces for which two models give the same answer",
        )
    )
    st.caption(
        f"Per cent of your {n} faces for which two models name the same emotion first. Your photos "
        "are no random sample, so there is no interval beside it."
    )


def _pairs_csv(faces: Sequence[ComparedFace], names: Sequence[str], general: Sequence[Pair]) -> str:
    """A line a pair of variants: PrivateTest's numbers, then those of the uploaded faces."""
    told = text.predicted_indices(faces, names)
    rows = []
    for pair in general:
        value, half = pair.kappa
        yours = agreement.agreement_rate(told[pair.first], told[pair.second]) if faces else None
        numbers = [pair.agreement, value, value - half, value + half]
        rows.append(
            {"first": pair.first, "second": pair.second, "n": pair.n}
            | dict(zip(CSV_METRICS, (f"{number:.6f}" for number in numbers), strict=True))
            | {"your_n": len(faces)}
            | {"your_same_answer": None if yours is None else f"{yours:.6f}"}
        )
    return export.to_csv(rows, ("first", "second", "n", *CSV_METRICS, "your_n", "your_same_answer"))
