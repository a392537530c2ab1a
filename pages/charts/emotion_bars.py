"""Bar charts with one bar per emotion, in fixed order and colours.

All have the same scale, printed below the bars: 0 to 100 %.
"""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation.per_class import Row
from fer_core.evaluation.uncertainty import Interval, wilson_interval
from fer_core.reports.format import percent, percent_with_interval
from pages.charts.theme import GRID, ink

AXIS_HEIGHT = 24  # pixels, of the scale's numbers


def bars(
    values: Mapping[str, float],
    faded: frozenset[str] = frozenset(),
    texts: Sequence[str] | None = None,
    axis_end: float = 1.16,
) -> go.Figure:
    """Horizontal bars from 0 to 1, one per emotion.

    Args:
        values: Fraction by emotion; one that is missing has no bar.
        faded: Emotions whose bars are drawn pale.
        texts: Labels beside the bars, in the order of EMOTIONS, instead of percentages.
        axis_end: End of the axis, beyond 1 so that a label fits beside a full bar.
    """
    names = [name for name in EMOTIONS if name in values]
    ordered = [values[name] for name in names]
    font = {"size": 15, "color": ink()}
    trace = go.Bar(
        x=ordered,
        y=names,
        orientation="h",
        marker={
            "color": [COLOURS[name] for name in names],
            "opacity": [0.4 if name in faded else 1.0 for name in names],
            "cornerradius": 3,
        },
        text=texts or [percent(value) for value in ordered],
        textposition="outside",
        textfont=font,
        cliponaxis=False,
    )
    layout = {
        "xaxis": _share_axis(axis_end),
        "yaxis": {
            "autorange": "reversed",
            "fixedrange": True,
            "ticks": "",
            "tickfont": font,
            "showgrid": False,
        },
        "height": 36 * len(names) + AXIS_HEIGHT,
        "margin": {"l": 0, "r": 0, "t": 0, "b": AXIS_HEIGHT},
        "bargap": 0.34,
        "showlegend": False,
    }
    return go.Figure(trace, layout)  # at once: each update of a figure takes milliseconds


def yes_no_bars(scores: Mapping[str, float], thresholds: Mapping[str, float]) -> go.Figure:
    """Scores of the seven yes/no models, each with a vertical tick at its threshold.

    A score stands before its bar and a threshold at the end of the row, so that neither can be
    taken for the other.
    """
    below_threshold = frozenset(name for name in EMOTIONS if scores[name] < thresholds[name])
    figure = bars(scores, faded=below_threshold, texts=[""] * len(EMOTIONS), axis_end=1.45)
    figure.update_yaxes(
        tickvals=list(EMOTIONS), ticktext=[f"{name} {percent(scores[name])}" for name in EMOTIONS]
    )
    figure.add_scatter(
        x=[1.02] * len(EMOTIONS),
        y=list(EMOTIONS),
        mode="text",
        text=[f"from {percent(thresholds[name])}" for name in EMOTIONS],
        textposition="middle right",
        textfont={"size": 13, "color": ink()},
        cliponaxis=False,
    )
    for row, name in enumerate(EMOTIONS):
        threshold = thresholds[name]
        figure.add_shape(
            type="line", x0=threshold, x1=threshold, y0=row - 0.42, y1=row + 0.42, line={"width": 2}
        )
    figure.update_shapes(line_color=ink())
    return figure


def share_bars(
    shares: Mapping[str, float],
    faces: Mapping[str, int],
    digits: int = 0,
    intervals: bool = True,
) -> go.Figure:
    """Bars with the share beside each, and the number of faces below each emotion's name.

    Args:
        shares: Fraction by emotion.
        faces: Number of faces by emotion.
        digits: Decimal places of the percentages.
        intervals: Whether each is a share of those faces, and so has a 95 % Wilson interval, which
            is printed.
    """
    ends = {
        name: wilson_interval(round(shares[name] * faces[name]), faces[name])
        for name in EMOTIONS
        if intervals and faces[name]
    }
    figure = go.Figure(
        go.Bar(
            x=[shares[name] for name in EMOTIONS],
            y=[f"<b>{name}</b><br>{faces[name]:,} faces" for name in EMOTIONS],
            orientation="h",
            marker={"color": [COLOURS[name] for name in EMOTIONS], "cornerradius": 3},
            text=[percent_with_interval(shares[name], ends.get(name), digits) for name in EMOTIONS],
            textposition="outside",
            textfont={"size": 15, "color": ink()},
            cliponaxis=False,
        )
    )
    figure.update_xaxes(_share_axis(1.6 if ends else 1.25))  # room for the texts
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, ticks="", tickfont={"size": 14, "color": ink()}
    )
    figure.update_layout(
        height=46 * len(EMOTIONS) + AXIS_HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": AXIS_HEIGHT},
        bargap=0.4,
        showlegend=False,
    )
    return figure


def rate_bars(rows: Sequence[Row], rate: str) -> go.Figure:
    """Bars of `rate` (`recall` or `precision`) with 95 % intervals and baseline ticks."""
    names = [row.emotion for row in rows]
    values = [getattr(row, rate) for row in rows]
    intervals = [
        getattr(row, f"{rate}_interval") or Interval(value, value)
        for row, value in zip(rows, values, strict=True)
    ]
    figure = bars(dict(zip(names, values, strict=True)))
    colour = ink()
    figure.update_traces(
        text=None,
        error_x={
            "symmetric": False,
            "array": [
                interval.high - value for interval, value in zip(intervals, values, strict=True)
            ],
            "arrayminus": [
                value - interval.low for interval, value in zip(intervals, values, strict=True)
            ],
            "thickness": 1.5,
            "width": 0,
            "color": colour,
        },
    )
    baseline_ticks = go.Scatter(
        x=[row.baseline for row in rows],
        y=names,
        mode="markers",
        marker={"symbol": "line-ns", "size": 24, "line": {"width": 2.5, "color": colour}},
        cliponaxis=False,
    )
    labels = go.Scatter(
        x=[
            max(interval.high, row.baseline) + 0.025
            for interval, row in zip(intervals, rows, strict=True)
        ],
        y=names,
        mode="text",
        text=[
            percent(value) if row.answers else "never predicted"
            for value, row in zip(values, rows, strict=True)
        ],
        textposition="middle right",
        textfont={"size": 15, "color": colour},
        cliponaxis=False,
    )
    figure.add_traces([baseline_ticks, labels])
    # An automatic range would leave room for the markers above the first bar.
    figure.update_yaxes(autorange=False, range=[len(rows) - 0.5, -0.5])
    return figure


def _share_axis(end: float) -> dict[str, object]:
    """The scale from 0 to 100 %, on an axis that goes on to `end`, for texts beside the bars."""
    return {
        "range": [0, end],
        "tickvals": [0, 0.5, 1],
        "ticktext": ["0", percent(0.5), percent(1)],
        "tickfont": {"size": 12, "color": ink()},
        "ticks": "",
        "showgrid": True,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
