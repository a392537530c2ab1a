"""FER+ agreement: how often ten annotators agree with FER2013's labels and with the models.

The votes are Microsoft's FER+ (Barsoum et al. 2016, "Training deep networks for facial expression
recognition with crowd-sourced label distribution"), the file `fer2013new.csv` of
github.com/microsoft/FERPlus. It is not part of this repository; numbers computed from it are, in
`results/crowd.json` (written by `python -m training.ferplus`).

Votes are (N, 10) integers with columns as in `ANSWERS`; the first seven are EMOTIONS.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import (
    agreement,
    baselines,
    ferplus_contrast,
    ferplus_protocol,
    uncertainty,
)
from fer_core.evaluation.ferplus_contrast import Contrast
from fer_core.evaluation.ferplus_protocol import ProtocolAccuracy, ProtocolFaces
from fer_core.evaluation.ferplus_votes import (
    majority,
    majority_sides_with_model,
    most_voted,
    vote_share,
)
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

WRITER = "ferplus"  # the `training` command that writes the file


class UnsupportedLabels(NamedTuple):
    """Number of images with votes, and of those whose label got no vote at all."""

    with_votes: int
    without_support: int


def unsupported_labels(labels: np.ndarray, votes: np.ndarray) -> UnsupportedLabels:
    """Count the labels without a single vote: `labels` (N,) indices, `votes` (N, 10)."""
    has_votes = votes.any(axis=1)
    unsupported = has_votes & (votes[np.arange(len(votes)), labels] == 0)
    return UnsupportedLabels(int(has_votes.sum()), int(unsupported.sum()))


@dataclass(frozen=True)
class LabelAgreement:
    """FER+ agreement of one split's labels; fractions unless they are counts."""

    n: int  # images
    with_votes: int  # images with votes
    with_majority: int  # images with a clear `majority` (`ferplus_votes`)
    plurality_agreement: float  # label is the `most_voted` emotion, of the images with votes
    majority_agreement: float  # label is the majority, of the images with a majority
    majority_agreement_interval: Interval
    by_emotion: dict[str, dict[str, float]]  # label → the same numbers except the interval
    # On the images with a clear majority:
    most_frequent_label: str
    most_frequent_majority: str
    label_baseline: float  # accuracy against the labels of always `most_frequent_label`
    majority_baseline: float  # accuracy against the majorities of always `most_frequent_majority`
    label_vote_share: float  # mean share of votes for FER2013's label
    baseline_vote_share: float  # for always `most_frequent_majority`
    max_vote_share: float  # for the majority itself, the upper bound for any model


@dataclass(frozen=True)
class ModelAgreement:
    """FER+ agreement of one model, on the `n` images of one split with a clear majority."""

    sha256: str  # of the evaluated weights
    n: int
    label_accuracy: float  # against FER2013's labels
    label_accuracy_interval: Interval
    majority_accuracy: float  # against the annotators' majority
    majority_accuracy_interval: Interval
    difference: float  # majority_accuracy - label_accuracy
    difference_interval: Interval  # paired
    label_kappa: float  # Cohen's kappa with the labels: 0 is chance level, 1 is perfect
    majority_kappa: float  # Cohen's kappa with the majority
    vote_share: float  # mean share of votes for the prediction
    vote_share_interval: Interval
    majority_sides_with_model: int  # images; see the function of that name
    contrast: Contrast  # with the crowd's majority or with the label?
    protocol: ProtocolAccuracy  # by FER+'s own protocol, on the images that count there


def label_agreement(labels: np.ndarray, votes: np.ndarray) -> LabelAgreement:
    """Compute the FER+ agreement of one split's labels.

    Args:
        labels: (N,) indices into EMOTIONS.
        votes: (N, 10), zeros for an image without votes.

    Returns:
        The agreement, over all labels and per label.
    """
    has_votes, majorities = votes.any(axis=1), majority(votes)
    has_majority, pluralities = majorities >= 0, most_voted(votes)

    def agreement_of(mask: np.ndarray) -> dict[str, float]:
        with_votes, with_majority = mask & has_votes, mask & has_majority
        return {
            "n": int(mask.sum()),
            "with_votes": int(with_votes.sum()),
            "with_majority": int(with_majority.sum()),
            "plurality_agreement": _mean(pluralities[with_votes] == labels[with_votes]),
            "majority_agreement": _mean(majorities[with_majority] == labels[with_majority]),
        }

    overall: dict[str, Any] = agreement_of(np.ones(len(labels), bool))
    label, people, ballots = labels[has_majority], majorities[has_majority], votes[has_majority]
    most_frequent = np.full(len(people), np.bincount(people).argmax())
    return LabelAgreement(
        **overall,
        majority_agreement_interval=_interval(people == label),
        by_emotion={name: agreement_of(labels == i) for i, name in enumerate(EMOTIONS)},
        most_frequent_label=EMOTIONS[np.bincount(label).argmax()],
        most_frequent_majority=EMOTIONS[most_frequent[0]],
        label_baseline=baselines.majority_accuracy_of(label),
        majority_baseline=baselines.majority_accuracy_of(people),
        label_vote_share=_mean(vote_share(ballots, label)),
        baseline_vote_share=_mean(vote_share(ballots, most_frequent)),
        max_vote_share=_mean(vote_share(ballots, people)),
    )


def model_agreement(
    labels: np.ndarray, votes: np.ndarray, predicted: np.ndarray, sha256: str
) -> ModelAgreement:
    """Compute the FER+ agreement of one model on one split.

    The two accuracies have Wilson intervals; their difference and the vote share, which is not a
    share of images, have bootstrap intervals. Kappa is Cohen's (1960).

    Args:
        labels: (N,) indices into EMOTIONS.
        votes: (N, 10), zeros for an image without votes.
        predicted: (N,) indices into EMOTIONS.
        sha256: Checksum of the weights that predicted.

    Returns:
        The agreement on the images with a clear majority.
    """
    majorities = majority(votes)
    mask = majorities >= 0
    label, people, answer, ballots = labels[mask], majorities[mask], predicted[mask], votes[mask]
    comparison = uncertainty.compare(answer == people, answer == label)
    shares = vote_share(ballots, answer)
    return ModelAgreement(
        sha256=sha256,
        n=len(label),
        label_accuracy=_mean(answer == label),
        label_accuracy_interval=_interval(answer == label),
        majority_accuracy=_mean(answer == people),
        majority_accuracy_interval=_interval(answer == people),
        difference=comparison.difference,
        difference_interval=comparison.interval,
        label_kappa=agreement.kappa(label, answer).value,
        majority_kappa=agreement.kappa(people, answer).value,
        vote_share=_mean(shares),
        vote_share_interval=uncertainty.mean_interval(*np.unique(shares, return_counts=True)),
        majority_sides_with_model=int(majority_sides_with_model(labels, predicted, votes).sum()),
        contrast=ferplus_contrast.contrast(label, people, answer),
        protocol=ferplus_protocol.protocol_accuracy(votes, predicted),
    )


def _interval(correct: np.ndarray) -> Interval:
    return uncertainty.wilson_interval(int(correct.sum()), len(correct))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


@dataclass(frozen=True)
class FerPlusAgreement:
    """The committed FER+ agreement of both test splits."""

    labels: dict[str, LabelAgreement]  # split → agreement
    models: dict[str, dict[str, ModelAgreement]]  # split → model name → agreement
    protocol: dict[str, ProtocolFaces]  # split → faces that count by FER+'s own protocol

    def for_model(self, model: ModelSpec, split: str) -> ModelAgreement | None:
        """A model's agreement on a split; None if there is none for its evaluated weights."""
        row, summary = self.models[split].get(model.name), summaries.load_summary(model)
        return row if row and summary and row.sha256 == summary["sha256"] else None


def path() -> Path:
    """Path of the committed agreement."""
    return artifacts().results / "crowd.json"


@cached
def load_agreement() -> FerPlusAgreement:
    """Load the committed agreement; raises `ResultsError` if the file is missing or damaged."""
    content = store.read_json(path(), WRITER)
    try:
        return FerPlusAgreement(
            {split: LabelAgreement(**_parse(row)) for split, row in content["labels"].items()},
            {
                split: {name: _parse_model(row) for name, row in rows.items()}
                for split, rows in content["models"].items()
            },
            {split: ProtocolFaces(**row) for split, row in content["protocol"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise store.corrupted_error(path()) from error


def to_json(results: FerPlusAgreement, provenance: dict[str, Any]) -> str:
    """The content of `results/crowd.json`, provenance included."""
    return json.dumps(asdict(results) | {"provenance": provenance}, indent=1) + "\n"


def _parse(row: dict[str, Any]) -> dict[str, Any]:
    """Restore the intervals, which are lists in JSON."""
    return {k: Interval(*value) if k.endswith("interval") else value for k, value in row.items()}


def _parse_model(row: dict[str, Any]) -> ModelAgreement:
    parts = {
        "contrast": Contrast(**_parse(row["contrast"])),
        "protocol": ProtocolAccuracy(**_parse(row["protocol"])),
    }
    return ModelAgreement(**_parse(row) | parts)
