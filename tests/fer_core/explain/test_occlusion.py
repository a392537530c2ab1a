"""Maps follow what can be seen: a covered mouth is no evidence."""

import numpy as np
import pytest

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.explain import explain
from training.engine.data import FerData

MOUTH = (slice(31, 45), slice(11, 37))


@pytest.mark.parametrize("variant", ["multiclass", "ensemble_full", "stacking"])
def test_the_map_leaves_a_covered_mouth(variant: str, fer2013: FerData) -> None:
    """24 PublicTest smiles, recognised as such; then with a black box over the mouth."""
    happy = EMOTIONS.index("happy")
    answers = split_predictions(variant, "PublicTest")
    seen = answers.select((answers.labels == happy) & (answers.predicted == happy)).ids[:24]
    open_, covered = (fer2013.chips[np.isin(fer2013.ids, seen)].copy() for _ in range(2))
    covered[:, *MOUTH] = 0

    def on_the_mouth(chips: np.ndarray) -> float:
        maps = [told.map for told in explain(variant, chips, "happy") if not told.flat]
        assert maps
        return float(np.mean([heat[MOUTH].sum() / heat.sum() for heat in maps]))

    assert on_the_mouth(covered) < 0.8 * on_the_mouth(open_)
