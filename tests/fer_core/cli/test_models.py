"""python -m fer_core variants."""

import json
from pathlib import Path

import pytest
from command_line import run

from fer_core import EMOTIONS, MODELS
from fer_core.cli.app import main


def test_variants() -> None:
    rows = json.loads(run("variants", "--json").stdout)
    assert [row["name"] for row in rows] == list(MODELS)
    keys = {"name", "title", "kind", "parameters", "weights_bytes", "study_accuracy"}
    assert set(rows[0]) == keys | {"private_test_accuracy", "ready"}
    assert all(0 < row["private_test_accuracy"] < 1 for row in rows)
    assert set(rows[0]["study_accuracy"]) == set(EMOTIONS)
    table = run("variants")
    assert table.returncode == 0
    assert table.stdout.count("on PrivateTest") == len(MODELS)


def test_models_is_another_word_for_variants(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for word in ("variants", "models"):
        assert main([word]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == len(MODELS)


@pytest.mark.usefixtures("no_artifacts")
def test_untrained_variants_are_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["variants"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert all(line.endswith("not trained yet") for line in told)


def test_damaged_results_are_told_and_the_rest_listed(
    copied_results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copied_results / "resnet101.json").write_text("{}")
    assert main(["variants", "--json"]) == 1
    told = capsys.readouterr()
    assert "resnet101.json" in told.err
    accuracy = {row["name"]: row["private_test_accuracy"] for row in json.loads(told.out)}
    assert [name for name, value in accuracy.items() if value is None] == ["resnet101"]
