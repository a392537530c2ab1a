"""Reliability diagrams: is a confidence of 80 % right in 80 %? As committed and after temperature
scaling."""

from collections.abc import Callable
from functools import partial
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, calibration
from fer_core.evaluation.calibration import BINS, Bin, CalibrationReport, Reliability
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.registry import ModelSpec
from fer_core.reports import calibration_text
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme
from pages.charts.threshold_curves import QUARTER_TICKS, dashed_line
from pages.components import downloads, figure
from pages.text import markup

AS_COMMITTED = "As committed"  # with the calibration that the weights already contain, if any
AS_GIVEN = "As given"  # by a visitor's own model
TEMPERATURE_SCALED = "Temperature-scaled"
MAX_TEMPERATURE_GAP = 0.03  # a temperature this close to 1 changes nothing that can be seen
MIN_BIN_COUNT = 20  # a bin with fewer answers is drawn pale
MAX_CALIBRATED_GAP = 0.01  # confidence and accuracy closer than this count as equal


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The reliability diagram, its numbers and its meaning; beside it the diagram after temperature
    scaling, where that changes anything."""
    diagnosis = calibration.calibration_report(
        evaluation_set.predictions(model.name), _temperature(model)
    )
    title = evaluation_set.title
    st.markdown(
        f"**{verdict(diagnosis.uncalibrated)}** The confidence of an answer is its "
        "probability. On the "
        "dashed line confidence equals accuracy: of all answers given with 80 %, 80 % are right."
    )
    temperature = diagnosis.temperature
    unchanged = temperature is None or abs(temperature - 1) <= MAX_TEMPERATURE_GAP
    as_is = AS_GIVEN if model.is_own else AS_COMMITTED
    diagrams = [(as_is, diagnosis.uncalibrated)]
    if diagnosis.temperature_scaled is not None and not unchanged:
        diagrams.append((TEMPERATURE_SCALED, diagnosis.temperature_scaled))
    halves = st.columns(2, gap="large")
    for column, (state, part) in zip(halves, diagrams, strict=False):
        with column:
            st.subheader(state, anchor=False)
            figure.show(
                partial(chart, part.bins),
                f"reliability-{state.lower().replace(' ', '-')}",
                f"{state}: {verdict(part)} " + alt_text(part.bins),
                title=f"Reliability of {model.title}: {state.lower()}",
                source=f"{title}, {sum(row.n for row in part.bins):,} faces. "
                "On the dashed line confidence equals accuracy.",
                rows=partial(csv_rows, diagnosis, model, title),
            )
    with halves[1] if unchanged else st.container():
        st.html(table(diagnosis, as_is, scaled=not unchanged))
    fitted = (
        "It was fitted on these very faces, so the temperature-scaled numbers are slightly "
        "optimistic."
        if evaluation_set.chose_models
        else "The faces shown here were not used for that."
    )
    st.markdown(
        f"{error_verdict(diagnosis.uncalibrated, as_is)} {calibration_text.folded_in(model)}"
    )
    effect = (
        "So close to 1 it changes next to nothing, and one diagram is enough."
        if unchanged
        else f"{fitted} A number above 1 makes every answer less confident, one below 1 more "
        "confident. The order of the emotions stays the same, and so does the accuracy."
    )
    if temperature is None:
        st.markdown(
            "**Temperature scaling** needs this model's predictions on PublicTest, so there is "
            "none here. A temperature fitted on these very faces would be optimistic."
        )
    else:
        st.markdown(
            "**Temperature scaling** divides a model's logits by one number, "
            f"here **{temperature:.2f}**, which minimises the log loss on PublicTest "
            f"(Guo et al. 2017). {effect}"
        )
    st.caption(
        f"Small bars: number of answers in each of the {BINS} bins; pale bins hold fewer than "
        f"{MIN_BIN_COUNT}. Expected calibration error (ECE): mean distance between confidence and "
        "accuracy over the bins, weighted by their number of answers. By chance: the ECE of a "
        "perfectly calibrated model, with labels drawn "
        f"{calibration.DRAWS:,} times from these very probabilities. Log loss: mean negative "
        "logarithm of the label's probability; 0 is perfect, and equal probabilities for all seven "
        f"score {baselines.UNIFORM_LOG_LOSS:.2f}. The no-skill baseline gives every face "
        "the class frequencies of these faces: perfectly calibrated and useless, which is why "
        "calibration should never be read alone."
    )
    downloads.csv_button(
        "Download bins as CSV",
        lambda: csv_rows(diagnosis, model, title),
        f"reliability-{model.name}-{evaluation_set.file_title}",
        "reliability-csv",
    )


def _temperature(model: ModelSpec) -> float | None:
    try:
        return calibration.public_temperature(model.name)
    except ResultsError:
        return None  # a set of the visitor's own can be read without the committed results


def verdict(part: Reliability) -> str:
    """Overconfident, underconfident or well calibrated on average, with both numbers."""
    gap = part.confidence - part.accuracy
    numbers = (
        f"its mean confidence is {percent(part.confidence, 1)}, and "
        f"{percent(part.accuracy, 1)} of its answers are right."
    )
    if abs(gap) < MAX_CALIBRATED_GAP:
        return f"On average as confident as it should be: {numbers}"
    direction = "Overconfident" if gap > 0 else "Underconfident"
    return f"{direction} by {100 * abs(gap):.1f} points: {numbers}"


def error_verdict(part: Reliability, as_is: str = AS_COMMITTED) -> str:
    """Whether a perfectly calibrated model could show this calibration error."""
    mean, high = (percent(value, 1) for value in part.error_by_chance)
    is_within = calibration_text.within_chance(part.error, part.error_by_chance)
    return (
        f"**{as_is}, its calibration error is {'within' if is_within else 'above'} chance**: "
        f"{percent(part.error, 1)}. A perfectly calibrated model with these confidences shows "
        f"{mean} on average and stays below {high} in 95 % of cases."
    )


def chart(bins: list[Bin]) -> go.Figure:
    """Accuracy of each bin on top, its number of answers below."""
    ink = theme.ink()
    font = {"size": 13, "color": ink}
    bars = {
        "x": [(row.low + row.high) / 2 for row in bins],
        "width": 0.9 * (bins[0].high - bins[0].low),
        "marker": {
            "color": ACCENT,
            "opacity": [1.0 if row.n >= MIN_BIN_COUNT else 0.35 for row in bins],
        },
    }
    ticks = QUARTER_TICKS | {"range": [0, 1.02]}
    plain = {"fixedrange": True, "zeroline": False, "ticks": "", "tickfont": font}
    vertical = plain | {"gridcolor": theme.GRID}
    return go.Figure(
        [
            go.Bar(y=[row.accuracy for row in bins], **bars),
            go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=dashed_line()),
            go.Bar(y=[row.n for row in bins], yaxis="y2", **bars),
        ],
        {
            "xaxis": plain
            | ticks
            | {
                "showgrid": False,
                "anchor": "y2",
                "title": {"text": "Confidence of the answer", "standoff": 8, "font": font},
            },
            "yaxis": vertical
            | ticks
            | {
                "domain": [0.28, 1],
                "title": {"text": "Accuracy", "standoff": 4, "font": font},
            },
            "yaxis2": vertical
            | {
                "domain": [0, 0.2],
                "nticks": 3,
                "title": {"text": "Answers", "standoff": 4, "font": font},
            },
            "height": 380,
            "margin": {"l": 0, "r": 20, "t": 8, "b": 0},
            "showlegend": False,
        },
    )


def alt_text(bins: list[Bin]) -> str:
    """The bins that are not pale, for screen readers."""
    return ", ".join(
        f"at {percent(row.confidence)} confidence {percent(row.accuracy)} right"
        for row in bins
        if row.n >= MIN_BIN_COUNT
    )


def table(diagnosis: CalibrationReport, as_is: str, *, scaled: bool) -> str:
    """HTML: confidence, accuracy, calibration error, that of chance, and log loss; without scaling,
    which `as_is` names, with `scaled` also after it, and of the no-skill baseline."""
    parts = {as_is: diagnosis.uncalibrated}
    if scaled and diagnosis.temperature_scaled is not None:
        parts[TEMPERATURE_SCALED] = diagnosis.temperature_scaled
    rows: list[tuple[str, Callable[[Reliability], float], str]] = [
        ("Mean confidence", lambda part: part.confidence, percent(diagnosis.baseline, 1)),
        ("Accuracy", lambda part: part.accuracy, percent(diagnosis.baseline, 1)),
        ("Calibration error, ECE", lambda part: part.error, percent(0, 1)),
        ("ECE by chance, mean", lambda part: part.error_by_chance.mean, "—"),
        ("ECE by chance, 95th percentile", lambda part: part.error_by_chance.high, "—"),
    ]
    lines = [
        (name, *(percent(value(part), 1) for part in parts.values()), baseline)
        for name, value, baseline in rows
    ]
    losses = [part.log_loss for part in parts.values()]
    lines.append(("Log loss", *(f"{loss:.2f}" for loss in (*losses, diagnosis.baseline_log_loss))))
    return markup.table(("", *parts, "No-skill baseline"), lines)


def csv_rows(diagnosis: CalibrationReport, model: ModelSpec, where: str) -> list[dict[str, Any]]:
    """One row per bin on the test set `where`, as committed (temperature 1) and scaled."""
    parts = ((diagnosis.uncalibrated, 1.0), (diagnosis.temperature_scaled, diagnosis.temperature))
    return [
        {"model": model.name, "test_set": where, "temperature": temperature} | row._asdict()
        for part, temperature in parts
        if part is not None
        for row in part.bins
    ]
