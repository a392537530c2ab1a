"""Charts of several models' answers for one face."""

from collections.abc import Mapping

import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts.emotion_bars import bars
from pages.charts.model_markers import marker_colour, marker_shape
from pages.charts.theme import ink
from pages.sections.compare.text import ComparedFace

LANE_HEIGHT = 9  # pixels per model within an emotion's band
WITHOUT_TOOLBAR = {"displayModeBar": False}


def probability_chart(face: ComparedFace) -> go.Figure:
    """All models' probabilities: one band per emotion, and within it one lane per model.

    Separate lanes keep equal probabilities from hiding each other; they follow the legend's order.
    """
    count = len(face.answers)
    figure = go.Figure()
    for row, emotion in enumerate(EMOTIONS):
        figure.add_shape(
            type="rect", x0=0, x1=1, y0=row - 0.46, y1=row + 0.46,
            fillcolor=COLOURS[emotion], opacity=0.13, line_width=0, layer="below",
        )  # fmt: skip
    for lane, (name, answer) in enumerate(face.answers.items()):
        probabilities = [answer.probabilities[emotion] for emotion in EMOTIONS]
        offset = (lane - (count - 1) / 2) * 0.82 / max(count, 3)
        figure.add_scatter(
            x=probabilities,
            y=[row + offset for row in range(len(EMOTIONS))],
            mode="markers",
            marker={"symbol": marker_shape(name), "size": 11, "color": marker_colour(name)},
            # The stem from zero to the mark.
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [0] * len(probabilities),
                "arrayminus": probabilities,
                "thickness": 1.6,
                "width": 0,
                "color": marker_colour(name),
            },
            cliponaxis=False,
            text=[
                f"{emotion} {percent(probability)}"
                for emotion, probability in zip(EMOTIONS, probabilities, strict=True)
            ],
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
    """Alternative text of the probability chart."""
    answers = "; ".join(
        f"{MODELS[name].title}: {answer.emotion} {percent(answer.probabilities[answer.emotion])}"
        for name, answer in face.answers.items()
    )
    return f"Each model's probability of the seven emotions. Most likely emotion: {answers}."


def vote_bars(votes: Mapping[str, int]) -> go.Figure:
    """Number of models per predicted emotion; rows line up with `emotion_bars.bars`."""
    total = sum(votes.values())
    shares = {name: votes[name] / total for name in EMOTIONS}
    return bars(shares, texts=[f"{votes[name]} of {total}" for name in EMOTIONS], axis_end=1.2)
