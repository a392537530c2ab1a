"""Synthetic photos with synthetic answers, for tests of Compare."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fer_core.answers import Answer
from fer_core.emotions import EMOTIONS
from fer_core.faces.align import Face
from fer_core.registry import MODELS
from fer_core.reports import drawing
from pages.sections.compare import text
from pages.sections.compare.text import ComparedFace
from pages.session.photo import Photo

N = len(MODELS)
ALL_HAPPY = ["happy"] * N
ONE_SAD = ["happy"] * (N - 1) + ["sad"]
#: As many say happy as say sad; of an odd number of models one says fear.
HALVES = ["happy"] * (N // 2) + ["sad"] * (N // 2) + ["fear"] * (N % 2)


def answer(emotion: str, scores: dict[str, float] | None = None) -> Answer:
    return Answer({name: 0.7 if name == emotion else 0.05 for name in EMOTIONS}, 2.5, scores)


def photo(answers: Sequence[Sequence[str]], name: str = "a.png") -> Photo:
    """A photo with these answers: one row per face, in it one emotion per registered model."""
    return Photo(
        name,
        width=400,
        height=300,
        display_jpeg=drawing.encode_for_display(np.full((300, 400, 3), 90, np.uint8)),
        faces=tuple(Face((10 * i, 20, 30, 40), 0.9) for i in range(len(answers))),
        chips=np.full((len(answers), 48, 48), 128, np.uint8),
        answers={
            model_name: [answer(face[column]) for face in answers]
            for column, model_name in enumerate(MODELS)
        },
    )


def faces(*answers: Sequence[str], uses_full_image: bool = False) -> list[ComparedFace]:
    shown = replace(photo(answers), uses_full_image=uses_full_image)
    return text.compared_faces({"key": shown}, list(MODELS))
