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
from fer_core.artifacts.store import artifacts, kept
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import agreement, baselines, uncertainty
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

WRITER = "ferplus"  # the command of `training` that writes the file
CLEAR = 5  # votes of ten that make a majority
SEVEN = len(EMOTIONS)


def majority(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index into EMOTIONS of the crowd's clear majority, -1 where there is
    none: the answer with most votes of all ten has at least five, no rival, and is one of the
    seven emotions."""
    top = votes.max(axis=1)
    clear = (top >= CLEAR) & ((votes == top[:, None]).sum(axis=1) == 1)
    answer = votes.argmax(axis=1)
    return np.where(clear & (answer < SEVEN), answer, -1)


def most_voted(votes: np.ndarray) -> np.ndarray:
    """(N, 10) votes → (N,) index of the emotion with most votes, however few; of equals the first.

    The three other answers are ignored; -1 where none of the seven has a vote. (Without that last
    rule, ties of nothing would be called angry: 63.8 instead of 63.7 % agreement on PrivateTest.)
    """
    emotions = votes[:, :SEVEN]
    return np.where(emotions.any(axis=1), emotions.argmax(axis=1), -1)


def share(votes: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """(N,) share of an image's votes that went to `answers` (N,), indices into EMOTIONS."""
    shares: np.ndarray = votes[np.arange(len(votes)), answers] / votes.sum(axis=1)
    return shares


def backed(labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray) -> np.ndarray:
    """(N,) bool: the answer is not FER2013's label, but it is the crowd's clear majority."""
    agreed: np.ndarray = (predicted != labels) & (predicted == majority(votes))
    return agreed


def most_backed(
    labels: np.ndarray, predicted: np.ndarray, votes: np.ndarray, confidence: np.ndarray
) -> np.ndarray:
    """(M,) places of the `backed` answers: most votes first, of equals the surest; `confidence`
    (N,) is the answers' probability."""
    votes_for = votes[np.arange(len(votes)), predicted].astype(int)
    order = np.lexsort((-confidence, -votes_for))
    places: np.ndarray = order[backed(labels, predicted, votes)[order]]
    return places


class Unbacked(NamedTuple):
    """Images that people were asked about, and for how many of them nobody chose the label."""

    voted: int
    nobody: int


def unbacked(labels: np.ndarray, votes: np.ndarray) -> Unbacked:
    """`labels` (N,) indices into EMOTIONS, `votes` (N, 10)."""
    voted = votes.any(axis=1)
    nobody = voted & (votes[np.arange(len(votes)), labels] == 0)
    return Unbacked(int(voted.sum()), int(nobody.sum()))


@dataclass(frozen=True)
class LabelsSeen:
    """One split's own labels (N images) in the crowd's eye. "clear" counts the images with a
    `majority`, "voted" all images with votes, whose `most_voted` emotion is compared."""

    n: int
    voted: int
    clear: int
    agree_voted: float  # share of `voted`; no vote for the seven counts as not agreeing
    agree_clear: float  # share of `clear`
    agree_clear_interval: Interval
    #: emotion of the label → n, voted, clear, agree_voted, agree_clear
    by_emotion: dict[str, dict[str, float]]
    # On the images with a clear majority:
    commonest_own: str  # emotion among the labels
    commonest_crowd: str  # and among the majorities
    no_skill_own: float  # accuracy against the labels of always giving the commonest label
    no_skill_crowd: float  # the same against the majorities with theirs
    share_own: float  # mean share of votes for FER2013's label
    share_no_skill: float  # for the emotion that is the commonest majority
    share_majority: float  # for the majority itself: no model can have more


@dataclass(frozen=True)
class VariantSeen:
    """One variant on the `n` images of one split that have a clear majority."""

    sha256: str  # of the weights that answered
    n: int
    own: float  # accuracy against FER2013's labels
    own_interval: Interval
    crowd: float  # accuracy against the crowd's majority
    crowd_interval: Interval
    gain: float  # crowd - own
    gain_interval: Interval  # paired
    own_kappa: float  # Cohen's kappa with the labels: agreement beyond chance, 0 none, 1 perfect
    crowd_kappa: float  # and with the majority
    share: float  # mean share of votes for the variant's answer
    share_interval: Interval
    backed: int  # images where the answer is not the label but is the majority


def see_labels(labels: np.ndarray, votes: np.ndarray) -> LabelsSeen:
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
    return LabelsSeen(
        **all_of_them,
        agree_clear_interval=_interval(people == own),
        by_emotion={name: of(labels == i) for i, name in enumerate(EMOTIONS)},
        commonest_own=EMOTIONS[np.bincount(own).argmax()],
        commonest_crowd=EMOTIONS[common[0]],
        no_skill_own=baselines.majority_accuracy_of(own),
        no_skill_crowd=baselines.majority_accuracy_of(people),
        share_own=_mean(share(cast, own)),
        share_no_skill=_mean(share(cast, common)),
        share_majority=_mean(share(cast, people)),
    )


def see_variant(
    labels: np.ndarray, votes: np.ndarray, predicted: np.ndarray, sha256: str
) -> VariantSeen:
    """`labels`, `predicted` (N,) indices into EMOTIONS, `votes` (N, 10). Wilson intervals of
    the two accuracies, bootstrap intervals of their difference and of the mean share of votes,
    which is no share of images. Kappa is Cohen's (1960)."""
    answer = majority(votes)
    clear = answer >= 0
    own, people, said, cast = labels[clear], answer[clear], predicted[clear], votes[clear]
    difference = uncertainty.compare(said == people, said == own)
    shares = share(cast, said)
    return VariantSeen(
        sha256=sha256,
        n=len(own),
        own=_mean(said == own),
        own_interval=_interval(said == own),
        crowd=_mean(said == people),
        crowd_interval=_interval(said == people),
        gain=difference.difference,
        gain_interval=difference.interval,
        own_kappa=agreement.kappa(own, said).value,
        crowd_kappa=agreement.kappa(people, said).value,
        share=_mean(shares),
        share_interval=uncertainty.mean_interval(*np.unique(shares, return_counts=True)),
        backed=int(backed(labels, predicted, votes).sum()),
    )


def _interval(right: np.ndarray) -> Interval:
    return uncertainty.share_interval(int(right.sum()), len(right))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


@dataclass(frozen=True)
class Seen:
    """What is recorded, for each of the two test splits."""

    labels: dict[str, LabelsSeen]  # split → …
    variants: dict[str, dict[str, VariantSeen]]  # split → variant's name → …

    def of(self, variant: ModelSpec, split: str) -> VariantSeen | None:
        """The numbers of the weights that the variant's results are of; None where those that are
        recorded belong to others, or there are none."""
        row, made = self.variants[split].get(variant.name), summaries.summary(variant)
        return row if row and made and row.sha256 == made["sha256"] else None


def path() -> Path:
    """Where the committed numbers lie."""
    return artifacts().results / "crowd.json"


@kept
def recorded() -> Seen:
    """The committed numbers; `ResultsError` where the file is missing or damaged."""
    saved = store.read_json(path(), WRITER)
    try:
        return Seen(
            {split: LabelsSeen(**_typed(row)) for split, row in saved["labels"].items()},
            {
                split: {name: VariantSeen(**_typed(row)) for name, row in rows.items()}
                for split, rows in saved["variants"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise store.damaged(path()) from error


def as_json(seen: Seen, made: dict[str, Any]) -> str:
    """The text of `results/crowd.json`; `made` says where and with what it was computed."""
    return json.dumps(asdict(seen) | {"made": made}, indent=1) + "\n"


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """JSON knows lists only."""
    return {k: Interval(*value) if k.endswith("_interval") else value for k, value in row.items()}
