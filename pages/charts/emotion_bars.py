"""A number for each of the seven emotions as bars. Emotions keep their order and colour."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation.per_class import Row
from fer_core.evaluation.uncertainty import Interval
from fer_core.reports.format import percent
from pages.charts.theme import ink


def bars(
    values: Mapping[str, float],
    faded: frozenset[str] = frozenset(),
    texts: Sequence[str] | None = None,
    axis_end: float = 1.16,
) -> go.Figure:
    """Horizontal bars from 0 to 1, one an emotion; the `faded` ones step back.

    `texts` stand beside the bars instead of percentages. The axis ends at `end`, beyond 1, so that
    they still fit beside a full bar.
    """
    shown = [values[name] for name in EMOTIONS]
    figure = go.Figure(
        go.Bar(
            x=shown,
            y=list(EMOTIONS),
            orientation="h",
            marker={
                "color": [COLOURS[name] for name in EMOTIONS],
                "opacity": [0.4 if name in faded else 1.0 for name in EMOTIONS],
                "cornerradius": 3,
            },
            text=texts or [percent(value) for value in shown],
            textposition="outside",
            textfont={"size": 15, "color": ink()},
            cliponaxis=False,
        )
    )
    figure.update_xaxes(range=[0, axis_end], visible=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        ticks="",
        tickfont={"size": 15, "color": ink()},
        showgrid=False,
    )
    figure.update_layout(
        height=36 * len(EMOTIONS),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        bargap=0.34,
        showlegend=False,
    )
    return figure


def yes_no_bars(scores: Mapping[str, float], thresholds: Mapping[str, float]) -> go.Figure:
    """Seven independent answers; an upright stroke marks where each model starts to say yes.

    A number stands behind both its bar and its stroke, so that no stroke crosses it.
    """
    silent = frozenset(name for name in EMOTIONS if scores[name] < thresholds[name])
    figure = bars(scores, faded=silent, texts=[""] * len(EMOTIONS))
    figure.add_scatter(
        x=[max(scores[name], thresholds[name]) for name in EMOTIONS],
        y=list(EMOTIONS),
        mode="text",
        text=[f" {percent(scores[name])}" for name in EMOTIONS],
        textposition="middle right",
        textfont={"size": 15, "color": ink()},
        cliponaxis=False,
    )
    for row, name in enumerate(EMOTIONS):
        where = thresholds[name]
        figure.add_shape(
            type="line", x0=where, x1=where, y0=row - 0.42, y1=row + 0.42, line={"width": 2}
        )
    figure.update_shapes(line_color=ink())
    return figure


def share_bars(
    shares: Mapping[str, float], faces: Mapping[str, int], axis_end: float = 1.0, digits: int = 0
) -> go.Figure:
    """Bars from 0 to `end` with the share beside each; under its name an emotion's count of faces.

    `shares` are fractions; both mappings have all of EMOTIONS.
    """
    figure = go.Figure(
        go.Bar(
            x=[shares[name] for name in EMOTIONS],
            y=[f"<b>{name}</b><br>{faces[name]:,} faces" for name in EMOTIONS],
            orientation="h",
            marker={"color": [COLOURS[name] for name in EMOTIONS], "cornerradius": 3},
            text=[percent(shares[name], digits) for name in EMOTIONS],
            textposition="outside",
            textfont={"size": 15, "color": ink()},
            cliponaxis=False,
        )
    )
    figure.update_xaxes(range=[0, 1.25 * axis_end], visible=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, ticks="", tickfont={"size": 14, "color": ink()}
    )
    figure.update_layout(
        height=46 * len(EMOTIONS),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        bargap=0.4,
        showlegend=False,
    )
    return figure


def rate_bars(rows: Sequence[Row], rate: str) -> go.Figure:
    """`rate` (`recall` or `precision`) of every emotion, its interval, no skill's stroke."""
    values = [getattr(row, rate) for row in rows]
    spreads = [
        getattr(row, f"{rate}_interval") or Interval(value, value)
        for row, value in zip(rows, values, strict=True)
    ]
    figure = bars(dict(zip(EMOTIONS, values, strict=True)))
    colour = ink()
    figure.update_traces(
        text=None,
        error_x={
            "symmetric": False,
            "array": [spread.high - value for spread, value in zip(spreads, values, strict=True)],
            "arrayminus": [
                value - spread.low for spread, value in zip(spreads, values, strict=True)
            ],
            "thickness": 1.5,
            "width": 0,
            "color": colour,
        },
    )
    strokes = go.Scatter(
        x=[row.baseline for row in rows],
        y=EMOTIONS,
        mode="markers",
        marker={"symbol": "line-ns", "size": 24, "line": {"width": 2.5, "color": colour}},
        cliponaxis=False,
    )
    printed = go.Scatter(
        x=[
            max(spread.high, row.baseline) + 0.025
            for spread, row in zip(spreads, rows, strict=True)
        ],
        y=EMOTIONS,
        mode="text",
        text=[
            percent(value) if row.answers else "never answered"
            for value, row in zip(values, rows, strict=True)
        ],
        textposition="middle right",
        textfont={"size": 15, "color": colour},
        cliponaxis=False,
    )
    figure.add_traces([strokes, printed])
    # The axis would make room for the markers above the first bar.
    figure.update_yaxes(autorange=False, range=[len(rows) - 0.5, -0.5])
    return figure
