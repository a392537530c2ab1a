"""Risk–coverage curves: how many answers are wrong, if only the surest are given."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from fer_core.evaluation.selective import RiskCoverage, Selected
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme
from pages.charts.model_markers import marker_colour
from pages.charts.threshold_curves import fraction_axis, threshold_marker

POINTS = 200  # per curve; more cannot be told apart
MIN_COVERAGE = 0.02  # a share of wrong answers among fewer faces is mostly chance
LINE_HEIGHT = 21  # px, of a line of the legend
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def thinned(curve: RiskCoverage) -> RiskCoverage:
    """At most `POINTS` points of a curve, evenly spaced by coverage, the last one included."""
    wanted = np.linspace(min(MIN_COVERAGE, curve.coverage[-1]), 1, POINTS)
    rows = np.unique(np.searchsorted(curve.coverage, wanted - 1e-12))
    return RiskCoverage(*(values[rows] for values in curve))


def chart(
    curves: Mapping[str, RiskCoverage], titles: Mapping[str, str], at: Selected | None = None
) -> go.Figure:
    """A line per model; with `at` the point of one threshold is marked.

    Args:
        curves: Model name → its curve, as `thinned`; at least one.
        titles: Model name → its display name.
        at: The answers from a threshold on; not marked where the lines have not begun yet.
    """
    figure, font = go.Figure(), {"size": 13, "color": theme.ink()}
    for number, (name, curve) in enumerate(curves.items()):
        figure.add_scatter(
            x=curve.coverage,
            y=curve.risk,
            name=titles[name],
            mode="lines",
            line={
                "color": marker_colour(name) if len(curves) > 1 else ACCENT,
                "width": 2.5,
                "dash": DASHES[number % len(DASHES)],
            },
        )
    top = max(0.05, *(float(curve.risk.max()) for curve in curves.values())) * 1.08
    if at is not None and at.accuracy is not None and at.coverage >= MIN_COVERAGE:
        figure.add_trace(threshold_marker(at.coverage, 1 - at.accuracy, ACCENT))
    legend_height = LINE_HEIGHT * len(curves) if len(curves) > 1 else 0
    risk = {"title": {"text": "Risk: wrong answers", "standoff": 16, "font": font}}
    figure.update_layout(
        xaxis=fraction_axis("Coverage: faces answered, the surest first"),
        yaxis=fraction_axis() | risk | theme.percent_axis(0, min(1.03, top)),
        height=330 + legend_height,
        margin={"l": 4, "r": 20, "t": 12 + legend_height, "b": 0},
        showlegend=len(curves) > 1,
        legend={
            "orientation": "v", "x": 0, "y": 1, "yanchor": "bottom", "font": font,
            "itemclick": False,
        },
    )  # fmt: skip
    return figure


def alt_text(curves: Mapping[str, RiskCoverage], titles: Mapping[str, str]) -> str:
    """The curves as text, for screen readers."""
    texts = []
    for name, curve in curves.items():
        half = int(np.searchsorted(curve.coverage, 0.5))
        texts.append(
            f"{titles[name]} {percent(float(curve.risk[half]), 1)} at half of the faces, "
            f"{percent(float(curve.risk[-1]), 1)} at all"
        )
    return f"Share of wrong answers by coverage: {'; '.join(texts)}."


def csv_rows(curves: Mapping[str, RiskCoverage], where: str) -> list[dict[str, object]]:
    """One row per point of each curve, on the test set `where`."""
    return [
        {"model": name, "test_set": where, "threshold": threshold}
        | {"coverage": coverage, "risk": risk}
        for name, curve in curves.items()
        for threshold, coverage, risk in zip(*curve, strict=True)
    ]
