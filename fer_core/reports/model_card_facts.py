"""The facts of a variant's model card that are not in its results file as they are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from fer_core.artifacts import weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import WeightsError
from fer_core.evaluation import classification, uncertainty
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import VARIANTS, Variant, get

#: The networks in a line or two each. Sizes that a recipe may change are told by the recipe.
ARCHITECTURE: Mapping[str, str] = {
    "individual": (
        "Seven separate CNNs that share nothing but the input. Each began as a copy of the "
        "multi-class CNN with the output of its own emotion, and learned on from there by yes and "
        "no alone: four blocks of 3×3 convolutions, batch normalisation, ReLU, max pooling and "
        "dropout, then two fully connected layers, the second with one output."
    ),
    "multiclass": (
        "Four blocks of 3×3 convolutions, batch normalisation, ReLU, max pooling and dropout, then "
        "two fully connected layers and seven outputs."
    ),
    "ensemble_full": (
        "A weighted mean of two sets of seven probabilities: those of the multi-class CNN and "
        "those of the seven yes/no models, which were recalibrated so that they sum to 1."
    ),
    "ensemble_single": (
        "Each yes/no answer's log-odds times a slope plus an offset, then softmax, so that seven "
        "independent answers become probabilities that sum to 1 (vector scaling, Guo et al. 2017)."
    ),
    "stacking": (
        "Multinomial logistic regression on fourteen numbers: the log-odds of the seven yes/no "
        "answers and the logarithms of the multi-class CNN's seven probabilities (Wolpert 1992)."
    ),
    "resnet101": (
        "timm's ResNet-101, 101 layers with shortcuts around every few of them, then the study's "
        "head: dropout 0.5 and batch normalisation on the seven outputs."
    ),
    "efficientnet_b5": (
        "timm's EfficientNet-B5, depthwise convolutions scaled up in depth, width and picture "
        "size together, then the study's head: dropout 0.5 and batch normalisation on the seven "
        "outputs."
    ),
    "keras_cnn": (
        "Keras Sequential: four blocks of convolution (64 filters 3×3, 128 of 5×5, 512 of 3×3, 512 "
        "of 3×3), batch normalisation, ReLU, max pooling and dropout 0.25, then two fully "
        "connected layers (256 and 512) and seven outputs."
    ),
}

FileState = Literal["matches", "differs", "missing"]


@dataclass(frozen=True)
class Weakness:
    """How an emotion fares with a variant on a split."""

    emotion: str
    found: int  # its images that were called by its name
    n: int  # its images
    recall: float
    mistaken_for: str | None  # the commonest wrong answer; None where there is none


def by_recall(name: str, split: str) -> list[Weakness]:
    """The seven emotions, the one with the lowest recall first."""
    counts = _matrix(name, split)
    recall = classification.recall(counts)
    wrong = counts - np.diag(np.diag(counts))
    return [
        Weakness(
            emotion=EMOTIONS[i],
            found=int(counts[i, i]),
            n=int(counts[i].sum()),
            recall=float(recall[i]),
            mistaken_for=EMOTIONS[int(wrong[i].argmax())] if wrong[i].any() else None,
        )
        for i in np.argsort(recall, kind="stable")
    ]


@lru_cache(maxsize=4 * len(VARIANTS))
def intervals(name: str, split: str) -> dict[str, Interval]:
    """95 % bootstrap intervals of `accuracy`, `balanced_accuracy` and `macro_f1`."""
    counts = _matrix(name, split)
    return {
        "accuracy": uncertainty.interval(counts, classification.accuracy),
        "balanced_accuracy": uncertainty.interval(counts, classification.balanced_accuracy),
        "macro_f1": uncertainty.interval(counts, classification.macro_f1),
    }


def file_state(file: Path, recorded: str | None) -> FileState:
    """Whether a file's SHA-256 is the recorded one. A file is read again when it has changed."""
    try:
        status = file.stat()
        digest = _digest(file, status.st_mtime_ns, status.st_size)
    except OSError:
        return "missing"
    return "matches" if digest == recorded else "differs"


def refitted_parts(variant: Variant) -> list[str]:
    """The parts whose weights have changed since a composite was fitted on their answers."""
    summary = variant.summary_results or {}
    present = {part: get(part).weights for part in variant.parts}
    sums = {
        part: weights_file.read_sums(file.parent).get(file.name) for part, file in present.items()
    }
    known = summary.get("parts", {})
    return [part for part in variant.parts if part in known and known[part] != sums[part]]


def fitted(variant: Variant) -> dict[str, Any]:
    """The fitted numbers of a composite variant, as `training.engine.ensembles` wrote them.

    Raises `NotTrainedError` where the file is missing, `WeightsError` where it is damaged.
    """
    file = weights_file.checked(variant.weights)
    try:
        return dict(json.loads(file.read_text())["fitted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{file.name} is damaged; restore it from the repository.") from error


def _matrix(name: str, split: str) -> np.ndarray:
    answers = split_predictions(name, split)
    return classification.matrix(answers.labels, answers.predicted)


@lru_cache(maxsize=64)
def _digest(file: Path, changed: int, size: int) -> str:
    """`changed` in ns and `size` in bytes only tell one state of the file from another."""
    return weights_file.sha256(file)
