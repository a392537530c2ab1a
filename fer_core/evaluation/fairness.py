"""How well models tell a posed smile from a neutral face, by what people say of themselves.

Measured on the Face Research Lab London Set (DeBruine & Jones, CC BY 4.0), one smiling and one
neutral photo of each of 102 adults, by `python -m training.fairness`, which writes the counts to
`results/fairness.json`. The set measures and chooses nothing. It says who was asked to smile, not
how strongly a person smiles.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.store import artifacts, cached
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import uncertainty
from fer_core.evaluation.near_copies import Share
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import ModelSpec

WRITER = "fairness"  # the `training` command that writes the file
CREDIT: Final = (
    "DeBruine & Jones, Face Research Lab London Set, CC BY 4.0, doi 10.6084/m9.figshare.5047666"
)
EVERYBODY: Final = "everybody"
#: Groups of fewer people are counted with everybody only.
MIN_PEOPLE = 9
#: Share of all neutral faces that stay below the threshold of `smiles_at_threshold`.
NEUTRAL_KEPT = 0.98
RESAMPLES = 2000
HAPPY, NEUTRAL = EMOTIONS.index("happy"), EMOTIONS.index("neutral")


class Person(NamedTuple):
    """A person of the set, as they described themselves; "" for what they did not say."""

    name: str  # id of the photos
    age_group: str
    gender: str
    ethnicity: str


@dataclass(frozen=True)
class GroupResult:
    """One model's answers for a group of people, of whom each has a smile and a neutral face."""

    attribute: str  # of `Person`, or `EVERYBODY`
    group: str
    people: int
    smiles_found: int  # smiles called happy
    neutral_kept: int  # neutral faces called neutral
    smiles_at_threshold: int  # smiles above the p(happy) that `NEUTRAL_KEPT` of neutral faces lack
    area: float  # under the ROC curve of p(happy), smile against neutral face
    area_interval: Interval

    @property
    def smiles(self) -> Share:
        """The smiles that are called happy."""
        return Share(self.smiles_found, self.people)

    @property
    def neutral(self) -> Share:
        """The neutral faces that are called neutral."""
        return Share(self.neutral_kept, self.people)

    @property
    def above_threshold(self) -> Share:
        """The smiles above the threshold."""
        return Share(self.smiles_at_threshold, self.people)


@dataclass(frozen=True)
class Fairness:
    """The committed results: model name → groups, and → checksum of the weights that answered."""

    groups: dict[str, list[GroupResult]]
    checksums: dict[str, str]

    def for_model(self, model: ModelSpec) -> list[GroupResult]:
        """The groups of a model; none if they are not those of its present weights."""
        current = summaries.weights_checksum(model.name)
        is_current = current is not None and self.checksums.get(model.name) == current
        return self.groups.get(model.name, []) if is_current else []


def measure(people: Sequence[Person], smiles: np.ndarray, neutral: np.ndarray) -> list[GroupResult]:
    """Compare one model's answers between groups.

    Args:
        people: N people.
        smiles: (N, 7) probabilities for their smiling photos.
        neutral: (N, 7) for their neutral photos.

    Returns:
        Everybody, then each group of `MIN_PEOPLE` or more, the largest of an attribute first.
    """
    threshold = float(np.quantile(neutral[:, HAPPY], NEUTRAL_KEPT))
    everybody = np.ones(len(people), bool)
    rows = [_measure_group(EVERYBODY, EVERYBODY, everybody, smiles, neutral, threshold)]
    for attribute in ("ethnicity", "gender", "age_group"):
        values = np.array([getattr(person, attribute) for person in people])
        groups, counts = np.unique(values[values != ""], return_counts=True)
        for group, count in sorted(
            zip(groups.tolist(), counts.tolist(), strict=True), key=lambda pair: -pair[1]
        ):
            if count >= MIN_PEOPLE:
                mask = values == group
                rows.append(_measure_group(attribute, group, mask, smiles, neutral, threshold))
    return rows


def _measure_group(
    attribute: str,
    group: str,
    mask: np.ndarray,
    smiles: np.ndarray,
    neutral: np.ndarray,
    threshold: float,
) -> GroupResult:
    smiles, neutral = smiles[mask], neutral[mask]
    smile, calm = smiles[:, HAPPY, None], neutral[:, HAPPY]
    wins = (smile > calm) + 0.5 * (smile == calm)  # each smile against each neutral face
    return GroupResult(
        attribute,
        group,
        people=len(smiles),
        smiles_found=int((smiles.argmax(axis=1) == HAPPY).sum()),
        neutral_kept=int((neutral.argmax(axis=1) == NEUTRAL).sum()),
        smiles_at_threshold=int((smiles[:, HAPPY] > threshold).sum()),
        area=float(wins.mean()),
        area_interval=_area_interval(wins),
    )


def _area_interval(wins: np.ndarray) -> Interval:
    """The interval of the mean of `wins` (N, N): a percentile bootstrap over people.

    Where no smile scores below a neutral face the bootstrap sees no uncertainty; then it is
    Wilson's for N of N, which is wider.
    """
    n = len(wins)
    if (wins == 1).all():
        return uncertainty.wilson_interval(n, n)
    drawn = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n
    areas = np.einsum("ri,ij,rj->r", drawn, wins, drawn, optimize=True)
    return uncertainty.percentile_interval(areas)


def path() -> Path:
    """Path of the committed results."""
    return artifacts().results / "fairness.json"


def to_json(results: Fairness, provenance: dict[str, Any]) -> str:
    """The content of `results/fairness.json`."""
    return json.dumps(asdict(results) | {"provenance": provenance}, indent=1) + "\n"


@cached
def load() -> Fairness:
    """Load the committed results; raises `ResultsError` if the file is missing or damaged."""
    content = store.read_json(path(), WRITER)
    try:
        groups = {name: [_parse(row) for row in rows] for name, rows in content["groups"].items()}
        return Fairness(groups, dict(content["checksums"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise store.corrupted_error(path()) from error


def _parse(row: dict[str, Any]) -> GroupResult:
    return GroupResult(**row | {"area_interval": Interval(*row["area_interval"])})
