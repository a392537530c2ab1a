"""python -m fer_core models."""

import json
from pathlib import Path

import pytest
from command_line import run
from outdated import retrain

from fer_core import EMOTIONS, MODELS
from fer_core.cli.app import main


def test_models() -> None:
    rows = json.loads(run("models", "--json").stdout)
    assert [row["name"] for row in rows] == list(MODELS)
    keys = {"name", "title", "kind", "parameters", "weights_bytes", "study_accuracy"}
    assert set(rows[0]) == keys | {"private_test_accuracy", "ready"}
    assert all(0 < row["private_test_accuracy"] < 1 for row in rows)
    assert set(rows[0]["study_accuracy"]) == set(EMOTIONS)
    table = run("models")
    assert table.returncode == 0
    assert table.stdout.count("on PrivateTest") == len(MODELS)


def test_variants_is_an_alias_of_models(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for command in ("models", "variants"):
        assert main([command, "--json"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert len(json.loads(outputs[0])) == len(MODELS)


@pytest.mark.usefixtures("no_artifacts")
def test_untrained_models_are_listed_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.endswith("not trained yet") for line in lines)


def test_a_model_trained_anew_is_listed_without_its_old_accuracy(
    copied_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retrain("multiclass")
    assert main(["models"]) == 1
    output = capsys.readouterr()
    lines = {line.split()[0]: line for line in output.out.splitlines()}
    for name in ("multiclass", "ensemble_full", "stacking"):
        assert lines[name].endswith("trained anew since it was evaluated")
    assert lines["individual"].endswith("on PrivateTest")
    assert "run `python -m training.evaluate multiclass`" in output.err


def test_damaged_results_are_reported_and_the_rest_listed(
    copied_results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied_results / "resnet101.json").write_text("{}")
    assert main(["models", "--json"]) == 1
    output = capsys.readouterr()
    assert "resnet101.json" in output.err
    accuracy = {row["name"]: row["private_test_accuracy"] for row in json.loads(output.out)}
    assert [name for name, value in accuracy.items() if value is None] == ["resnet101"]
