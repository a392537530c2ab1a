"""The crowd's eye: what ten people said of each image of FER2013, and how often models agree.

The votes are Microsoft's FER+ (Barsoum et al. 2016, "Training deep networks for facial expression
recognition with crowd-sourced label distribution"), the file `fer2013new.csv` of
github.com/microsoft/FERPlus. It is not part of this project; numbers computed from it are, in
`results/crowd.json` (by `python -m training.ferplus`).

Votes are (N, 10) integers with columns as in `ANSWERS`, the first seven as in EMOTIONS.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import agreement, baselines, uncertainty
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

WRITER = "ferplus"  # the command of `training` that writes the file
MIN_MAJORITY_VOTES = 5  # votes of ten that make a majority
SEVEN = len(EMOTIONS)


def majority(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index into EMOTIONS of the crowd's clear majority, -1 where there is
    none: the answer with most votes of all ten has at least five, no rival, and is one of the
    seven emotions."""
    top = votes.max(axis=1)
    clear = (top >= MIN_MAJORITY_VOTES) & ((votes == top[:, None]).sum(axis=1) == 1)
    answer = votes.argmax(axis=1)
    return np.where(clear & (answer < SEVEN), answer, -1)


def most_voted(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index of the emotion with most votes, however few; of equals the first.

    The three other answers are ignored; -1 where none of the seven has a vote. (Without that last
    rule, ties of nothing would be called angry: 63.8 instead of 63.7 % agreement on PrivateTest.)
    """
    emotions = votes[:, :SEVEN]
    return np.where(emotions.any(axis=1), emotions.argmax(axis=1), -1)


def vote_share(votes: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """(N,) share of an image's votes that went to `answers` (N,), indices into EMOTIONS."""
    shares: np.ndarray = votes[np.arange(len(votes)), answers] / votes.sum(axis=1)
    return shares


def majority_sides_with_model(labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray) -> np.ndarray:
    """(N,) bool: the answer is not FER2013's label, but it is the crowd's clear majority."""
    agreed: np.ndarray = (predicted != labels) & (predicted == majority(votes))
    return agreed


def rank_by_majority_support(
    labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray, confidence: np.ndarray
) -> np.ndarray:
    """(M,) places of the `backed` answers: most votes first, of equals the surest; `confidence`
    (N,) is the answers' probability."""
    votes_for = votes[np.arange(len(votes)), predicted].astype(int)
    order = np.lexsort((-confidence, -votes_for))
    places: np.ndarray = order[majority_sides_with_model(labels, predicted, votes)[order]]
    return places


class UnsupportedLabels(NamedTuple):
    """Images that people were asked about, and for how many of them nobody chose the label."""

    with_votes: int
    without_support: int


def unsupported_labels(labels: np.ndarray, votes: np.ndarray) -> UnsupportedLabels:
    """`labels` (N,) indices into EMOTIONS, `votes` (N, 10)."""
    voted = votes.any(axis=1)
    nobody = voted & (votes[np.arange(len(votes)), labels] == 0)
    return UnsupportedLabels(int(voted.sum()), int(nobody.sum()))


@dataclass(frozen=True)
class LabelAgreement:
    """One split's own labels (N images) in the crowd's eye. "clear" counts the images with a
    `majority`, "voted" all images with votes, whose `most_voted` emotion is compared."""

    n: int
    with_votes: int
    with_majority: int
    plurality_agreement: float  # share of `voted`; no vote for the seven counts as not agreeing
    majority_agreement: float  # share of `clear`
    majority_agreement_interval: Interval
    #: emotion of the label → n, voted, clear, agree_voted, agree_clear
    by_emotion: dict[str, dict[str, float]]
    # On the images with a clear majority:
    most_frequent_label: str  # emotion among the labels
    most_frequent_majority: str  # and among the majorities
    label_baseline: float  # accuracy against the labels of always giving the commonest label
    majority_baseline: float  # the same against the majorities with theirs
    label_vote_share: float  # mean share of votes for FER2013's label
    baseline_vote_share: float  # for the emotion that is the commonest majority
    max_vote_share: float  # for the majority itself: no model can have more


@dataclass(frozen=True)
class ModelAgreement:
    """One variant on the `n` images of one split that have a clear majority."""

    sha256: str  # of the weights that answered
    n: int
    label_accuracy: float  # accuracy against FER2013's labels
    label_accuracy_interval: Interval
    majority_accuracy: float  # accuracy against the crowd's majority
    majority_accuracy_interval: Interval
    difference: float  # crowd - own
    difference_interval: Interval  # paired
    label_kappa: float  # Cohen's kappa with the labels: agreement beyond chance, 0 none, 1 perfect
    majority_kappa: float  # and with the majority
    vote_share: float  # mean share of votes for the variant's answer
    vote_share_interval: Interval
    majority_sides_with_model: int  # images where the answer is not the label but is the majority


def label_agreement(labels: np.ndarray, votes: np.ndarray) -> LabelAgreement:
    """`labels` (N,) indices into EMOTIONS, `votes` (N, 10), zeros where there are none."""
    voted, answer = votes.any(axis=1), majority(votes)
    clear, most = answer >= 0, most_voted(votes)

    def of(chosen: np.ndarray) -> dict[str, float]:
        v, c = chosen & voted, chosen & clear
        return {
            "n": int(chosen.sum()),
            "voted": int(v.sum()),
            "clear": int(c.sum()),
            "agree_voted": _mean(most[v] == labels[v]),
            "agree_clear": _mean(answer[c] == labels[c]),
        }

    all_of_them: dict[str, Any] = of(np.ones(len(labels), bool))
    own, people, cast = labels[clear], answer[clear], votes[clear]
    common = np.full(len(people), np.bincount(people).argmax())
    return LabelAgreement(
        **all_of_them,
        majority_agreement_interval=_interval(people == own),
        by_emotion={name: of(labels == i) for i, name in enumerate(EMOTIONS)},
        most_frequent_label=EMOTIONS[np.bincount(own).argmax()],
        most_frequent_majority=EMOTIONS[common[0]],
        label_baseline=baselines.majority_accuracy_of(own),
        majority_baseline=baselines.majority_accuracy_of(people),
        label_vote_share=_mean(vote_share(cast, own)),
        baseline_vote_share=_mean(vote_share(cast, common)),
        max_vote_share=_mean(vote_share(cast, people)),
    )


def model_agreement(
    labels: np.ndarray, votes: np.ndarray, predicted: np.ndarray, sha256: str
) -> ModelAgreement:
    """`labels`, `predicted` (N,) indices into EMOTIONS, `votes` (N, 10). Wilson intervals of
    the two accuracies, bootstrap intervals of their difference and of the mean share of votes,
    which is no share of images. Kappa is Cohen's (1960)."""
    answer = majority(votes)
    clear = answer >= 0
    own, people, said, cast = labels[clear], answer[clear], predicted[clear], votes[clear]
    difference = uncertainty.compare(said == people, said == own)
    shares = vote_share(cast, said)
    return ModelAgreement(
        sha256=sha256,
        n=len(own),
        label_accuracy=_mean(said == own),
        label_accuracy_interval=_interval(said == own),
        majority_accuracy=_mean(said == people),
        majority_accuracy_interval=_interval(said == people),
        difference=difference.difference,
        difference_interval=difference.interval,
        label_kappa=agreement.kappa(own, said).value,
        majority_kappa=agreement.kappa(people, said).value,
        vote_share=_mean(shares),
        vote_share_interval=uncertainty.mean_interval(*np.unique(shares, return_counts=True)),
        majority_sides_with_model=int(majority_sides_with_model(labels, predicted, votes).sum()),
    )


def _interval(right: np.ndarray) -> Interval:
    return uncertainty.wilson_interval(int(right.sum()), len(right))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


@dataclass(frozen=True)
class FerPlusAgreement:
    """What is recorded, for each of the two test splits."""

    labels: dict[str, LabelAgreement]  # split → …
    models: dict[str, dict[str, ModelAgreement]]  # split → variant's name → …

    def for_model(self, variant: ModelSpec, split: str) -> ModelAgreement | None:
        """The numbers of the weights that the variant's results are of; None where those that are
        recorded belong to others, or there are none."""
        row, made = self.models[split].get(variant.name), summaries.load_summary(variant)
        return row if row and made and row.sha256 == made["sha256"] else None


def path() -> Path:
    """Where the committed numbers lie."""
    return artifacts().results / "crowd.json"


@cached
def load_agreement() -> FerPlusAgreement:
    """The committed numbers; `ResultsError` where the file is missing or damaged."""
    saved = store.read_json(path(), WRITER)
    try:
        return FerPlusAgreement(
            {split: LabelAgreement(**_typed(row)) for split, row in saved["labels"].items()},
            {
                split: {name: ModelAgreement(**_typed(row)) for name, row in rows.items()}
                for split, rows in saved["variants"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise store.corrupted_error(path()) from error


def to_json(seen: FerPlusAgreement, made: dict[str, Any]) -> str:
    """The text of `results/crowd.json`; `made` says where and with what it was computed."""
    return json.dumps(asdict(seen) | {"made": made}, indent=1) + "\n"


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists only."""
    return {k: Interval(*value) if k.endswith("_interval") else value for k, value in row.items()}
