"""The PublicTest faces on which heat maps are measured, and those on which layers are chosen."""

from typing import Final

import numpy as np

from fer_core.emotions import EMOTIONS
from training.engine.data import FerData

#: Faces per emotion that choose the default layers.
SEARCH_FACES: Final = 5
#: Random regions per face; the mean over many faces needs fewer than a single map's test.
DRAWS: Final = 10
#: Fractions of the pixels for a measurement without deletion and insertion curves.
NO_CURVES: Final = np.empty(0)


def first_faces(data: FerData, n: int) -> FerData:
    """Select the first `n` faces of each emotion, in the order of the ids (compared as text)."""
    indices = [np.flatnonzero(data.labels == i)[:n] for i in range(len(EMOTIONS))]
    return data.select(np.sort(np.concatenate(indices)))


def search_faces(data: FerData) -> FerData:
    """Select the faces that choose the default layers: the first without a copy in Training."""
    return first_faces(data.choice_images(), SEARCH_FACES)


def measured_faces(data: FerData, n: int) -> FerData:
    """Select the first `n` faces of each emotion that choose no layer."""
    others = ~np.isin(data.ids, search_faces(data).ids)
    return first_faces(data.select(others), n)
