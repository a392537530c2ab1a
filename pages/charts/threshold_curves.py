"""One emotion against the rest: ROC and precision–recall curves and a threshold's point on them."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import thresholds
from fer_core.evaluation.thresholds import Counts, Curve
from fer_core.reports.format import percent
from pages.charts import theme

#: A point nearer to the line than this, as a share of the axis, moves no pixel of a chart 450 wide.
IMPERCEPTIBLE = 0.001
HEIGHT = 340
SHARES = [0, 0.25, 0.5, 0.75, 1]
QUARTERS = {"tickvals": SHARES, "ticktext": [percent(share) for share in SHARES]}
#: Held by the chart's own edge: held by the axes, it slid over the lines when a phone was turned.
LEGEND = {
    "orientation": "h",
    "yref": "container",
    "y": 1,
    "yanchor": "top",
    "x": 0,
    "xanchor": "left",
}


class Both(NamedTuple):
    """The two curves of an emotion, thinned to what a screen can show; areas of all points."""

    roc: Curve
    precision_recall: Curve


@st.cache_data(show_spinner=False)
def of(name: str, split: str, emotion: str) -> Both:
    """The curves of a variant's yes/no score of `emotion` on a split."""
    truth, scores = question(name, split, emotion)
    roc = thresholds.roc(truth, scores)
    points = thinned(np.stack([roc.x, roc.y], axis=1))
    found = thresholds.precision_recall(truth, scores)
    # The average precision is the area below steps, so steps are what is drawn.
    # The first point, precision 1 at recall 0, is a convention that no threshold reaches.
    stairs = np.stack([np.repeat(found.x, 2)[1:-1], np.repeat(found.y, 2)[2:]], axis=1)
    steps = thinned(stairs)
    return Both(
        Curve(points[:, 0], points[:, 1], roc.area), Curve(steps[:, 0], steps[:, 1], found.area)
    )


def question(name: str, split: str, emotion: str) -> tuple[np.ndarray, np.ndarray]:
    """(N,) bool whether a face's label is `emotion`, and (N,) the variant's score for it."""
    predictions = split_predictions(name, split)
    column = EMOTIONS.index(emotion)
    return predictions.labels == column, predictions.yes_no[:, column]


def thinned(points: np.ndarray, tolerance: float = IMPERCEPTIBLE) -> np.ndarray:
    """(N, 2) → (M, 2): a line's points without those that no eye would miss.

    Every point left out lies within `tolerance` of the line through the kept ones (Douglas &
    Peucker 1973); both ends stay.
    """
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        start, way = points[first], points[last] - points[first]
        between = points[first + 1 : last] - start
        length = np.hypot(*way)
        if length:
            away = np.abs(between[:, 0] * way[1] - between[:, 1] * way[0]) / length
        else:
            away = np.hypot(between[:, 0], between[:, 1])
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[keep]


def roc_chart(curve: Curve, counts: Counts, emotion: str) -> go.Figure:
    """Recall over false alarms; the dashed diagonal is no skill."""
    luck = go.Scatter(x=[0, 1], y=[0, 1], name="no skill", mode="lines", line=dashed())
    traces = [
        _area(curve, emotion),
        luck,
        point(1 - counts.specificity, counts.recall, COLOURS[emotion]),
    ]
    return _chart(traces, "False alarms among the other faces", "Recall")


def precision_recall_chart(curve: Curve, counts: Counts, emotion: str) -> go.Figure:
    """Precision over recall; the dashed level line, the emotion's share, is no skill."""
    share = (counts.true_positives + counts.false_negatives) / counts.total
    name = f"no skill, {percent(share, 1)}"
    traces = [
        _area(curve, emotion),
        go.Scatter(x=[0, 1], y=[share, share], name=name, mode="lines", line=dashed()),
    ]
    if counts.true_positives + counts.false_positives:
        traces.append(point(counts.recall, counts.precision, COLOURS[emotion]))
    return _chart(traces, "Recall", "Precision")


def axis(title: str = "") -> dict[str, object]:
    """An axis of shares, 0 to 100 %, that leaves scrolling to the page."""
    font = {"size": 13, "color": theme.ink()}
    return {
        "title": {"text": title, "standoff": 6, "font": font},
        "range": [-0.015, 1.03],
        **QUARTERS,
        "tickfont": font,
        "ticks": "",
        "fixedrange": True,
        "gridcolor": theme.GRID,
        "zeroline": False,
    }


def dashed() -> dict[str, object]:
    """The line of no skill, or of what would be perfect."""
    return {"color": theme.ink(), "width": 1.5, "dash": "dash"}


def point(x: float, y: float, colour: str) -> go.Scatter:
    """Where the chosen threshold stands on a curve."""
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"size": 15, "color": colour, "line": {"width": 2.5, "color": theme.ink()}},
        cliponaxis=False,
        showlegend=False,
    )


def _area(curve: Curve, emotion: str) -> go.Scatter:
    colour = COLOURS[emotion]
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return go.Scatter(
        x=curve.x,
        y=curve.y,
        name=emotion,
        mode="lines",
        line={"color": colour, "width": 2.5},
        fill="tozeroy",
        fillcolor=f"rgba({red}, {green}, {blue}, 0.12)",
    )


def _chart(traces: list[go.Scatter], x: str, y: str) -> go.Figure:
    return go.Figure(
        traces,
        {
            "xaxis": axis(x),
            "yaxis": axis(y),
            "height": HEIGHT,
            "margin": {"l": 0, "r": 20, "t": 28, "b": 0},  # 28: the legend's line
            "legend": LEGEND | {"font": {"size": 13, "color": theme.ink()}},
        },
    )
