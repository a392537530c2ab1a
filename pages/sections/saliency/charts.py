"""Deletion and insertion curves of one map."""

from typing import Any

import plotly.graph_objects as go

from fer_core.explain.explanation import Explanation
from fer_core.explain.faithfulness import CURVE_FRACTIONS, Faithfulness
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme


def faithfulness_curves(faithfulness: Faithfulness) -> go.Figure:
    """Probability against the share of the face that is blurred (for insertion: shown sharp)."""
    ink, figure = theme.ink(), go.Figure()
    for name, values, colour, dash in (
        ("deletion: blur the hottest pixels first", faithfulness.deletion, ink, "solid"),
        ("insertion: restore the hottest pixels first", faithfulness.insertion, ACCENT, "dash"),
    ):
        figure.add_scatter(
            name=name,
            x=CURVE_FRACTIONS,
            y=values,
            mode="lines",
            line={"color": colour, "width": 3, "dash": dash},
        )
    axis = {
        "range": [0, 1],
        "tickformat": ".0%",
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "fixedrange": True,
        "zeroline": False,
        "tickfont": {"size": 13, "color": ink},
        "title_font": {"size": 14, "color": ink},
        "gridcolor": "rgba(128,128,128,0.22)",
    }
    figure.update_xaxes(title_text="share of the face blurred or restored", **axis)
    figure.update_yaxes(title_text="probability", **axis)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    figure.update_layout(
        height=330,
        margin={"l": 0, "r": 30, "t": 10, "b": 0},
        legend=legend | {"font": {"size": 14, "color": ink}},
    )
    return figure


def faithfulness_curves_alt(faithfulness: Faithfulness, emotion: str) -> str:
    """Alternative text of the chart."""
    deletion, insertion, middle = (
        faithfulness.deletion,
        faithfulness.insertion,
        len(CURVE_FRACTIONS) // 2,
    )
    return (
        f"Probability of {emotion}. Deletion, the hottest pixels blurred first: "
        f"{percent(deletion[0])} at the start, {percent(deletion[middle])} halfway, "
        f"{percent(deletion[-1])} at the end. Insertion, the hottest pixels restored first: "
        f"{percent(insertion[0])}, {percent(insertion[middle])}, {percent(insertion[-1])}."
    )


def csv_rows(faithfulness: Faithfulness, explanation: Explanation) -> list[dict[str, Any]]:
    """The points of both curves."""
    return [
        {
            "model": explanation.model_name,
            "method": explanation.method,
            "emotion": explanation.emotion,
            "share_of_face": share,
            "deletion": deletion,
            "insertion": insertion,
        }
        for share, deletion, insertion in zip(
            CURVE_FRACTIONS, faithfulness.deletion, faithfulness.insertion, strict=True
        )
    ]
