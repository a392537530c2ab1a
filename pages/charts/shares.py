"""A share for each of the seven emotions, as bars in their colours."""

from collections.abc import Mapping

import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.reports.format import percent
from pages.charts import theme


def by_emotion(
    shares: Mapping[str, float], faces: Mapping[str, int], end: float = 1.0, digits: int = 0
) -> go.Figure:
    """Bars from 0 to `end` with the share beside each; under its name an emotion's count of faces.

    `shares` are fractions; both mappings have all of EMOTIONS.
    """
    ink = theme.ink()
    figure = go.Figure(
        go.Bar(
            x=[shares[name] for name in EMOTIONS],
            y=[f"<b>{name}</b><br>{faces[name]:,} faces" for name in EMOTIONS],
            orientation="h",
            marker={"color": [COLOURS[name] for name in EMOTIONS], "cornerradius": 3},
            text=[percent(shares[name], digits) for name in EMOTIONS],
            textposition="outside",
            textfont={"size": 15, "color": ink},
            cliponaxis=False,
        )
    )
    figure.update_xaxes(range=[0, 1.25 * end], visible=False, fixedrange=True)
    figure.update_yaxes(
        autorange="reversed", fixedrange=True, ticks="", tickfont={"size": 14, "color": ink}
    )
    figure.update_layout(
        height=46 * len(EMOTIONS),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        bargap=0.4,
        showlegend=False,
    )
    return figure
