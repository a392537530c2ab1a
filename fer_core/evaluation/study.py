"""The study's own numbers that no model of ours gives: see `ModelSpec.study_accuracy` for the rest.

All are of the study's validation folder, which is not PrivateTest.
"""

from collections.abc import Mapping
from typing import Final

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines
from fer_core.registry import get_model_spec

#: The variant whose study accuracies are one an emotion.
YES_NO_MODEL: Final = "individual"
#: Faces an emotion in the study's validation folder.
IMAGE_COUNTS: Final = dict(zip(EMOTIONS, (960, 111, 1018, 1825, 1216, 1139, 797), strict=True))
IMAGE_TOTAL: Final = sum(IMAGE_COUNTS.values())
#: Accuracy of always answering the commonest emotion there, happy.
BASELINE: Final = baselines.majority_accuracy(IMAGE_COUNTS.values())


def yes_no_accuracy() -> Mapping[str, float]:
    """The study's accuracy of each yes/no model, a fraction, by emotion."""
    accuracy = get_model_spec(YES_NO_MODEL).study_accuracy
    if not isinstance(accuracy, Mapping):
        raise TypeError(f"{YES_NO_MODEL} has no accuracy an emotion")
    return accuracy


def always_no_accuracy(emotion: str) -> float:
    """What always saying no gets right of the question whether a face is `emotion`."""
    return 1 - IMAGE_COUNTS[emotion] / IMAGE_TOTAL
