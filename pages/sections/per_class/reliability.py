"""Whether a confidence of 80 % is right in 80 %: reliability diagrams, as it comes and tempered."""

import plotly.graph_objects as go
import streamlit as st

from fer_core.evaluation import baselines, calibration
from fer_core.evaluation.calibration import BINS, Bin, CalibrationReport, Reliability
from fer_core.registry import ModelSpec
from fer_core.reports.export import to_csv
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme
from pages.charts.threshold_curves import QUARTER_TICKS, dashed_line
from pages.components import downloads
from pages.text import markup

MIN_BIN_COUNT = 20  # a bin of fewer answers says little and steps back
MAX_CALIBRATED_GAP = 0.01  # confidence and accuracy nearer than this are called equal


def show(variant: ModelSpec, split: str) -> None:
    """The two diagrams side by side, their numbers and their meaning."""
    found = calibration.calibration_report(variant.name, split)
    told = verdict(found.uncalibrated)
    st.markdown(
        f"**{told}** The confidence of an answer is its probability. Bars on the dashed line would "
        "keep their word: of all answers given with 80 %, 80 % are right."
    )
    halves = st.columns(2, gap="large")
    parts = (("As it comes", found.uncalibrated), ("After temperature scaling", found.temperature_scaled))
    for column, (title, part) in zip(halves, parts, strict=True):
        with column:
            st.subheader(title, anchor=False)
            st.plotly_chart(
                chart(part.bins),
                key=f"reliability-{title}",
                config=theme.STATIC,
                alt=f"{title}: {verdict(part)} " + alt_text(part.bins),
            )
    st.html(table(found))
    fitted = (
        "It was fitted on these very faces, so the tempered numbers are a little too kind."
        if split == "PublicTest"
        else "The faces shown here had no part in that."
    )
    st.markdown(
        "**Temperature scaling** divides a model's logits by one number, "
        f"here **{found.temperature:.2f}**, the one of least log loss on PublicTest "
        f"(Guo et al. 2017). {fitted} Above 1 it makes every answer more modest, below 1 bolder. "
        "The order of the emotions stays, and so does the accuracy."
    )
    st.caption(
        f"Small bars: how many answers fell into each of the {BINS} bins; pale bins hold fewer "
        f"than {MIN_BIN_COUNT}. Expected calibration error (ECE): mean distance of confidence and accuracy "
        "over the bins, weighted by their answers. Log loss: mean of −ln of the label's "
        "probability; 0 is perfect, and equal shares for all seven get "
        f"{baselines.UNIFORM_LOG_LOSS:.2f}. No skill here is to give every "
        f"face {split}'s own class shares: perfectly calibrated and useless, which is why "
        "calibration is never read alone."
    )
    downloads.csv_button(
        "Download bins as CSV",
        lambda: as_csv(found, variant, split),
        f"reliability-{variant.name}-{split}.csv",
        "reliability-csv",
    )


def verdict(part: Reliability) -> str:
    """Overconfident, too modest or about right, with both numbers."""
    gap = part.confidence - part.accuracy
    numbers = (
        f"its mean confidence is {percent(part.confidence, 1)}, and "
        f"{percent(part.accuracy, 1)} of its answers are right."
    )
    if abs(gap) < MAX_CALIBRATED_GAP:
        return f"On average as confident as it should be: {numbers}"
    word = "Overconfident" if gap > 0 else "Underconfident"
    return f"{word} by {100 * abs(gap):.1f} points: {numbers}"


def chart(bins: list[Bin]) -> go.Figure:
    """Accuracy of each bin above, its number of answers below."""
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
    upright = plain | {"gridcolor": theme.GRID}
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
            "yaxis": upright
            | ticks
            | {
                "domain": [0.28, 1],
                "title": {"text": "Share right", "standoff": 4, "font": font},
            },
            "yaxis2": upright
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
    """The full bins for somebody who hears them."""
    return ", ".join(
        f"at {percent(row.confidence)} confidence {percent(row.accuracy)} right"
        for row in bins
        if row.n >= MIN_BIN_COUNT
    )


def table(found: CalibrationReport) -> str:
    """HTML: confidence, accuracy, calibration error and log loss, before, after and no skill."""
    before, after = found.uncalibrated, found.temperature_scaled
    rows = (
        ("Mean confidence", before.confidence, after.confidence, found.baseline),
        ("Accuracy", before.accuracy, after.accuracy, found.baseline),
        ("Calibration error, ECE", before.error, after.error, 0.0),
    )
    lines = [(name, *(percent(value, 1) for value in values)) for name, *values in rows]
    losses = before.log_loss, after.log_loss, found.baseline_log_loss
    lines.append(("Log loss", *(f"{value:.2f}" for value in losses)))
    return markup.table(("", "As it comes", "Tempered", "No skill"), lines)


def as_csv(found: CalibrationReport, variant: ModelSpec, split: str) -> str:
    """A row a bin, before and after, with the temperature that was used."""
    lines = [
        {"variant": variant.name, "split": split, "temperature": temperature} | row._asdict()
        for part, temperature in ((found.uncalibrated, 1.0), (found.temperature_scaled, found.temperature))
        for row in part.bins
    ]
    return to_csv(lines)
