"""What copies of Training images in the test splits do to the scores.

A copy is a test image that is the same photograph as a Training image, see
`fer_core.datasets.near_copies`. Computed from the committed predictions; "split" is `PublicTest`
or `PrivateTest`. All functions raise `ResultsError` if a committed file is missing or damaged.
"""

from typing import Final, Literal, NamedTuple

import numpy as np

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.artifacts.store import cached
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.near_copies import IDENTICAL, NearCopy, has_training_copy, load_copies
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.uncertainty import Interval, wilson_interval

Faces = Literal["all", "no_copy"]
#: Which faces of a split are scored → title.
FACES: Final[dict[Faces, str]] = {"all": "All faces", "no_copy": "No copy in Training"}


def subset_title(split: str, faces: Faces) -> str:
    """'PrivateTest', or 'PrivateTest without copies' for the faces without a copy in Training."""
    return split if faces == "all" else f"{split} without copies"


class Share(NamedTuple):
    """A share of some images."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share, a fraction; NaN without images."""
        return self.hits / self.n if self.n else float("nan")

    @property
    def interval(self) -> Interval:
        """95 % Wilson interval; raises `ValueError` without images."""
        return wilson_interval(self.hits, self.n)


class Contrast(NamedTuple):
    """The same share on the faces with and without a copy in Training."""

    copied: Share
    other: Share

    @property
    def all(self) -> Share:
        """The share on all faces."""
        return Share(self.copied.hits + self.other.hits, self.copied.n + self.other.n)


@cached
def select_predictions(model_name: str, split: str, faces: Faces = "all") -> Predictions:
    """A model's predictions on a split: for all faces, or for those without a copy."""
    predictions = split_predictions(model_name, split)
    if faces == "all":
        return predictions
    return predictions.select(~has_training_copy(predictions.ids))


def accuracy(model_name: str, split: str) -> Contrast:
    """A model's accuracy with and without a copy in Training."""
    predictions = split_predictions(model_name, split)
    return contrast(predictions.correct, has_training_copy(predictions.ids))


def recall(model_name: str, split: str) -> dict[str, Contrast]:
    """Emotion → a model's recall with and without a copy in Training."""
    predictions = split_predictions(model_name, split)
    copied = has_training_copy(predictions.ids)
    return {
        emotion: contrast(predictions.correct, copied, predictions.labels == i)
        for i, emotion in enumerate(EMOTIONS)
    }


def copy_shares(split: str) -> dict[str, Share]:
    """Emotion → the share of its faces with a copy in Training."""
    predictions = _any_predictions(split)
    copied = has_training_copy(predictions.ids)
    masks = {emotion: predictions.labels == i for i, emotion in enumerate(EMOTIONS)}
    return {name: Share(int(copied[mask].sum()), int(mask.sum())) for name, mask in masks.items()}


def total_share(split: str) -> Share:
    """The share of a split's faces with a copy in Training."""
    shares = copy_shares(split).values()
    return Share(sum(share.hits for share in shares), sum(share.n for share in shares))


def same_label(split: str, *, identical: bool) -> Share:
    """Of the faces with a copy, the share whose copy has the same label.

    It estimates how often FER2013 gives one photograph the same label twice, and thereby bounds
    the accuracy that a model can reach by learning how FER2013 labels photographs.

    Args:
        split: `PublicTest` or `PrivateTest`.
        identical: Count also the copies that are pixel for pixel the same image. Without them,
            both images were gathered and labelled on their own.
    """
    same = [
        label == copy.training_label
        for label, copy in labelled_copies(split)
        if identical or copy.correlation < IDENTICAL
    ]
    return Share(sum(same), len(same))


class Conflicts(NamedTuple):
    """A model's answers to the faces whose copy in Training has another label."""

    training_label: int  # answers that are the label of the copy in Training
    test_label: int  # answers that are the label of the test image
    neither: int

    @property
    def n(self) -> int:
        """Number of such faces."""
        return sum(self)

    @property
    def training_share(self) -> Share:
        """Training's label among the answers that are one of the two labels; 50 % by chance."""
        return Share(self.training_label, self.training_label + self.test_label)


def conflicts(model_name: str, split: str) -> Conflicts:
    """Count a model's answers to the faces whose copy in Training has another label."""
    predictions = split_predictions(model_name, split)
    answers = dict(zip(predictions.ids.tolist(), predictions.predicted.tolist(), strict=True))
    counts = {"training": 0, "test": 0, "neither": 0}
    for label, copy in labelled_copies(split):
        if label != copy.training_label:
            answer = EMOTIONS[answers[copy.test_id]]
            names = {copy.training_label: "training", label: "test"}
            counts[names.get(answer, "neither")] += 1
    return Conflicts(*counts.values())


def contrast(hits: np.ndarray, copied: np.ndarray, among: np.ndarray | None = None) -> Contrast:
    """Count hits on images with and without a copy.

    Args:
        hits: (N,) bool.
        copied: (N,) bool, whether each image has a copy in Training.
        among: (N,) bool, the images to count; all by default.

    Returns:
        The two shares.
    """
    among = np.ones_like(copied) if among is None else among
    masks = copied & among, ~copied & among
    return Contrast(*(Share(int(hits[mask].sum()), int(mask.sum())) for mask in masks))


def share_without_copy(predictions: Predictions) -> Share | None:
    """The accuracy on the faces without a copy in Training; None if the copies are unavailable."""
    try:
        return contrast(predictions.correct, has_training_copy(predictions.ids)).other
    except ResultsError:
        return None


def _any_predictions(split: str) -> Predictions:
    models = evaluated_models()
    if not models:
        raise ResultsError("No model has been evaluated yet.")
    return split_predictions(models[0].name, split)


def labelled_copies(split: str) -> list[tuple[str, NearCopy]]:
    """FER2013's label of each test image that has a copy, with that copy, by id."""
    predictions, copies = _any_predictions(split), load_copies()
    rows = zip(predictions.ids.tolist(), predictions.labels.tolist(), strict=True)
    return [(EMOTIONS[label], copies[i]) for i, label in rows if i in copies]
