"""Evaluating: of the whole FER2013 over the committed results, otherwise elsewhere."""

import json
from pathlib import Path

import numpy as np
import pytest

from fer_core.artifacts import private_test_ledger, store, summaries
from fer_core.registry import MODELS, get_model_spec
from training import evaluate


def digests(folder: Path) -> dict[str, str]:
    return {path.name: store.sha256(path) for path in folder.iterdir()}


def test_a_part_of_fer2013_does_not_replace_the_committed_results(
    copied_results: Path, tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests(copied_results)
    assert evaluate.main(["multiclass", "--data", str(tiny_data)]) == 1
    assert "70 PublicTest images instead of 3,589" in capsys.readouterr().err
    assert digests(copied_results) == before

    trial = tmp_path / "trial"
    assert evaluate.main(["multiclass", "--data", str(tiny_data), "--out", str(trial)]) == 0
    summary = json.loads((trial / "multiclass.json").read_text())
    assert summary["splits"]["PrivateTest"]["n"] == 70
    with np.load(trial / "multiclass.npz") as file:
        assert len(file["ids"]) == 140
    assert store.read_checksums(trial).keys() == {"multiclass.json", "multiclass.npz"}
    ledger = {private_test_ledger.path().name, store.CHECKSUMS_FILE}
    changed = {name for name, digest in digests(copied_results).items() if digest != before[name]}
    assert changed == ledger  # every scoring of PrivateTest is recorded


def test_results_of_an_ensemble_name_its_members_weights(
    copied_results: Path, tiny_data: Path, tmp_path: Path
) -> None:
    assert evaluate.main(["ensemble_single", "--data", str(tiny_data), "--out", str(tmp_path)]) == 0
    summary = json.loads((tmp_path / "ensemble_single.json").read_text())
    members = MODELS["ensemble_single"].members
    assert summary["members"] == {name: summaries.weights_checksum(name) for name in members}


def test_results_that_cannot_be_written_are_reported_before_any_work(
    copied_results: Path,
    tiny_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(evaluate, "load_data", lambda *_, **__: pytest.fail("data was read"))
    (tmp_path / "file").write_bytes(b"")
    arguments = ["multiclass", "--data", str(tiny_data), "--out", str(tmp_path / "file" / "x")]
    assert evaluate.main(arguments) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_evaluate_prints_json(
    fer2013, copied_results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.conftest import DATASET_PATHS

    path = next(path for path in DATASET_PATHS if path.exists())
    assert (
        evaluate.main(["multiclass", "--data", str(path), "--split", "PrivateTest", "--json"]) == 0
    )
    report = json.loads(capsys.readouterr().out)
    assert report["n"] == 3589
    committed = summaries.load_summary(get_model_spec("multiclass"))
    assert committed is not None
    assert report["accuracy"] == pytest.approx(
        committed["splits"]["PrivateTest"]["accuracy"], abs=5e-5
    )
