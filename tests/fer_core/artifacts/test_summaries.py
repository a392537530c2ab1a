"""Facts derived from the committed summaries."""

import json
from pathlib import Path

import numpy as np
import pytest
from outdated import committed_ids, evaluate_on, retrain

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.predictions import load_predictions
from fer_core.errors import ResultsError
from fer_core.registry import MODELS


@pytest.mark.parametrize("name", MODELS)
def test_results_belong_to_the_committed_weights(name: str) -> None:
    model = MODELS[name]
    summary = summaries.load_summary(model)
    assert summary is not None
    assert weights_file.file_state(weights_file.path(model), summary["sha256"]) == "matches"
    assert summaries.retrained_members(model) == []


def test_a_model_trained_anew_has_no_accuracy_until_it_is_evaluated(copied_weights: Path) -> None:
    """Nor have the ensembles that it is a member of; the others keep theirs."""
    retrain("multiclass")
    problems = {name: summaries.problem(model) for name, model in MODELS.items()}
    assert problems["multiclass"] == (
        "multiclass was trained anew since it was evaluated: run "
        "`python -m training.evaluate multiclass`."
    )
    outdated = {name for name, problem in problems.items() if problem}
    assert outdated == {"multiclass", "ensemble_full", "stacking"}
    assert {m.name for m in summaries.evaluated_models()} == MODELS.keys() - outdated
    assert summaries.accuracy(MODELS["stacking"], "PrivateTest") is None
    with pytest.raises(ResultsError, match="stacking is made of multiclass, which was"):
        load_predictions("stacking")


def test_an_ensemble_evaluated_with_its_new_members_is_up_to_date(copied_results: Path) -> None:
    file = copied_results / "stacking.json"
    content = json.loads(file.read_text())
    members = content["parts"]
    store.write_files(
        {file: json.dumps(content | {"parts": members | {"multiclass": "old"}}).encode()}
    )
    assert summaries.retraining_problem(MODELS["stacking"]) is not None
    new = content | {"parts": members | {"multiclass": "old"}, "members": members}
    store.write_files({file: json.dumps(new).encode()})
    assert summaries.problem(MODELS["stacking"]) is None
    assert summaries.retrained_members(MODELS["stacking"]) == ["multiclass"]  # since its fit


def test_results_of_other_images_are_set_apart(copied_results: Path) -> None:
    ids = committed_ids(copied_results)
    evaluate_on("multiclass", np.array([*ids[:-1], "PrivateTest_0"]))
    evaluate_on("stacking", ids[np.char.startswith(ids, "Pri") | (ids <= "PublicTest_2")])
    problems = {name: summaries.problem(model) for name, model in MODELS.items()}
    assert "on different images than other models" in str(problems.pop("multiclass"))
    assert "images of PublicTest instead of 3,589" in str(problems.pop("stacking"))
    assert not any(problems.values())
