"""The chosen metric against the time it takes, with the line of models that none beats in both."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from fer_core.evaluation.rankings import Place
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts import theme
from pages.charts.model_markers import marker_colour, marker_shape


class Point(NamedTuple):
    """One model in the chart."""

    place: Place
    milliseconds: float
    megabytes: float | None  # of its weights


def pareto_front(points: Sequence[Point]) -> list[Point]:
    """The points that no other beats in both time and value, fastest first."""
    front: list[Point] = []
    for point in sorted(points, key=lambda point: (point.milliseconds, -point.place.value)):
        if not front or point.place.value > front[-1].place.value:
            front.append(point)
    return front


def chart(points: Sequence[Point], title: str, per: str, where: str) -> go.Figure:
    """A mark per model; the legend has its name, time and size, fastest first.

    Args:
        points: At least one.
        title: Of the metric.
        per: What the time is of, such as "face".
        where: Title of the evaluation set.
    """
    figure, font = go.Figure(), {"size": 13, "color": theme.ink()}
    front = pareto_front(points)
    figure.add_scatter(
        x=[point.milliseconds for point in front],
        y=[point.place.value for point in front],
        mode="lines",
        name="no model is both faster and better",
        line={"color": theme.ink(), "width": 1.5, "dash": "dot", "shape": "hv"},
    )
    for point in sorted(points, key=lambda point: point.milliseconds):
        name, value, interval = point.place.name, point.place.value, point.place.interval
        figure.add_scatter(
            x=[point.milliseconds],
            y=[value],
            mode="markers",
            name=_label(point),
            marker={"symbol": marker_shape(name), "size": 13, "color": marker_colour(name)},
            error_y={
                "array": [interval.high - value], "arrayminus": [value - interval.low],
                "symmetric": False, "thickness": 1.2, "width": 3, "color": marker_colour(name),
            },
        )  # fmt: skip
    common = {
        "tickfont": font, "showgrid": True, "gridcolor": theme.GRID, "zeroline": False,
        "fixedrange": True,
    }  # fmt: skip
    low = min(point.place.interval.low for point in points)
    high = max(point.place.interval.high for point in points)
    figure.update_layout(
        xaxis=common | _log_axis([point.milliseconds for point in points])
        | {"title": {"text": f"milliseconds per {per}, log scale", "font": font}},
        yaxis=common | theme.percent_axis(max(0, low - 0.01), min(1, high + 0.01)),
        annotations=[
            {
                "text": f"{title} on {where}", "x": 0, "xref": "paper", "xanchor": "left",
                "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "font": font,
            }
        ],
        height=340 + 21 * len(points),
        margin={"l": 0, "r": 8, "t": 24, "b": 0},
        legend={
            "orientation": "v", "x": 0, "y": -0.24, "yanchor": "top", "font": font,
            "itemclick": False,
        },
    )  # fmt: skip
    return figure


def alt_text(points: Sequence[Point], title: str, per: str) -> str:
    """The chart as text, for screen readers."""
    texts = [
        f"{_label(point)}, {percent(point.place.value, 1)}"
        for point in sorted(points, key=lambda point: point.milliseconds)
    ]
    front = ", ".join(MODELS[point.place.name].title for point in pareto_front(points))
    return (
        f"{title} against time per {per}, fastest first: {'; '.join(texts)}. No model is both "
        f"faster and better than: {front}."
    )


def _label(point: Point) -> str:
    size = "" if point.megabytes is None else f", {point.megabytes:.0f} MB"
    return f"{MODELS[point.place.name].title}, {point.milliseconds:.1f} ms{size}"


def _log_axis(values: Sequence[float]) -> dict[str, object]:
    """A logarithmic axis from one round number to another, with ticks at round numbers."""
    digits = (1, 2, 5) if max(values) > 5 * min(values) else (1, 1.5, 2, 3, 5, 7)
    decades = range(math.floor(math.log10(min(values))) - 1, math.ceil(math.log10(max(values))) + 1)
    ticks = [digit * 10.0**decade for decade in decades for digit in digits]
    low = max(tick for tick in ticks if tick < min(values))
    high = min(tick for tick in (*ticks, ticks[-1] * 2) if tick > max(values))
    ticks = [tick for tick in ticks if low <= tick <= high]
    return {
        "type": "log",
        "range": [math.log10(low), math.log10(high)],
        "tickvals": ticks,
        "ticktext": [f"{tick:g}" for tick in ticks],
    }
