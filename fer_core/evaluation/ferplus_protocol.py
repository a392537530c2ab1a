"""FER+'s own test protocol: the faces that count, their class, and a model's accuracy on them.

As Barsoum et al. (2016) and `src/ferplus.py` of github.com/microsoft/FERPlus do for testing (mode
"majority"), an answer with a single vote is dropped as an outlier. A face counts if one answer has
more than half of the votes that are left and is one of eight classes: the seven emotions or
contempt. Faces whose majority is "unknown" or "no face" are left out. PrivateTest is FER+'s test
set, PublicTest its validation set.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from fer_core.datasets.ferplus import ANSWERS
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import baselines, uncertainty
from fer_core.evaluation.uncertainty import Interval

#: The split that FER+ tests on.
TEST_SPLIT: Final = "PrivateTest"
CLASSES: Final = (*EMOTIONS, "contempt")
MAX_OUTLIER_VOTES = 1
NO_MAJORITY = -1


class Published(NamedTuple):
    """A published accuracy by this protocol."""

    training: str  # how the ten votes were used in training
    accuracy: float  # mean over `runs`
    standard_deviation: float  # between the runs, not over faces
    runs: int


#: Barsoum et al. (2016, arXiv 1608.01041): VGG13 trained on the votes for Training.
PUBLISHED: Final = (
    Published("probabilistic label drawing", 0.84986, 0.00366, 5),
    Published("majority voting", 0.83852, 0.00631, 5),
)
PUBLISHED_SOURCE: Final = "Barsoum et al. 2016"


def without_outliers(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → the same without the answers that a single annotator gave."""
    return np.where(votes > MAX_OUTLIER_VOTES, votes, 0)


def protocol_majority(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index into ANSWERS of the majority by the protocol, or `NO_MAJORITY`.

    More than half of the votes left is never a tie.
    """
    counts = without_outliers(votes).astype(np.int64)
    is_majority = 2 * counts.max(axis=1) > counts.sum(axis=1)
    return np.where(is_majority, counts.argmax(axis=1), NO_MAJORITY)


def protocol_classes(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index into CLASSES, or `NO_MAJORITY` for a face that is left out."""
    answers = protocol_majority(votes)
    return np.where(answers < len(CLASSES), answers, NO_MAJORITY)


@dataclass(frozen=True)
class ProtocolFaces:
    """What the protocol leaves of one split; counts are faces."""

    n: int  # faces that count
    contempt: int  # of these: a model with seven emotions is always wrong
    without_majority: int  # left out
    unknown_or_no_face: int  # left out
    most_frequent: str  # class
    baseline: float  # accuracy of always `most_frequent`
    max_accuracy: float  # upper bound for a model that never answers contempt


@dataclass(frozen=True)
class ProtocolAccuracy:
    """One model's accuracy by the protocol."""

    n: int
    accuracy: float
    interval: Interval  # Wilson


def protocol_faces(votes: np.ndarray) -> ProtocolFaces:
    """Count what the protocol keeps of one split's (N, 10) votes.

    Raises:
        ValueError: No face counts.
    """
    answers, classes = protocol_majority(votes), protocol_classes(votes)
    valid_classes = classes[classes >= 0]
    if not len(valid_classes):
        raise ValueError("no face has a majority by FER+'s protocol")
    counts = np.bincount(valid_classes, minlength=len(CLASSES))
    contempt = int(counts[CLASSES.index("contempt")])
    return ProtocolFaces(
        n=len(valid_classes),
        contempt=contempt,
        without_majority=int((answers == NO_MAJORITY).sum()),
        unknown_or_no_face=int(np.isin(answers, range(len(CLASSES), len(ANSWERS))).sum()),
        most_frequent=CLASSES[int(counts.argmax())],
        baseline=baselines.majority_accuracy_of(valid_classes),
        max_accuracy=1 - contempt / len(valid_classes),
    )


def protocol_accuracy(votes: np.ndarray, predicted: np.ndarray) -> ProtocolAccuracy:
    """Compute a model's accuracy by the protocol.

    Args:
        votes: (N, 10).
        predicted: (N,) indices into EMOTIONS.

    Returns:
        The accuracy with its interval.

    Raises:
        ValueError: No face counts.
    """
    classes = protocol_classes(votes)
    correct = (predicted == classes)[classes >= 0]
    interval = uncertainty.wilson_interval(int(correct.sum()), len(correct))
    return ProtocolAccuracy(len(correct), float(correct.mean()), interval)
