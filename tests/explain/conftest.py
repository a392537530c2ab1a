"""Real faces for the heat maps; skipped where FER2013 is not present."""

import numpy as np
import pytest

from fer_core import EMOTIONS
from training.data import FerData


@pytest.fixture(scope="session")
def faces(fer2013: FerData) -> np.ndarray:
    """(7, 48, 48): the first PublicTest face of each emotion."""
    public = fer2013.split("PublicTest")
    first = [int(np.flatnonzero(public.labels == i)[0]) for i in range(len(EMOTIONS))]
    return public.chips[first]
