"""The sentences of Map of faces."""

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.face_map import NEIGHBOURS, USUAL, FaceMap
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.reports.format import percent, percent_with_interval
from fer_core.text import counted
from pages.sections.face_map.view import View
from pages.text.escape import escape

INTRODUCTION = (
    "Each point is a face. Faces that make the network compute much the same **features**, the "
    "numbers from which its last layer reads the emotion, tend to lie side by side. **Only "
    "neighbours mean something.** How far apart two groups lie, how large they are and where on "
    "the map says nothing, and another run of t-SNE would draw another map."
)
CHOICE_NOTE = (
    "Whoever looks for a place with many errors will find one: the interval does not include that "
    "search."
)


def faithfulness(face_map: FaceMap) -> str:
    """How far the map can be trusted."""
    return (
        f"Of a face's {NEIGHBOURS} nearest by all features, {percent(face_map.codes_kept)} are "
        "among the nearest by the principal components that the app has, and "
        f"{percent(face_map.map_kept)} among the nearest on the map. By t-SNE (van der Maaten and "
        f"Hinton 2008) from {face_map.components.shape[1]} principal components, which hold "
        f"{percent(face_map.variance)} of the features' variance; t-SNE was not told the labels."
    )


def selection(view: View, faces: np.ndarray) -> str:
    """How many faces were chosen, and how many answers are right, as Markdown."""
    right = int(view.predictions.correct[faces].sum())
    everyone = percent(float(view.predictions.correct.mean()), 1)
    share = percent_with_interval(right / len(faces), wilson_interval(right, len(faces)))
    measured = "what most annotators say" if view.evaluation_set.by_crowd else "the label"
    return (
        f"**{counted(len(faces), 'face')}**: {escape(view.model.title)} answers {measured} for "
        f"{share}, and for {everyone} of all {len(view.ids):,} faces of "
        f"{view.evaluation_set.title}. {CHOICE_NOTE}"
    )


def pair(view: View, label: int, faces: np.ndarray) -> str:
    """How many faces of one label have one answer, as Markdown."""
    total = int((view.predictions.labels == label).sum())
    share = percent_with_interval(len(faces) / total, wilson_interval(len(faces), total))
    answer = EMOTIONS[int(view.predictions.predicted[faces[0]])]
    whose = "called" if view.evaluation_set.by_crowd else "labelled"
    by = " by most annotators" if view.evaluation_set.by_crowd else ""
    return (
        f"**{counted(len(faces), 'face')}** {whose} {EMOTIONS[label]}{by} that "
        f"{escape(view.model.title)} answers with {answer}: {share} of the {total:,} with that "
        "label."
    )


def placement(face_map: FaceMap, nearest: float) -> str:
    """How surely a face is placed, and whether it resembles any other."""
    if nearest <= face_map.rounding:
        return "The nearest test face is practically the same picture to this network."
    if nearest > face_map.usual_distance:
        return (
            "To this network the face is **unlike all test faces**: its nearest is farther away "
            f"than those of {percent(USUAL)} of the test faces. Its place means little."
        )
    return (
        "The star is at the middle (median) of its neighbours' places. Of the test faces placed in "
        f"the same way, half land within {face_map.placement_error:.2f} standard deviations of the "
        "map from their own places, which they helped to find; a new face may land farther off. "
        "That a picture has a place does not mean that it is a face."
    )
