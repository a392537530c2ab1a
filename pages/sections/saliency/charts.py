"""The deletion and insertion curves of one map."""

import plotly.graph_objects as go

from fer_core.explain.faithfulness import CURVE_FRACTIONS, Faithfulness
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme


def faithfulness_curves(told: Faithfulness) -> go.Figure:
    """Probability against the share of the face that is blurred (or, for insertion, shown)."""
    ink, figure = theme.ink(), go.Figure()
    for name, values, colour, dash in (
        ("deletion: blur the hottest first", told.deletion, ink, "solid"),
        ("insertion: show the hottest first", told.insertion, ACCENT, "dash"),
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
    figure.update_xaxes(title_text="share of the face blurred, or shown", **axis)
    figure.update_yaxes(title_text="probability", **axis)
    legend = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"}
    figure.update_layout(
        height=330,
        margin={"l": 0, "r": 30, "t": 10, "b": 0},
        legend=legend | {"font": {"size": 14, "color": ink}},
    )
    return figure


def faithfulness_curves_alt(told: Faithfulness, emotion: str) -> str:
    """The chart for somebody who hears it."""
    return (
        f"Probability of {emotion} while the map's hottest places are blurred first: from "
        f"{percent(told.deletion[0])} over {percent(told.deletion[len(CURVE_FRACTIONS) // 2])} at half to "
        f"{percent(told.deletion[-1])}; and while they are shown first: from "
        f"{percent(told.insertion[0])} over {percent(told.insertion[len(CURVE_FRACTIONS) // 2])} to "
        f"{percent(told.insertion[-1])}."
    )
