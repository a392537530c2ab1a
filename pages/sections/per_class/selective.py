"""Answer only when sure: a threshold of the confidence, and what it leaves of the answers."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation import baselines, conformal, selective, selective_summary
from fer_core.evaluation.conformal import CALIBRATION_SPLIT
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.selective import WANTED_ACCURACY, Selected
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec
from fer_core.reports import selective_text
from fer_core.reports.export import with_interval
from fer_core.reports.format import (
    format_ends,
    format_number_interval,
    percent,
    percent_with_interval,
)
from pages.charts import risk_coverage as charts
from pages.components import address, downloads, figure
from pages.text.markup import table, value_with_interval

ALL = "all faces"


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The slider, what it leaves overall and of each emotion, and the risk–coverage curve."""
    st.header("Answer only when sure", anchor=False)
    predictions = evaluation_set.predictions(model.name)
    left, right = st.columns(2, gap="large")
    with left:
        threshold = _slider()
        selected = selective.select(predictions, threshold)
        st.markdown(_sentence(selected))
        st.html(emotion_table(predictions, threshold))
        st.caption(
            "Accuracy of an emotion: of its faces that are answered, the share that is recognised. "
            "In brackets: 95 % Wilson intervals. No-skill baseline: always the most common emotion "
            f"is right for {percent(baselines.majority_accuracy_of(predictions.labels), 1)}, "
            "however few faces it answers."
        )
        downloads.csv_button(
            "Download what is answered (CSV)",
            lambda: csv_rows(model, evaluation_set, threshold),
            f"answered-{model.name}-{evaluation_set.file_title}",
            "answered-csv",
        )
    with right:
        _show_curve(model, evaluation_set, selected)


def _slider() -> float:
    return address.keep(
        lambda key: st.slider(
            "Answer only with a confidence of at least",
            0.0,
            1.0,
            step=0.01,
            format="percent",
            key=key,
            help="The confidence is the probability of the answer. Faces with a lower one are left "
            "without an answer, as with `--min-confidence` on the command line.",
        ),
        address.number_between(0, 1),
        key="confidence",
        default=0.5,
        to_text="{:g}".format,
    )


def _sentence(selected: Selected) -> str:
    coverage = percent_with_interval(selected.coverage, selected.coverage_interval)
    if selected.accuracy is None:
        return "No face is answered: the model is never that confident."
    accuracy = percent_with_interval(selected.accuracy, selected.accuracy_interval)
    return f"It answers **{coverage}** of the faces, and **{accuracy}** of these answers are right."


def emotion_table(predictions: Predictions, threshold: float) -> Markup:
    """HTML: coverage and accuracy of each emotion's faces, and of all."""
    rows = selective.select_by_emotion(predictions, threshold)
    rows |= {ALL: selective.select(predictions, threshold)}
    lines = [
        (
            name,
            f"{row.n:,}",
            _share(row.coverage, row.coverage_interval),
            _share(row.accuracy, row.accuracy_interval),
        )
        for name, row in rows.items()
    ]
    head = ("", "Faces", "Answered", "Accuracy")
    return table(head, lines, "plain sure", "Coverage and accuracy of each emotion's faces")


def _share(value: float | None, interval: Interval | None) -> Markup | str:
    if value is None or interval is None:
        return "–"
    return value_with_interval(percent(value, 1), format_ends(interval))


def _show_curve(model: ModelSpec, evaluation_set: EvaluationSet, selected: Selected) -> None:
    curve = charts.thinned(selective.risk_coverage(evaluation_set.predictions(model.name)))
    curves, titles = {model.name: curve}, {model.name: model.title}
    row = selective_summary.summarize(evaluation_set, model.name)
    figure.show(
        partial(charts.chart, curves, titles, selected),
        "risk-coverage",
        charts.alt_text(curves, titles),
        title=f"Wrong answers by coverage: {model.title}",
        source=f"{evaluation_set.title}, {selected.n:,} faces, the surest answers first; faces of "
        "equal confidence are answered together.",
        rows=partial(charts.csv_rows, curves, evaluation_set.title),
    )
    low, high = row.area.interval
    ends = f" (95 %: {format_number_interval(row.area.interval)})" if low < high else ""
    st.caption(
        f"The area under the curve (AURC) is {row.area.value:.3f}{ends}; lower is better. With all "
        f"wrong answers last it would be {row.area.best:.3f}, in random order "
        f"{row.area.random:.3f}."
    )
    st.caption(_threshold_text(row, model, evaluation_set))


def _threshold_text(
    row: selective_summary.Row, model: ModelSpec, evaluation_set: EvaluationSet
) -> str:
    """The threshold that PublicTest recommends for the wanted accuracy, and what it gives here."""
    wanted = percent(WANTED_ACCURACY)
    if row.sets is None:
        return selective_text.missing_note([model])
    by_crowd = conformal.is_by_crowd(model, evaluation_set)
    where = f"On {CALIBRATION_SPLIT}, by {selective_text.labels_text(by_crowd=by_crowd)}"
    if row.threshold is None or row.selected is None:
        return f"{where}, no confidence gives answers that are {wanted} accurate."
    coverage = percent_with_interval(row.selected.coverage, row.selected.coverage_interval)
    text = (
        f"{where}, answers from a confidence of {percent(row.threshold, 1)} are {wanted} "
        f"accurate. Here that leaves {coverage} of the faces"
    )
    if row.selected.accuracy is None:
        return f"{text}."
    right = percent_with_interval(row.selected.accuracy, row.selected.accuracy_interval)
    text += f", of which {right} are answered correctly."
    if evaluation_set.split == CALIBRATION_SPLIT:
        text += " It was chosen on these faces, so this is no test of it."
    return text


def csv_rows(
    model: ModelSpec, evaluation_set: EvaluationSet, threshold: float
) -> list[dict[str, object]]:
    """One row per emotion and one for all faces; shares are fractions."""
    predictions = evaluation_set.predictions(model.name)
    rows = selective.select_by_emotion(predictions, threshold)
    rows |= {ALL: selective.select(predictions, threshold)}
    return [
        {"model": model.name, "test_set": evaluation_set.title, "threshold": threshold}
        | {"emotion": name, "faces": row.n, "answered": row.answered, "correct": row.correct}
        | with_interval("coverage", row.coverage, row.coverage_interval)
        | with_interval("accuracy", row.accuracy, row.accuracy_interval)
        for name, row in rows.items()
    ]
