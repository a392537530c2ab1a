"""Prediction sets: the emotions named together, so that nine in ten sets hold the label."""

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation import conformal
from fer_core.evaluation.conformal import DEFAULT_LEVEL, LEVELS, Limits, SetScores
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import ModelSpec
from fer_core.reports import selective_text
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_ends, format_number_interval, number_word, percent
from fer_core.reports.format import percent_with_interval as with_ends
from pages.components import address, downloads
from pages.text.markup import table, value_with_interval

ALL = "all faces"


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The level, the choice of limits, and how many sets of each emotion hold the label."""
    st.subheader("Prediction sets", anchor=False)
    by_crowd = conformal.is_by_crowd(model, evaluation_set)
    calibration = conformal.calibration_predictions(model, by_crowd=by_crowd)
    if calibration is None:
        st.info(selective_text.missing_note([model]))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = address.choose(
            st.segmented_control,
            "Sets that hold the label",
            LEVELS,
            key="level",
            default=DEFAULT_LEVEL,
            format_func=percent,
        )
        per_emotion = _toggle()
    limits = conformal.limits(calibration, level, per_emotion)
    predictions = evaluation_set.predictions(model.name)
    st.markdown(_sentence(predictions, limits, level))
    st.html(emotion_table(predictions, limits))
    size = conformal.no_skill_size(predictions.labels, level)
    st.caption(
        "A set holds every emotion whose probability reaches a limit, and always the most probable "
        "one (split conformal prediction). With one limit for all emotions, common and easy ones "
        "can be covered at the cost of rare ones; one per emotion is meant to cover each alike. In "
        "brackets: 95 % intervals, Wilson's for shares, the bootstrap's for means. No-skill "
        f"baseline: sets that are the same for every face need {number_word(size)} "
        f"{'emotion' if size == 1 else 'emotions'}. {selective_text.fit_note(evaluation_set)} "
        f"{selective_text.calibration_note(calibration, per_emotion=per_emotion)}"
    )
    downloads.csv_button(
        "Download the sets' coverage (CSV)",
        lambda: csv_rows(model, evaluation_set, limits, level, per_emotion),
        f"sets-{model.name}-{evaluation_set.file_title}",
        "sets-csv",
    )


def _toggle() -> bool:
    return address.toggle(
        "One limit per emotion",
        "per_emotion",
        "Calibrates each emotion on its own faces (Mondrian), which is meant to make the share of "
        "sets hold for each of them. Sets become larger, above all for rare emotions.",
    )


def _sentence(predictions: Predictions, limits: Limits, level: float) -> str:
    scores = conformal.set_scores(predictions, limits)
    return (
        f"Fitted so that at least {percent(level)} of the sets hold the label; here "
        f"**{with_ends(scores.coverage, scores.interval)}** do. A set has "
        f"**{scores.mean_size:.2f}** emotions on average, and "
        f"{percent(scores.singletons / scores.n)} have one only."
    )


def emotion_table(predictions: Predictions, limits: Limits) -> Markup:
    """HTML: the sets of each emotion's faces, and of all."""
    rows = conformal.set_scores_by_emotion(predictions, limits)
    rows |= {ALL: conformal.set_scores(predictions, limits)}
    lines = [
        (
            name,
            f"{row.n:,}",
            value_with_interval(percent(row.coverage, 1), format_ends(row.interval)),
            _size(row),
            percent(row.singletons / row.n),
        )
        for name, row in rows.items()
    ]
    head = ("", "Faces", "Hold the label", "Emotions per set", "One emotion")
    return table(head, lines, "plain sure", "Prediction sets of each emotion's faces")


def _size(row: SetScores) -> Markup | str:
    if row.size_interval.low == row.size_interval.high:  # every redraw gives the same
        return f"{row.mean_size:.2f}"
    ends = format_number_interval(row.size_interval).replace(" to ", "–")
    return value_with_interval(f"{row.mean_size:.2f}", ends)


def csv_rows(
    model: ModelSpec,
    evaluation_set: EvaluationSet,
    limits: Limits,
    level: float,
    per_emotion: bool,
) -> list[dict[str, object]]:
    """One row per emotion and one for all faces; shares are fractions."""
    predictions = evaluation_set.predictions(model.name)
    rows = conformal.set_scores_by_emotion(predictions, limits)
    rows |= {ALL: conformal.set_scores(predictions, limits)}
    return [
        {"model": model.name, "test_set": evaluation_set.title, "level": level}
        | {"per_emotion": per_emotion, "emotion": name, "faces": row.n, "covered": row.covered}
        | with_interval("coverage", row.coverage, row.interval)
        | with_interval("size", row.mean_size, row.size_interval)
        | {"one_emotion": row.singletons / row.n}
        for name, row in rows.items()
    ]
