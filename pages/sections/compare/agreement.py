"""Pairwise agreement of models, on a test set and on the visitor's faces."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import agreement
from fer_core.evaluation.agreement import Pair
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from fer_core.text import counted
from pages.components import downloads, test_sets
from pages.sections.compare import kappa_help, tables, text
from pages.sections.compare.text import ComparedFace

MIN_FACES_FOR_SHARES = 20  # below this, a share of faces is uncertain by about ± 20 points or more

CSV_METRICS = ("same_answer", "kappa", "kappa_low", "kappa_high")


def show_agreement(faces: Sequence[ComparedFace], model_names: Sequence[str]) -> None:
    """Draw two matrices, for a test set and for the visitor's faces; the more reliable first."""
    st.header("How often do they agree?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        evaluation_set = test_sets.select_set(requires_results=False)
    pairs = _test_set_pairs(evaluation_set, model_names)
    columns = [_show_test_set, _show_your_faces]
    if len(faces) >= MIN_FACES_FOR_SHARES:
        columns.reverse()
    for show, column in zip(columns, st.columns(2, gap="large"), strict=True):
        with column:
            show(faces, model_names, pairs, evaluation_set)
    st.caption(
        "Agreeing does not mean being right: models trained on the same faces share mistakes."
    )
    if pairs:
        downloads.csv_button(
            "Download agreement as CSV",
            lambda: _pair_rows(faces, model_names, pairs, evaluation_set),
            "agreement",
        )


def _test_set_pairs(evaluation_set: EvaluationSet, model_names: Sequence[str]) -> list[Pair]:
    """Every pair of these models and the visitor's own on the test set.

    Warns about models without predictions and leaves them out.
    """
    predictions = {}
    own = [name for name in evaluation_set.models if name not in MODELS]
    for name in dict.fromkeys([*model_names, *own]):
        if not evaluation_set.is_fer2013 and name not in evaluation_set.models:
            continue
        try:
            predictions[name] = evaluation_set.predictions(name).predicted
        except ResultsError as error:
            st.warning(str(error))
    return agreement.pairwise_agreement(predictions)


def _show_test_set(
    faces: Sequence[ComparedFace],
    model_names: Sequence[str],
    pairs: Sequence[Pair],
    evaluation_set: EvaluationSet,
) -> None:
    st.subheader("On the test set: Cohen's kappa", anchor=False)
    if not pairs:
        st.info("Fewer than two of these models have predictions for this test set to compare.")
        return
    by_names = {frozenset((pair.first, pair.second)): pair for pair in pairs}
    models = MODELS | evaluation_set.models
    st.markdown(text.extremes_text(pairs, models))
    with st.popover("What is kappa?", icon=":material/help:", type="tertiary"):
        kappa_help.show()
    st.html(
        tables.agreement_matrix(
            models,
            [name for name in models if any(name in names for names in by_names)],
            lambda first, second: by_names[frozenset((first, second))].kappa.value,
            lambda value: "–" if np.isnan(value) else f"{value:.2f}".replace("-", "−"),
            f"Cohen's kappa of every pair of models on {evaluation_set.title}",
        )
    )
    st.caption(
        f"{evaluation_set.title}, {counted(pairs[0].n, 'face')}. Cohen's kappa is agreement beyond "
        "chance. 1: always the same answer. 0: no more agreement than two models that guess at "
        f"random with the same answer frequencies. {_precision_text(pairs)}"
    )


def _precision_text(pairs: Sequence[Pair]) -> str:
    """How precise the values of kappa are, and what a dash means."""
    widths = [pair.kappa.half_width for pair in pairs if not np.isnan(pair.kappa.value)]
    texts = []
    if widths:
        texts.append(f"All values ± {max(widths):.2f} or better (95\u00a0% interval).")
    if len(widths) < len(pairs):
        texts.append("A dash: both models always give the same one answer.")
    return " ".join(texts)


def _show_your_faces(
    faces: Sequence[ComparedFace],
    model_names: Sequence[str],
    pairs: Sequence[Pair],
    evaluation_set: EvaluationSet,
) -> None:
    n = len(faces)
    st.subheader("On the photos above: same answer", anchor=False)
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
            MODELS,
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
    faces: Sequence[ComparedFace],
    model_names: Sequence[str],
    pairs: Sequence[Pair],
    evaluation_set: EvaluationSet,
) -> list[dict[str, Any]]:
    """One row per pair of models: the test set's numbers, then those of the visitor's faces."""
    predictions = text.predicted_indices(faces, model_names)
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        kappa, half_width = pair.kappa
        yours = None
        if faces and {pair.first, pair.second} <= set(predictions):
            yours = agreement.agreement_rate(predictions[pair.first], predictions[pair.second])
        metrics = [pair.agreement, kappa, kappa - half_width, kappa + half_width]
        rows.append(
            {"first": pair.first, "second": pair.second}
            | {"test_set": evaluation_set.title, "n": pair.n}
            | dict(zip(CSV_METRICS, metrics, strict=True))
            | {"your_n": len(faces)}
            | {"your_same_answer": yours}
        )
    return rows
