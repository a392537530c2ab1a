"""The ablation study: what row change sets, which runs are missing, and the results table."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from training import ablation
from training.ablation import BASE, CHANGES, Run
from training.recipes import RECIPES

FULL = RECIPES["multiclass"]
SMALL = {"widths": [4, 8, 8, 8], "hidden": 16}


def run(change: str, seed: int, accuracy: float, epochs: int = 12) -> Run:
    return Run(change, epochs, seed, accuracy, 1.0, "a machine", "2026-11-25", "abc")


def flattened(recipe: object) -> dict[str, object]:
    fields = asdict(recipe)  # type: ignore[call-overload]
    return fields | {f"augmentation.{k}": v for k, v in fields.pop("augmentation").items()}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_sets_only_its_own_fields(change: str) -> None:
    base, recipe = (
        flattened(ablation.changed_recipe(BASE, 12, 1)),
        flattened(ablation.changed_recipe(change, 12, 1)),
    )
    differing = {key.partition(".")[2] or key for key in base if base[key] != recipe[key]}
    assert differing - {"augmentation"} == set(CHANGES[change])
    unchanged = flattened(FULL) | {"epochs": 12, "patience": 12, "seed": 1}
    assert base == unchanged


def test_every_change_runs_once_before_a_second_seed() -> None:
    finished = [run(BASE, 0, 0.6), run("with mixup 0.2", 0, 0.6, epochs=100)]
    missing = list(ablation.missing_runs(finished, list(CHANGES), 12))
    assert len(missing) == 3 * len(CHANGES) - 1
    assert (BASE, 0) not in missing
    assert [seed for _, seed in missing] == sorted(seed for _, seed in missing)


def test_an_interrupted_study_continues_with_the_same_numbers(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, "multiclass", replace(FULL, batch=70, network=SMALL))
    common = ["--data", str(tiny_data), "--epochs", "2", "--device", "cpu"]
    common += ["--only", BASE, "without mirror"]

    def call(name: str, *more: str) -> list[Run]:
        out, runs = tmp_path / f"{name}.csv", tmp_path / name
        assert ablation.main([*common, *more, "--out", str(out), "--runs", str(runs)]) == 0
        return ablation.read_runs(out)

    assert call("cut", "--max-minutes", "0.000001") == []  # one step, then time is up
    assert not (tmp_path / "cut.csv").exists()
    whole, cut = call("whole"), call("cut")
    assert [(row.change, row.seed) for row in whole] == [
        (change, seed) for seed in range(3) for change in (BASE, "without mirror")
    ]
    assert [row.public_accuracy for row in cut] == [row.public_accuracy for row in whole]
    assert call("whole") == whole  # no run is repeated


def test_table_compares_seed_by_seed() -> None:
    runs = [run(BASE, 0, 0.60), run(BASE, 1, 0.62), run("without mirror", 1, 0.61)]
    assert ablation.format_table(runs).splitlines()[2:] == [
        "| 12 | as it is | 2 | 61.00 | 1.41 |  |",
        "| 12 | without mirror | 1 | 61.00 | – | −1.00 |",
    ]
    assert ablation.format_table([]) == "No runs yet."


def test_committed_runs_are_of_known_changes() -> None:
    runs = ablation.read_runs()
    assert {row.change for row in runs} <= set(CHANGES)
    assert len({(row.change, row.epochs, row.seed) for row in runs}) == len(runs)
