"""Charts of several models' answers for one face."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts.emotion_bars import bars
from pages.charts.heat_map import heat_map
from pages.sections.compare.text import ComparedFace

NAME_ROOM = 36  # pixels right of the cells, for the last name where a phone slants them
WITHOUT_TOOLBAR = {"displayModeBar": False}


def probability_chart(face: ComparedFace) -> go.Figure:
    """All models' probabilities in percent: a row per model, a column per emotion, answers bold."""
    answers = face.answers
    values = np.array([[a.probabilities[name] for name in EMOTIONS] for a in answers.values()])
    texts = [
        [f"<b>{_number(p)}</b>" if p == row.max() else _number(p) for p in row] for row in values
    ]
    hover = [
        [
            f"{MODELS[model].title}: {emotion} {percent(probability, 1)}"
            for emotion, probability in zip(EMOTIONS, row, strict=True)
        ]
        for model, row in zip(answers, values, strict=True)
    ]
    names = [MODELS[model].short_title for model in answers]
    figure = heat_map(values, texts, names, EMOTIONS, max_value=1, hover=hover)
    figure.update_layout(margin_r=NAME_ROOM)
    return figure


def _number(probability: float) -> str:
    """In percent, without the sign: '87', or '<1'."""
    return percent(probability).removesuffix("\u00a0%")


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
