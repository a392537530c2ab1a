"""Outputs of the training commands: tried before any work, and never over another file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fer_core.artifacts.store import Artifacts, using
from training import (
    ablation,
    appearance,
    dataset_stats,
    evaluate,
    export_onnx,
    ferplus,
    image_hashes,
    layer_search,
    logit_adjustment,
    near_copies,
    quantize,
    saliency,
    speed,
    ten_crop,
    train,
)
from training.engine.csv_records import read_records, write_records

Command = Callable[[list[str]], int]
#: Commands whose results have a fixed folder.
FIXED = {
    evaluate: ["stacking"],
    ten_crop: ["multiclass"],
    dataset_stats: [],
    saliency: [],
    speed: [],
    ferplus: [],
    near_copies: [],
    image_hashes: [],
    appearance: [],
    export_onnx: ["multiclass"],
    quantize: ["multiclass"],
    logit_adjustment: ["efficientnet_b5"],
}
#: Commands whose outputs are named by the user: the last word is followed by a path.
NAMED = (
    (train, ["multiclass", "--out"]),
    (train, ["multiclass", "--runs"]),
    (train, ["stacking", "--out"]),
    (ablation, ["--out"]),
    (ablation, ["--runs"]),
    (layer_search, ["--out"]),
)


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A photo; no command gets as far as the data."""
    for command in (*FIXED, train, ablation, layer_search):
        for work in ("load_data", "find_votes", "write_graph"):
            monkeypatch.setattr(
                command, work, lambda *_: pytest.fail("the work has begun"), raising=False
            )
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8photo")
    return path


@pytest.mark.parametrize(("command", "words"), FIXED.items(), ids=lambda c: str(c)[:40])
def test_a_results_folder_that_cannot_be_written(
    command: object, words: list[str], photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photo.parent / "weights").write_text("a file")
    (photo.parent / "results").write_text("a file")
    with using(Artifacts(photo.parent)):
        assert command.main(words) == 1  # type: ignore[attr-defined]
    assert " cannot be written: " in capsys.readouterr().err


@pytest.mark.parametrize(("command", "words"), NAMED, ids=lambda c: str(c)[-30:])
def test_a_photo_is_no_place_for_results(
    command: object, words: list[str], photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([*words, str(photo)]) == 1  # type: ignore[attr-defined]
    assert capsys.readouterr().err.startswith(f"error: {photo}")
    assert photo.read_bytes() == b"\xff\xd8photo"


@pytest.mark.parametrize(("command", "words"), NAMED, ids=lambda c: str(c)[-30:])
def test_an_empty_name_is_wrong_usage(command: object, words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        command.main([*words, ""])  # type: ignore[attr-defined]
    assert left.value.code == 2


def test_a_table_is_replaced_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "runs.csv"
    run = ablation.Run("a change", 12, 0, 0.6, 1.0, "a machine", "2026-11-25", "abc")
    write_records(path, [run])
    monkeypatch.setattr("csv.DictWriter.writerows", lambda *_: (_ for _ in ()).throw(OSError(28)))
    with pytest.raises(OSError, match="28"):
        write_records(path, [run, run])
    assert read_records(path, ablation.Run) == [run]
