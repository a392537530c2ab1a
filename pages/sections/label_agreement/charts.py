"""Charts of Label agreement: models against labels and crowd."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fer_core.evaluation.ferplus_agreement import LabelAgreement, ModelAgreement
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme

MAX_ZOOMED = 0.3  # whiskers within this share of the scale are shown enlarged


def accuracy_chart(rows: Mapping[str, ModelAgreement], labels: LabelAgreement) -> go.Figure:
    """Each model's accuracy against FER2013's labels and against the crowd, joined by a line.

    With 95 % intervals and both no-skill baselines. Where all lie close together, the whole scale
    is a narrow panel on the left, and a panel on the right shows the part where they are.
    """
    figure, models = go.Figure(), list(rows.values())
    ends = [
        end
        for row in models
        for end in (*row.label_accuracy_interval, *row.majority_accuracy_interval)
    ]
    zoomed = max(ends) - min(ends) <= MAX_ZOOMED
    for panel in ("x", "x2") if zoomed else ("x",):
        _add_models(figure, models, panel, detailed=panel == "x2" or not zoomed)
    for reference, baseline, colour in (
        ("label", labels.label_baseline, theme.ink()),
        ("crowd", labels.majority_baseline, ACCENT),
    ):
        figure.add_scatter(
            name=f"baseline, {reference}: {percent(baseline, 1)}",
            x=[baseline] * len(models),
            y=list(range(len(models))),
            mode="markers",
            marker={"symbol": "line-ns", "size": 14, "line": {"width": 2, "color": colour}},
            legendrank=1100,
        )
    _set_axes(figure, rows, (min(ends), max(ends)) if zoomed else None)
    return figure


def _add_models(
    figure: go.Figure, models: Sequence[ModelAgreement], panel: str, *, detailed: bool
) -> None:
    """Both accuracies of each model in one panel; `detailed`: with whiskers and legend."""
    positions = list(range(len(models)))
    figure.add_scatter(
        x=[x for row in models for x in (row.label_accuracy, row.majority_accuracy, None)],
        y=[y for i in positions for y in (i, i, None)],
        xaxis=panel,
        mode="lines",
        line={"color": ACCENT, "width": 2},
        showlegend=False,
    )
    for name, reference, colour, symbol in (
        ("FER2013's label", "label", theme.ink(), "circle-open"),
        ("the crowd's majority", "majority", ACCENT, "circle"),
    ):
        values = np.array([getattr(row, f"{reference}_accuracy") for row in models])
        ends = np.array([getattr(row, f"{reference}_accuracy_interval") for row in models])
        whiskers = {
            "array": ends[:, 1] - values,
            "arrayminus": values - ends[:, 0],
            "symmetric": False,
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        }
        figure.add_scatter(
            name=name,
            x=values,
            y=positions,
            xaxis=panel,
            mode="markers",
            marker={
                "color": colour,
                "symbol": symbol,
                "size": 12 if detailed else 8,
                "line": {"width": 2.5 if detailed else 1.5, "color": colour},
            },
            error_x=whiskers if detailed else None,
            showlegend=detailed,
        )


def _set_axes(
    figure: go.Figure, rows: Mapping[str, ModelAgreement], zoom_on: tuple[float, float] | None
) -> None:
    names = [
        f"{MODELS[name].short_title}<br>{100 * row.label_accuracy:.1f} → "
        f"<b>{percent(row.majority_accuracy, 1)}</b>"
        for name, row in rows.items()
    ]
    theme.two_panels(figure, names, zoom_on, top=100, bottom=50)
