"""The sections of Label audit above the faces: the hit rate, its curve, copies, and pairs."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import label_audit
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set
from fer_core.evaluation.label_audit import HitRate, LabelAudit, Pair
from fer_core.evaluation.near_copies import FACES
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_interval, percent, percent_with_interval
from pages.components import column_notes, downloads, figure, print_out
from pages.sections.label_audit import charts, text
from pages.sections.label_audit.controls import Auditor
from pages.session.own_sets import own_results
from pages.text.escape import escape
from pages.text.markup import table

LONGEST = 1000  # most suspicious labels of the curve
STEP = 5  # between its points
PAIR_HELP = {
    "Suspects": "Suspicious labels of this emotion that the models call the other one.",
    "Contradicted": "Of these, labels that a clear majority of ten annotators contradicts.",
    "Hit rate": "Share of the suspects that are contradicted.",
    "Crowd agrees with the models": "Of the contradicted, faces that the majority calls what the "
    "models call them.",
}


def show_answer(
    ranking: LabelAudit, auditor: Auditor, evaluation_set: EvaluationSet, k: int
) -> None:
    """Write how often the suspicion is right, or why that is not known."""
    judged = ranking.majorities is not None
    if judged:
        st.markdown(text.hit_text(ranking, auditor, escape(evaluation_set.title), k))
    else:
        st.markdown(text.unjudged_text(ranking, auditor, evaluation_set))
    st.caption(f"{_definition(auditor)} {text.sample_note(auditor, evaluation_set)}")
    if judged:
        st.caption(text.judge_note(auditor))


def _definition(auditor: Auditor) -> str:
    of_mean = ", averaged over the networks" if len(auditor.names) > 1 else ""
    return (
        "Suspicion is 1 − the probability of the given label"
        f"{of_mean} (self-confidence in confident learning; Northcutt et al. 2021)."
    )


def show_curve(ranking: LabelAudit, auditor: Auditor, evaluation_set: EvaluationSet) -> None:
    """Draw the hit rate over the number of labels looked at."""
    curves = {
        name: label_audit.hit_curve(faces, LONGEST)[::STEP]
        for name, faces in ((charts.ALL, ranking), (charts.CLEAR, ranking.clear()))
    }
    curves = {name: rates for name, rates in curves.items() if rates}
    if not curves:
        return
    st.header("How far down the list is the suspicion right?", anchor=False)
    ends = "; ".join(
        f"{name}, from {percent(rates[0].value)} of the first {rates[0].n:,} to "
        f"{percent(rates[-1].value)} of the first {rates[-1].n:,}, at random "
        f"{percent(rates[0].chance, 1)}"
        for name, rates in curves.items()
    )
    figure.show(
        partial(charts.hit_curves, curves),
        "label-audit",
        f"Share of the most suspicious labels that a clear majority contradicts: {ends}.",
        title=f"Share of the most suspicious labels that annotators contradict, {auditor.title}",
        source=f"{evaluation_set.title}, {len(ranking):,} faces; ten annotators (FER+). Bands: "
        "95 % Wilson intervals of each point. Dotted: labels drawn at random.",
        rows=lambda: [
            _rate_row(auditor, evaluation_set) | {"of": name} | _numbers(rate)
            for name, rates in curves.items()
            for rate in rates
        ],
    )
    st.caption(
        "Share of the first labels of the ranking that a clear majority of the annotators "
        "contradicts, with the 95 % interval of each point (Wilson)."
    )


def _rate_row(auditor: Auditor, evaluation_set: EvaluationSet) -> dict[str, Any]:
    return {
        "model": auditor.name,
        "title": auditor.title,
        "models": " ".join(auditor.names),
        "test_set": evaluation_set.title,
    }


def _numbers(rate: HitRate) -> dict[str, Any]:
    shares = with_interval("hit_rate", rate.value, rate.interval)
    return {"suspects": rate.n, "contradicted": rate.hits} | shares | {"at_random": rate.chance}


def show_copies(auditor: Auditor, evaluation_set: EvaluationSet, k: int) -> None:
    """The hit rate with and without the faces whose label may have been learned from a copy."""
    st.header("With and without near copies", anchor=False)
    lines = []
    for faces, title in FACES.items():
        part = own_results().with_own_models(committed_set(evaluation_set.split, faces))
        try:
            ranking = label_audit.audit(part, auditor.names)
        except ResultsError as error:  # the table of copies
            st.info(str(error))
            return
        cells = (_rate_cell(each, k) for each in (ranking, ranking.clear()))
        lines.append((title, f"{len(ranking):,}", *cells))
    head = ("", "Faces", f"Of the first {k:,}", "Of those with a clear majority")
    st.html(table(head, lines, "plain", "Contradicted labels with and without near copies"))
    st.caption(
        "Labels that a clear majority contradicts, with 95 % intervals (Wilson). A face with a "
        "copy in Training may have its label from there: where both are wrong in the same way, "
        "the models have learned the error, and the audit cannot find it."
    )


def _rate_cell(ranking: LabelAudit, k: int) -> str:
    if not len(ranking):
        return "–"
    rate = label_audit.hit_rate(ranking, k)
    return (
        f"{percent_with_interval(rate.value, rate.interval, 0)}, at random {percent(rate.chance)}"
    )


def show_pairs(
    ranking: LabelAudit, auditor: Auditor, evaluation_set: EvaluationSet, k: int
) -> None:
    """The suspects by label and by what the models say instead."""
    pairs = label_audit.pairs(ranking, k)
    if not pairs:
        return
    st.header("Which labels, and what do the models say instead?", anchor=False)
    judged = ranking.majorities is not None
    frame = pd.DataFrame(_pair_line(pair, judged=judged) for pair in pairs)
    columns = {
        "Label": st.column_config.TextColumn(pinned=True),
        **{
            name: st.column_config.NumberColumn(help=help_text)
            for name, help_text in PAIR_HELP.items()
        },
        "Hit rate": st.column_config.NumberColumn(help=PAIR_HELP["Hit rate"], format="%.0f %%"),
    }
    most = ", ".join(
        f"{EMOTIONS[pair.label]} called {EMOTIONS[pair.answer]} {pair.n}" for pair in pairs[:3]
    )
    st.dataframe(
        frame, hide_index=True, column_config=columns, alt=f"Suspects by pair, most first: {most}"
    )
    column_notes.show(frame, columns)
    print_out.show_table(frame, columns)
    downloads.csv_button(
        "Download the pairs (CSV)",
        lambda: [
            _rate_row(auditor, evaluation_set) | _pair_row(pair, judged=judged) for pair in pairs
        ],
        f"label-audit-pairs-{auditor.name}-{evaluation_set.file_title}",
        "pairs-csv",
    )


def _pair_line(pair: Pair, *, judged: bool) -> dict[str, Any]:
    line: dict[str, Any] = {
        "Label": EMOTIONS[pair.label],
        "Models say": EMOTIONS[pair.answer],
        "Suspects": pair.n,
    }
    if judged:
        line |= {
            "Contradicted": pair.hits,
            "Hit rate": 100 * pair.hits / pair.n,
            "95 %": format_interval(pair.interval, 0, unit=False),
            "Crowd agrees with the models": pair.sided,
        }
    return line


def _pair_row(pair: Pair, *, judged: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "label": EMOTIONS[pair.label],
        "answer": EMOTIONS[pair.answer],
        "suspects": pair.n,
    }
    if judged:
        row |= {"contradicted": pair.hits}
        row |= with_interval("hit_rate", pair.hits / pair.n, pair.interval)
        row |= {"crowd_agrees_with_models": pair.sided}
    return row
