"""Facts derived from the committed summaries."""

import json
from pathlib import Path

import pytest

from fer_core.artifacts import store, summaries, weights_file
from fer_core.registry import MODELS


@pytest.mark.parametrize("name", MODELS)
def test_results_belong_to_the_committed_weights(name: str) -> None:
    model = MODELS[name]
    summary = summaries.load_summary(model)
    assert summary is not None
    assert weights_file.file_state(weights_file.path(model), summary["sha256"]) == "matches"
    assert summaries.retrained_members(model) == []


def test_a_retrained_member_is_noticed(copied_results: Path) -> None:
    file = copied_results / "stacking.json"
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"parts": content["parts"] | {"multiclass": "old"}}))
    store.record_checksums(file)
    assert summaries.retrained_members(MODELS["stacking"]) == ["multiclass"]
