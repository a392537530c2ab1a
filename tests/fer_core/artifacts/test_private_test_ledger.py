"""Every scoring of PrivateTest is in the ledger, and no row ever leaves it."""

import subprocess
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import private_test_ledger, store, summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.errors import ResultsError
from fer_core.registry import MODELS
from training import evaluate
from training.engine.data import FerData, load_data

MULTICLASS = MODELS["multiclass"]


@pytest.mark.parametrize("name", MODELS)
def test_the_committed_scores_are_in_the_ledger(name: str) -> None:
    summary = summaries.load_summary(MODELS[name])
    assert summary is not None
    rows = [
        row
        for row in private_test_ledger.read()
        if (row.model, row.sha256) == (name, summary["sha256"])
    ]
    private = summary["splits"]["PrivateTest"]
    assert (1, private["n"], private["accuracy"]) in {(r.views, r.n, r.accuracy) for r in rows}
    ten_crops = split_predictions(name, "PrivateTest").ten_crop_accuracy
    assert ten_crops == pytest.approx(
        next((row.accuracy for row in reversed(rows) if row.views == 10), None)
    )


def test_no_committed_row_was_ever_changed_or_removed() -> None:
    file = private_test_ledger.path()

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(
                ["git", *arguments], cwd=file.parent, capture_output=True, text=True, check=True
            )
        except (FileNotFoundError, subprocess.CalledProcessError):
            pytest.skip("this is no git checkout")
        return done.stdout

    now = Counter(file.read_text().splitlines())
    commits = git("log", "--format=%H", "--diff-filter=AM", "--", file.name).split()
    for commit in commits:
        then = Counter(git("show", f"{commit}:./{file.name}").splitlines())
        assert then <= now, commit


def test_scoring_twice_gives_two_rows(copied_results: Path, tiny_data: Path) -> None:
    before = private_test_ledger.read()
    data = load_data(tiny_data)
    for _ in range(2):
        report = evaluate.score_split(MULTICLASS, data, "PrivateTest")
    evaluate.score_split(MULTICLASS, data, "PublicTest")
    after = private_test_ledger.read()
    assert after[: len(before)] == before
    first, second = after[len(before) :]
    assert first == second
    assert (first.model, first.views, first.n) == ("multiclass", 1, report["n"])
    assert first.accuracy == report["accuracy"]
    assert first.sha256 == (summaries.load_summary(MULTICLASS) or {})["sha256"]
    file = private_test_ledger.path()
    assert file.parent == copied_results
    assert store.read_checksums(copied_results)[file.name] == store.sha256(file)


def test_writing_the_results_adds_a_row_too(copied_results: Path, tiny_data: Path) -> None:
    before = private_test_ledger.read()
    summary = evaluate.write_results(MULTICLASS, load_data(tiny_data), copied_results)
    [row] = private_test_ledger.read()[len(before) :]
    assert row.accuracy == summary["splits"]["PrivateTest"]["accuracy"]
    assert row.note == "training.evaluate"


def test_a_ledger_changed_by_hand_is_refused(copied_results: Path, tiny_data: Path) -> None:
    file = private_test_ledger.path()
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:-1]))
    with pytest.raises(ResultsError, match=r"private_test_ledger\.csv is damaged or was changed"):
        evaluate.score_split(MULTICLASS, load_data(tiny_data), "PrivateTest")
    assert file.read_text() == "".join(lines[:-1])
    file.unlink()
    with pytest.raises(ResultsError, match="is missing"):
        private_test_ledger.record(MULTICLASS, 1, 1.0, "")
    assert not file.exists()


def test_a_row_that_is_no_scoring_is_refused(copied_results: Path) -> None:
    file = private_test_ledger.path()
    for line in ("2026-11-23,,multiclass,00,1,3589\n", "2026-11-23,,multiclass,00,1,many,1,\n"):
        file.write_text(",".join(private_test_ledger.COLUMNS) + "\n" + line)
        store.record_checksums(file)
        with pytest.raises(ResultsError, match="is damaged"):
            private_test_ledger.read()


def test_the_first_scoring_begins_a_ledger(
    no_results: Path, tiny_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data: FerData = load_data(tiny_data)
    right = np.eye(7, dtype=np.float16)[data.split("PrivateTest").labels]
    monkeypatch.setattr(evaluate, "predict_split", lambda *_: {"probabilities": right})
    evaluate.score_split(MULTICLASS, data, "PrivateTest")
    [row] = private_test_ledger.read()
    assert (row.n, row.accuracy) == (len(right), 1)
