"""The faces of a view in groups of one colour."""

from collections.abc import Iterator

import numpy as np

from fer_core.emotions import COLOURS, EMOTIONS
from pages.charts.point_map import Group
from pages.sections.face_map.controls import Colour
from pages.sections.face_map.view import NO_MAJORITY, UNCLEAR, View

RIGHT_COLOUR, WRONG_COLOUR, NO_COLOUR = "#8A8A8A", "#D1495B", "#8A8A8A"


def groups(view: View, colour: Colour) -> list[Group]:
    """The groups of the view's faces that have one."""
    return list(_by_disagreement(view) if colour == "disagreement" else _by_kind(view, colour))


def _by_kind(view: View, colour: Colour) -> Iterator[Group]:
    names, colours = list(EMOTIONS), [COLOURS[name] for name in EMOTIONS]
    kinds = view.predictions.labels
    if colour == "right":
        kinds = (~view.predictions.correct).astype(int)
        names, colours = ["right", "wrong"], [RIGHT_COLOUR, WRONG_COLOUR]
    elif colour == "answer":
        kinds = view.predictions.predicted
    elif colour == "crowd":
        kinds = np.where(view.majorities == NO_MAJORITY, len(EMOTIONS), view.majorities)
        names, colours = [*names, UNCLEAR], [*colours, NO_COLOUR]
    for kind, (name, shade) in enumerate(zip(names, colours, strict=True)):
        faces = np.flatnonzero(kinds == kind)
        if len(faces):
            yield Group(name, view.points[faces], faces, _texts(view, faces), shade)


def _by_disagreement(view: View) -> Iterator[Group]:
    is_known = np.isfinite(view.disagreement)
    for name, faces in (
        ("votes unknown", np.flatnonzero(~is_known)),
        ("ten votes", np.flatnonzero(is_known)),
    ):
        if len(faces):
            values = view.disagreement[faces] if name == "ten votes" else None
            yield Group(
                name, view.points[faces], faces, _texts(view, faces), NO_COLOUR, values, "bits"
            )


def _texts(view: View, faces: np.ndarray) -> list[str]:
    return [
        f"{view.ids[face]}<br>" + view.caption(face).replace("\n", "<br>")
        for face in faces.tolist()
    ]
