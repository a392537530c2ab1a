"""Smiles and neutral faces of groups are counted right, and results of other weights not shown."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from fer_core.artifacts import store
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import fairness
from fer_core.evaluation.fairness import Person
from fer_core.registry import MODELS, get_model_spec

HAPPY, NEUTRAL = EMOTIONS.index("happy"), EMOTIONS.index("neutral")


def answers(happy: np.ndarray) -> np.ndarray:
    """Probabilities with this p(happy), and the rest neutral."""
    rows = np.zeros((len(happy), len(EMOTIONS)))
    rows[:, HAPPY], rows[:, NEUTRAL] = happy, 1 - happy
    return rows


def test_groups_are_measured_apart() -> None:
    people = [Person(str(i), "", "female" if i < 40 else "male", "white") for i in range(60)]
    people += [Person(str(60 + i), "", "male", "black") for i in range(12)]
    people += [Person("72", "", "male", "east_asian/white")]  # too few to be a group
    random = np.random.default_rng(0)
    smiles, neutral = random.uniform(0.3, 1, 73), random.uniform(0, 0.6, 73)
    rows = fairness.measure(people, answers(smiles), answers(neutral))
    assert [(row.attribute, row.group, row.people) for row in rows] == [
        ("everybody", "everybody", 73),
        ("ethnicity", "white", 60),
        ("ethnicity", "black", 12),
        ("gender", "female", 40),
        ("gender", "male", 33),
    ]
    black = rows[2]
    assert black.smiles_found == (smiles[60:72] > 0.5).sum()
    assert black.neutral_kept == (neutral[60:72] < 0.5).sum()
    assert black.smiles_at_threshold == (smiles[60:72] > np.quantile(neutral, 0.98)).sum()
    scores = np.concatenate([smiles[60:72], neutral[60:72]])
    assert black.area == pytest.approx(roc_auc_score([1] * 12 + [0] * 12, scores))
    assert black.area_interval.low <= black.area <= black.area_interval.high
    assert black.smiles.interval.low < black.smiles.value < black.smiles.interval.high


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_measured_on_everybody(name: str) -> None:
    everybody, *groups = fairness.load().for_model(get_model_spec(name))
    assert everybody.people == 102
    for attribute in ("ethnicity", "gender", "age_group"):
        parts = [row for row in groups if row.attribute == attribute]
        assert len(parts) > 1
        assert sum(row.people for row in parts) <= 102
        assert sum(row.smiles_found for row in parts) <= everybody.smiles_found


def test_results_of_other_weights_are_not_shown(copied_results: Path) -> None:
    file = copied_results / "fairness.json"
    content = json.loads(file.read_text())
    content["checksums"]["multiclass"] = "0" * 64
    file.write_text(json.dumps(content))
    store.record_checksums(file)
    assert fairness.load().for_model(get_model_spec("multiclass")) == []
    assert fairness.load().for_model(get_model_spec("resnet101"))
    file.write_text("{}")
    store.record_checksums(file)
    with pytest.raises(ResultsError):
        fairness.load()
