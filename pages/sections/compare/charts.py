"""Charts of one face as several variants see it."""

from collections.abc import Mapping

import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts.emotion_bars import bars
from pages.charts.model_markers import marker_shape, marker_colour
from pages.charts.theme import ink
from pages.sections.compare.text import ComparedFace

LANE_HEIGHT = 9  # pixels of height a variant gets inside an emotion's band
WITHOUT_TOOLBAR = {"displayModeBar": False}


def probability_chart(face: ComparedFace) -> go.Figure:
    """All variants' probabilities over each other: a band an emotion, in it a lane a variant.

    Lanes keep variants that say the same from hiding each other; they are in the legend's order.
    """
    count = len(face.answers)
    figure = go.Figure()
    for row, emotion in enumerate(EMOTIONS):
        figure.add_shape(
            type="rect", x0=0, x1=1, y0=row - 0.46, y1=row + 0.46,
            fillcolor=COLOURS[emotion], opacity=0.13, line_width=0, layer="below",
        )  # fmt: skip
    for lane, (name, answer) in enumerate(face.answers.items()):
        shown = [answer.probabilities[emotion] for emotion in EMOTIONS]
        offset = (lane - (count - 1) / 2) * 0.82 / max(count, 3)
        figure.add_scatter(
            x=shown,
            y=[row + offset for row in range(len(EMOTIONS))],
            mode="markers",
            marker={"symbol": marker_shape(name), "size": 11, "color": marker_colour(name)},
            # The stem that ties a mark to zero.
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [0] * len(shown),
                "arrayminus": shown,
                "thickness": 1.6,
                "width": 0,
                "color": marker_colour(name),
            },
            cliponaxis=False,
            text=[f"{emotion} {percent(p)}" for emotion, p in zip(EMOTIONS, shown, strict=True)],
            hovertemplate=f"{MODELS[name].title}: %{{text}}<extra></extra>",
        )
    figure.update_xaxes(
        range=[0, 1.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "25", "50", "75", "100 %"],
        tickfont={"size": 14, "color": ink()},
        gridcolor="rgba(128,128,128,0.25)",
        zeroline=False,
        fixedrange=True,
        side="top",
    )
    figure.update_yaxes(
        range=[len(EMOTIONS) - 0.5, -0.5],
        tickvals=list(range(len(EMOTIONS))),
        ticktext=list(EMOTIONS),
        tickfont={"size": 15, "color": ink()},
        ticklabelstandoff=9,
        showgrid=False,
        zeroline=False,
        ticks="",
        fixedrange=True,
    )
    figure.update_layout(
        height=round(len(EMOTIONS) * max(36, LANE_HEIGHT * count / 0.82) + 34),
        margin={"l": 0, "r": 16, "t": 30, "b": 0},
        showlegend=False,
        hovermode="closest",
    )
    return figure


def probability_chart_alt(face: ComparedFace) -> str:
    """The profile chart for somebody who hears it."""
    said = "; ".join(
        f"{MODELS[name].title}: {answer.emotion} {percent(answer.probabilities[answer.emotion])}"
        for name, answer in face.answers.items()
    )
    return f"Probability of the seven emotions by every model. Most likely each: {said}."


def vote_bars(votes: Mapping[str, int]) -> go.Figure:
    """How many variants picked each emotion; rows line up with `emotion_bars.bars`."""
    total = sum(votes.values())
    shares = {name: votes[name] / total for name in EMOTIONS}
    return bars(shares, texts=[f"{votes[name]} of {total}" for name in EMOTIONS], axis_end=1.2)
