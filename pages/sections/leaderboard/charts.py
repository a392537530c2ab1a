"""The leaderboard's charts: the models ranked by a metric."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from fer_core.evaluation.rankings import Place
from fer_core.registry import ModelSpec
from fer_core.reports.format import format_interval, percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme

#: Colours of the models that cannot be told apart from the first, and of the others.
LEADING_COLOUR, BEHIND_COLOUR = ACCENT, "#8A8A8A"
#: Where all whiskers lie within this share of the scale, a panel shows that part enlarged.
MAX_ZOOMED = 0.25


class Ranking(NamedTuple):
    """What the chart shows."""

    title: str
    places: Sequence[Place]  # best first
    baseline: float
    study: Mapping[str, float]  # the study's number by model name; empty for other metrics
    models: Mapping[str, ModelSpec]  # by name
    where: str = "PrivateTest"  # title of the evaluation set


def chart(ranking: Ranking) -> go.Figure:
    """A row per model, best on top: its name, a dot and whiskers; within chance is shaded.

    Where all models lie close together, the whole scale is a narrow panel on the left, and a panel
    on the right shows the part where they are.
    """
    figure, ink = go.Figure(), theme.ink()
    low = min(place.interval.low for place in ranking.places)
    high = max(place.interval.high for place in ranking.places)
    zoomed = high - low <= MAX_ZOOMED
    panel = "x2" if zoomed else "x"
    _shade(figure, [place.tied for place in ranking.places])
    for tied, colour in ((True, LEADING_COLOUR), (False, BEHIND_COLOUR)):
        rows = [i for i, place in enumerate(ranking.places) if place.tied is tied]
        _add_models(figure, ranking, rows, colour, panel)
        if zoomed:
            figure.add_scatter(
                x=[ranking.places[i].value for i in rows], y=rows, mode="markers",
                marker={"size": 9, "color": colour}, showlegend=False,
            )  # fmt: skip
    count = len(ranking.places)
    figure.add_scatter(
        x=[ranking.baseline] * count, y=list(range(count)), mode="markers",
        name=f"no-skill baseline, {percent(ranking.baseline, 1)}",
        marker={"symbol": "line-ns-open", "size": 14, "color": ink, "line_width": 2},
    )  # fmt: skip
    if ranking.study:
        rows = [i for i, place in enumerate(ranking.places) if place.name in ranking.study]
        figure.add_scatter(
            x=[ranking.study[ranking.places[i].name] for i in rows], y=rows, mode="markers",
            name="the study's number, on another folder",
            marker={"symbol": "diamond-open", "size": 10, "color": ink, "line_width": 1.8},
        )  # fmt: skip
    _set_axes(figure, ranking, (low, high) if zoomed else None)
    return figure


def alt_text(ranking: Ranking) -> str:
    """The chart as text, for screen readers."""
    values = [
        f"{ranking.models[place.name].title} {percent(place.value, 1)}, "
        f"{format_interval(place.interval)}"
        + (f", study {percent(study, 1)}" if (study := ranking.study.get(place.name)) else "")
        for place in ranking.places
    ]
    return (
        f"{ranking.title} on {ranking.where} with 95 % interval, best first: {'; '.join(values)}. "
        f"No-skill baseline {percent(ranking.baseline, 1)}."
    )


def _shade(figure: go.Figure, tied: Sequence[bool]) -> None:
    """Shade the rows of the models within chance of the first."""
    for i, within in enumerate(tied):
        if within:
            figure.add_shape(
                type="rect", xref="paper", x0=0, x1=1, y0=i - 0.5, y1=i + 0.5, line_width=0,
                fillcolor=LEADING_COLOUR, opacity=0.1, layer="below",
            )  # fmt: skip


def _add_models(
    figure: go.Figure, ranking: Ranking, rows: Sequence[int], colour: str, panel: str
) -> None:
    """Dots with whiskers in one panel, `x` or `x2`."""
    places = [ranking.places[i] for i in rows]
    tested = any(place.p_value is not None for place in places)
    group = "within chance of the first" if colour == LEADING_COLOUR else "significantly worse"
    figure.add_scatter(
        x=[place.value for place in places],
        y=rows,
        xaxis=panel,
        name=group if tested else "model, with 95 % interval",
        mode="markers",
        marker={"size": 11, "color": colour},
        error_x={
            "array": [place.interval.high - place.value for place in places],
            "arrayminus": [place.value - place.interval.low for place in places],
            "thickness": 2.5,
            "width": 6,
            "color": colour,
        },
        showlegend=bool(rows),
    )


def _set_axes(figure: go.Figure, ranking: Ranking, zoom_on: tuple[float, float] | None) -> None:
    names = [
        f"{ranking.models[place.name].short_title}<br><b>{percent(place.value, 1)}</b>"
        for place in ranking.places
    ]
    theme.two_panels(figure, names, zoom_on, top=96, bottom=34)
