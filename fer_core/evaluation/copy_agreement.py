"""FER+ agreement on the faces with and without a copy in Training.

Ten annotators who never saw Training tell whether copied faces are easier. `python -m
training.ferplus` writes the counts to `results/near_copies_crowd.json`; the votes themselves are
not part of this repository.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import SPLITS, split_predictions
from fer_core.artifacts.store import artifacts, cached
from fer_core.artifacts.summaries import evaluated_models
from fer_core.datasets.ferplus import ANSWERS, Votes
from fer_core.datasets.near_copies import has_training_copy
from fer_core.evaluation.ferplus_agreement import WRITER
from fer_core.evaluation.ferplus_votes import MIN_MAJORITY_VOTES, majority
from fer_core.evaluation.near_copies import Contrast, Share, contrast
from fer_core.registry import ModelSpec


@dataclass(frozen=True)
class CopyAgreement:
    """FER+ agreement of one split; shares of the faces with a clear majority."""

    with_majority: Contrast  # faces with a clear majority, of all faces
    no_face: Contrast  # images that at least five of ten say show no face, of those with votes
    labels: Contrast  # FER2013's label is the majority
    models: dict[str, Contrast]  # model → its answer is the majority
    weights: dict[str, str]  # model → SHA-256 of the evaluated weights

    def for_model(self, model: ModelSpec) -> Contrast | None:
        """A model's agreement; None if it was measured with other weights or not at all."""
        summary = summaries.load_summary(model)
        if summary is None or self.weights.get(model.name) != summary["sha256"]:
            return None
        return self.models[model.name]


def path() -> Path:
    """Path of the committed counts."""
    return artifacts().results / "near_copies_crowd.json"


def measure(votes: Votes) -> dict[str, CopyAgreement]:
    """Compare labels and committed predictions with the votes, per split.

    Args:
        votes: The FER+ votes.

    Returns:
        Split → agreement.

    Raises:
        ResultsError: A committed file is missing or damaged.
    """
    return {split: _measure_split(split, votes) for split in SPLITS}


def write(agreement: dict[str, CopyAgreement]) -> None:
    """Write the counts and record their checksum."""
    values = {split: asdict(part) for split, part in agreement.items()}
    store.write_files({path(): store.json_bytes(values)})


@cached
def load() -> dict[str, CopyAgreement]:
    """Read the counts, split → agreement; raises `ResultsError` if missing or damaged."""
    values = store.read_json(path(), WRITER)
    try:
        return {split: _parse(values[split]) for split in SPLITS}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise store.corrupted_error(path()) from error


def _measure_split(split: str, votes: Votes) -> CopyAgreement:
    models: dict[str, Contrast] = {}
    weights = {}
    for model in evaluated_models():
        predictions = split_predictions(model.name, split)
        counts = votes.for_images(predictions.ids)
        answers = majority(counts)
        copied, is_clear = has_training_copy(predictions.ids), answers >= 0
        models[model.name] = contrast(predictions.predicted == answers, copied, is_clear)
        summary = summaries.load_summary(model)
        assert summary is not None
        weights[model.name] = summary["sha256"]
    no_face = counts[:, ANSWERS.index("no face")] >= MIN_MAJORITY_VOTES
    return CopyAgreement(
        contrast(is_clear, copied),
        contrast(no_face, copied, counts.sum(axis=1) > 0),
        contrast(predictions.labels == answers, copied, is_clear),
        models,
        weights,
    )


def _parse(values: dict[str, Any]) -> CopyAgreement:
    def parse(pair: list[list[int]]) -> Contrast:
        copied, other = (Share(int(hits), int(n)) for hits, n in pair)
        return Contrast(copied, other)

    models = {name: parse(pair) for name, pair in values["models"].items()}
    parts = (parse(values[name]) for name in ("with_majority", "no_face", "labels"))
    with_majority, no_face, labels = parts
    return CopyAgreement(with_majority, no_face, labels, models, dict(values["weights"]))
