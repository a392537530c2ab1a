"""ROC and precision–recall curves of one emotion against the rest, with the threshold marked."""

import numpy as np
import plotly.graph_objects as go

from fer_core.emotions import COLOURS
from fer_core.evaluation.thresholds import BinaryCounts, Curve
from fer_core.reports.format import percent
from pages.charts import theme

HEIGHT = 340
TICK_VALUES = [0, 0.25, 0.5, 0.75, 1]
QUARTER_TICKS = {"tickvals": TICK_VALUES, "ticktext": [percent(share) for share in TICK_VALUES]}
#: Anchored to the chart's edge; anchored to the axes, it overlapped the lines after a phone was
#: rotated.
LEGEND = {
    "orientation": "h",
    "yref": "container",
    "y": 1,
    "yanchor": "top",
    "x": 0,
    "xanchor": "left",
}


def roc_chart(curve: Curve, counts: BinaryCounts, emotion: str) -> go.Figure:
    """Recall over false positive rate; the dashed diagonal is the no-skill baseline."""
    baseline = go.Scatter(
        x=[0, 1], y=[0, 1], name="no-skill baseline", mode="lines", line=dashed_line()
    )
    traces = [
        _area(curve, emotion),
        baseline,
        threshold_marker(1 - counts.specificity, counts.recall, COLOURS[emotion]),
    ]
    return _chart(traces, "False positive rate (false alarms among the other faces)", "Recall")


def precision_recall_chart(curve: Curve, counts: BinaryCounts, emotion: str) -> go.Figure:
    """Precision over recall; the dashed line, the emotion's share of the faces, is the baseline."""
    share = counts.positives / counts.total
    name = f"no-skill baseline, {percent(share, 1)}"
    # Average precision is the area below a step function, so steps are drawn. The first point,
    # precision 1 at recall 0, is a convention that no threshold reaches.
    steps = curve._replace(y=np.append(curve.y[1:2], curve.y[1:]))
    traces = [
        _area(steps, emotion, shape="vh"),
        go.Scatter(x=[0, 1], y=[share, share], name=name, mode="lines", line=dashed_line()),
    ]
    if counts.predicted_positives:
        traces.append(threshold_marker(counts.recall, counts.precision, COLOURS[emotion]))
    return _chart(traces, "Recall", "Precision")


def fraction_axis(title: str = "") -> dict[str, object]:
    """An axis from 0 to 100 % that does not handle dragging."""
    font = {"size": 13, "color": theme.ink()}
    return {
        "title": {"text": title, "standoff": 6, "font": font},
        "range": [-0.015, 1.03],
        **QUARTER_TICKS,
        "tickfont": font,
        "ticks": "",
        "fixedrange": True,
        "gridcolor": theme.GRID,
        "zeroline": False,
    }


def dashed_line() -> dict[str, object]:
    """Line style of a baseline, or of perfect calibration."""
    return {"color": theme.ink(), "width": 1.5, "dash": "dash"}


def threshold_marker(x: float, y: float, colour: str) -> go.Scatter:
    """Marker of the selected threshold on a curve."""
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"size": 15, "color": colour, "line": {"width": 2.5, "color": theme.ink()}},
        cliponaxis=False,
        showlegend=False,
    )


def _area(curve: Curve, emotion: str, shape: str = "linear") -> go.Scatter:
    colour = COLOURS[emotion]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return go.Scatter(
        x=curve.x,
        y=curve.y,
        name=emotion,
        mode="lines",
        line={"color": colour, "width": 2.5, "shape": shape},
        fill="tozeroy",
        fillcolor=f"rgba({red}, {green}, {blue}, 0.12)",
    )


def _chart(traces: list[go.Scatter], x: str, y: str) -> go.Figure:
    return go.Figure(
        traces,
        {
            "xaxis": fraction_axis(x),
            "yaxis": fraction_axis(y),
            "height": HEIGHT,
            "margin": {"l": 0, "r": 20, "t": 28, "b": 0},  # t: room for the legend
            "legend": LEGEND | {"font": {"size": 13, "color": theme.ink()}},
        },
    )
