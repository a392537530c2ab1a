"""One face's ten votes as bars, with the label and a model's answer."""

import numpy as np
from markupsafe import Markup

from fer_core.datasets.ferplus import ANSWERS
from fer_core.emotions import COLOURS
from fer_core.reports.format import percent
from pages.text.markup import tag


def vote_bars(
    votes: np.ndarray,
    predicted: int,
    label: int,
    probability: float,
    whose: str = "the model's answer",
) -> Markup:
    """HTML bars of the annotators' votes, with the model's answer and FER2013's label marked.

    Args:
        votes: (10,) votes for ANSWERS.
        predicted: Index into EMOTIONS of the model's answer.
        label: Index into EMOTIONS of FER2013's label.
        probability: Of the model's answer.
        whose: What the answer is called.
    """
    model = f"{whose} ({percent(probability)})"
    cells = []
    for i in sorted(range(len(ANSWERS)), key=lambda i: (-int(votes[i]), i)):
        marks = [text for text, at in ((model, predicted), ("FER2013's label", label)) if at == i]
        if not votes[i] and not marks:
            continue
        colour = COLOURS.get(ANSWERS[i])
        style = f"--n:{int(votes[i])}" + (f";--colour:{colour}" if colour else "")
        cells += [
            tag("span", tag("b", ANSWERS[i]) if marks else ANSWERS[i]),
            tag("span", class_="bar" if colour else "bar other", style=style),
            tag("span", int(votes[i])),
        ]
        if marks:
            cells.append(tag("span", " and ".join(marks), class_="tag"))
    return tag("div", *cells, class_="votes")
