"""Numbers of the original study that no model here provides; the rest: `ModelSpec.study_accuracy`.

All of them are from the study's own validation folder, which is not PrivateTest.
"""

from collections.abc import Mapping
from typing import Final

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines
from fer_core.registry import get_model_spec

TITLE: Final = "Facial Expression Recognition"
#: The study where a page first speaks of it, in Markdown.
NAME: Final = f"the study *{TITLE}* (Assefa, Burrell and Gomtsyan)"
#: The model with one study accuracy per emotion.
YES_NO_MODEL: Final = "individual"
#: Faces per emotion in the study's validation folder.
IMAGE_COUNTS: Final = dict(zip(EMOTIONS, (960, 111, 1018, 1825, 1216, 1139, 797), strict=True))
IMAGE_TOTAL: Final = sum(IMAGE_COUNTS.values())
#: Accuracy there of always predicting the most frequent emotion, happy.
BASELINE: Final = baselines.majority_accuracy(IMAGE_COUNTS.values())


def yes_no_accuracy() -> Mapping[str, float]:
    """Emotion → the study's accuracy of its yes/no model, a fraction."""
    accuracy = get_model_spec(YES_NO_MODEL).study_accuracy
    if not isinstance(accuracy, Mapping):
        raise TypeError(f"{YES_NO_MODEL} has no accuracy per emotion")
    return accuracy


def always_no_accuracy(emotion: str) -> float:
    """Accuracy of always answering "no" to the question whether a face shows `emotion`."""
    return 1 - IMAGE_COUNTS[emotion] / IMAGE_TOTAL
