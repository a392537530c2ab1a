"""python -m fer_core bench, without measuring anything."""

import json
from pathlib import Path

import pytest

from fer_core.cli.app import main
from fer_core.reports import benchmark

REPORT = {"made": {"date": "2026-01-02", "git_commit": "abc"}, "ms: steps": {"decode": 1.5}}


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_the_report_is_kept_and_printed(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmark, "run_benchmark", lambda: REPORT)
    assert main(["bench", "--out", str(tmp_path / "kept"), *words]) == 0
    assert json.loads(capsys.readouterr().out) == REPORT
    assert json.loads((tmp_path / "kept/2026-01-02-abc.json").read_text()) == REPORT


def test_the_folder_is_tried_before_measuring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(benchmark, "run_benchmark", lambda: pytest.fail("measured"))
    (tmp_path / "a.jpg").write_bytes(b"photo")
    assert main(["bench", "--out", str(tmp_path / "a.jpg")]) == 1
    assert "a.jpg cannot be written: " in capsys.readouterr().err
    assert (tmp_path / "a.jpg").read_bytes() == b"photo"
