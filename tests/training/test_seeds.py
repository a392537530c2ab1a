"""Recording training runs of several seeds."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planted_seeds import committed_run

from fer_core.artifacts import seed_runs, store, weights_file
from fer_core.registry import MODELS
from training import seeds, train
from training.recipes import RECIPES

TENSORS = {"a": np.zeros(3)}


def trained(name: str, seed: int, score: float) -> dict[str, Any]:
    """The provenance of another complete run of the committed recipe."""
    made = weights_file.read_provenance(weights_file.path(MODELS[name]))
    recipe = asdict(replace(RECIPES[name], seed=seed))
    return made | {"recipe": recipe, "best_public_score": score, "device": "a machine"}


def test_a_run_is_trained_and_recorded_once(
    tiny_data: Path, tmp_path: Path, copied_results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(
        RECIPES["multiclass"], epochs=2, batch=70, network={"widths": [4, 8, 8, 8], "hidden": 16}
    )
    monkeypatch.setitem(RECIPES, "multiclass", small)
    out = tmp_path / "out"
    command = ["multiclass", "--seed", "5", "--data", str(tiny_data), "--device", "cpu"]
    assert train.main([*command, "--out", str(out), "--runs", str(tmp_path / "runs")]) == 0
    before = seed_runs.read()
    for _ in range(2):
        assert seeds.main([str(out)]) == 0
    [run] = set(seed_runs.read()) - set(before)
    assert len(seed_runs.read()) == len(before) + 1
    made = weights_file.read_provenance(out / "multiclass.safetensors")
    assert (run.model, run.seed, run.epochs) == ("multiclass", 5, 2)
    assert run.public_score == round(made["best_public_score"], 5)
    assert (run.device, run.minutes) == (made["device"], made["minutes"])


def test_the_file_may_be_missing_at_first(tmp_path: Path, copied_results: Path) -> None:
    (copied_results / "seeds.csv").unlink()
    weights_file.save(tmp_path / "a/ferplus.safetensors", TENSORS, trained("ferplus", 1, 0.5))
    weights_file.save(tmp_path / "b/ferplus.safetensors", TENSORS, trained("ferplus", 2, 0.6))
    assert seeds.main([str(tmp_path / "b"), str(tmp_path / "a")]) == 0
    expected = replace(committed_run("ferplus"), device="a machine")
    assert seed_runs.read() == (
        replace(expected, seed=1, public_score=0.5),
        replace(expected, seed=2, public_score=0.6),
    )


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("multiclass", lambda made: made["recipe"].update(batch=64), "settings other than"),
        ("multiclass", lambda made: made.update(epochs=99.5), "stopped early"),
        ("multiclass", lambda made: made.update(initialisation="ImageNet"), "other weights"),
        ("ferplus", lambda made: made["started_from"].update(multiclass="0"), "other weights"),
        ("individual", lambda made: None, "average precision"),
        ("multiclass", lambda made: made.update(variant="unknown"), "no such recipe"),
        ("multiclass", lambda made: made.pop("best_public_score"), "does not tell"),
    ],
)
def test_what_is_no_other_run_of_the_recipe_is_refused(
    name: str,
    change: Callable[[dict[str, Any]], object],
    reason: str,
    tmp_path: Path,
    copied_results: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = json.loads(json.dumps(trained(name, 1, 0.5)))
    change(made)
    weights_file.save(tmp_path / f"{name}.safetensors", TENSORS, made)
    before = store.sha256(seed_runs.path())
    assert seeds.main([str(tmp_path)]) == 1
    assert reason in capsys.readouterr().err
    assert store.sha256(seed_runs.path()) == before


@pytest.mark.parametrize("content", [None, b"", b"\xff" * 20, b"\x02\0\0\0\0\0\0\0{}"])
def test_folders_without_a_run_give_one_line(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "multiclass.safetensors").write_bytes(content)
    assert seeds.main([str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "train it again." in error if content is not None else "has no weights" in error
