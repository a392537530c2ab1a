"""Charts of accuracy and confidence over the severity of a corruption."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from fer_core.evaluation.robustness import Point
from fer_core.evaluation.robustness_results import MeasuredCorruption
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts import model_markers, theme
from pages.charts.threshold_curves import LEGEND, dashed_line, fraction_axis

HEIGHT, SMALL_HEIGHT = 420, 260  # px
LEGEND_LINE = 22  # px of a line of the legend
BAND_OPACITY = 0.13

Curves = Mapping[str, Sequence[Point]]  # by model name


def accuracy_chart(curves: Curves, corruption: MeasuredCorruption, baseline: float) -> go.Figure:
    """Accuracy over severity, each model with the band of its 95 % interval."""
    figure = go.Figure()
    for name, points in curves.items():
        figure.add_trace(_band(name, points))
    for name, points in curves.items():
        figure.add_trace(_line(name, points, [point.accuracy for point in points]))
    figure.add_trace(
        go.Scatter(
            x=[0, len(corruption.severities)],
            y=[baseline, baseline],
            mode="lines",
            line=dashed_line(),
            name=f"no-skill baseline, {percent(baseline, 1)}",
        )
    )
    return _finish(figure, corruption, "Accuracy", HEIGHT + LEGEND_LINE * (len(curves) + 1))


def confidence_chart(curves: Curves, corruption: MeasuredCorruption) -> go.Figure:
    """Mean confidence over severity, without a legend: the colours are those of the other chart."""
    figure = go.Figure(
        [
            _line(name, points, [point.confidence for point in points])
            for name, points in curves.items()
        ]
    )
    figure.update_layout(showlegend=False)
    return _finish(figure, corruption, "Mean confidence", SMALL_HEIGHT)


def alt_text(curves: Curves, corruption: MeasuredCorruption) -> str:
    """The chart of accuracy as text, for screen readers."""
    models = [
        f"{MODELS[name].title} from {percent(points[0].accuracy, 1)} to "
        f"{percent(points[-1].accuracy, 1)}"
        for name, points in curves.items()
    ]
    return f"Accuracy from clean faces to the strongest {corruption.title}: {'; '.join(models)}."


def rows(curves: Curves) -> list[dict[str, object]]:
    """The charts' numbers, a row per model and severity."""
    return [{"model": name} | point.columns for name, points in curves.items() for point in points]


def _band(model_name: str, points: Sequence[Point]) -> go.Scatter:
    severities = [point.severity for point in points]
    red, green, blue = (
        int(model_markers.marker_colour(model_name)[i : i + 2], 16) for i in (1, 3, 5)
    )
    return go.Scatter(
        x=severities + severities[::-1],
        y=[point.interval.high for point in points]
        + [point.interval.low for point in reversed(points)],
        fill="toself",
        fillcolor=f"rgba({red}, {green}, {blue}, {BAND_OPACITY})",
        mode="lines",
        line={"width": 0},
        showlegend=False,
    )


def _line(model_name: str, points: Sequence[Point], values: Sequence[float]) -> go.Scatter:
    colour = model_markers.marker_colour(model_name)
    return go.Scatter(
        x=[point.severity for point in points],
        y=list(values),
        name=MODELS[model_name].title,
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"symbol": model_markers.marker_shape(model_name), "size": 9, "color": colour},
        cliponaxis=False,
    )


def _finish(
    figure: go.Figure, corruption: MeasuredCorruption, title: str, height: int
) -> go.Figure:
    font = {"size": 13, "color": theme.ink()}
    figure.update_layout(
        xaxis={
            "title": {
                "text": f"Severity and amount ({corruption.unit})",
                "font": font,
                "standoff": 6,
            },
            "tickvals": list(range(len(corruption.amounts))),
            "ticktext": [
                "clean" if i == 0 else f"{i}<br>{amount:g}"
                for i, amount in enumerate(corruption.amounts)
            ],
            "tickfont": font,
            "range": [-0.15, len(corruption.severities) + 0.15],
            "fixedrange": True,
            "gridcolor": theme.GRID,
            "zeroline": False,
        },
        yaxis=fraction_axis(title),
        height=height,
        margin={"l": 0, "r": 10, "t": 8, "b": 0},
        legend=LEGEND | {"orientation": "v", "font": font, "itemclick": False},
    )
    if figure.layout.showlegend is not False:
        figure.update_layout(margin_t=LEGEND_LINE * (1 + sum(1 for _ in figure.data) // 2) + 8)
    return figure
