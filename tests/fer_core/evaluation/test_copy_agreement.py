"""FER+ agreement with and without a copy: the committed counts add up to those of crowd.json."""

import json
from pathlib import Path

import pytest
from ferplus_file import write

from fer_core.artifacts.predictions import SPLITS
from fer_core.artifacts.store import record_checksums
from fer_core.datasets.fer2013_ids import official_id
from fer_core.datasets.ferplus import find_votes
from fer_core.datasets.near_copies import load_copies
from fer_core.errors import ResultsError
from fer_core.evaluation import copy_agreement, ferplus_agreement, near_copies
from fer_core.registry import MODELS


@pytest.mark.parametrize("split", SPLITS)
def test_both_kinds_of_faces_are_all_faces(split: str) -> None:
    whole, parts = ferplus_agreement.load_agreement(), copy_agreement.load()[split]
    labels = whole.labels[split]
    assert parts.with_majority.all == (labels.with_majority, labels.n)
    assert parts.labels.all.value == pytest.approx(labels.majority_agreement)
    assert parts.no_face.all.n == labels.with_votes
    assert parts.with_majority.copied.n == near_copies.total_share(split).hits
    for model in MODELS.values():
        contrast = parts.for_model(model)
        assert contrast is not None
        expected = whole.models[split][model.name].majority_accuracy
        assert contrast.all.value == pytest.approx(expected)


def test_votes_are_counted_for_each_kind(tmp_path: Path) -> None:
    rows = {official_id(row): row for row in range(32298, 35887)}
    copied = next(i for i in load_copies() if i in rows)
    new = next(i for i in rows if i not in load_copies())
    votes = {rows[copied]: {"NF": 6, "fear": 4}, rows[new]: {"happiness": 9, "fear": 1}}
    found = find_votes(write(tmp_path / "votes.csv", votes))
    assert found is not None
    part = copy_agreement.measure(found)["PrivateTest"]
    assert part.no_face == ((1, 1), (0, 1))
    assert (part.with_majority.copied.hits, part.with_majority.other.hits) == (0, 1)
    assert part.labels.copied.n == 0


def test_counts_of_other_weights_are_not_shown(copied_results: Path) -> None:
    path = copy_agreement.path()
    values = json.loads(path.read_text())
    values["PrivateTest"]["weights"]["stacking"] = "0"
    path.write_text(json.dumps(values))
    record_checksums(path)
    assert copy_agreement.load()["PrivateTest"].for_model(MODELS["stacking"]) is None
    path.write_text("{}")
    record_checksums(path)
    with pytest.raises(ResultsError, match=r"near_copies_crowd\.json is damaged"):
        copy_agreement.load()
