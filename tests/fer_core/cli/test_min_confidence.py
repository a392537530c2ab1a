"""`classify --min-confidence` and prediction sets, in every form of the output."""

import csv
import json
from pathlib import Path

import own_models
import pytest

from fer_core import prediction_set
from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where a face is smiling, surely happy."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "face.png").write_bytes(sample_photo())
    return "face.png"


def classify(*options: str) -> int:
    return main(["classify", *options, "--model", "multiclass", "--precision", "fp32"])


def test_json_and_text_have_the_set(photo: str, capsys: Capture) -> None:
    assert classify(photo, "--json") == 0
    [face] = json.loads(capsys.readouterr().out)["faces"]
    answer = face["results"]["multiclass"]
    names = prediction_set("multiclass", answer["probabilities"])
    assert (answer["set"], answer["set_level"]) == (names, 0.9)
    assert "unsure" not in answer
    assert classify(photo) == 0
    assert f"(90% set: {' or '.join(answer['set'])})" in capsys.readouterr().out


def test_an_unsure_answer_has_no_emotion(photo: str, capsys: Capture) -> None:
    assert classify(photo, "--json", "--min-confidence", "1") == 0
    [face] = json.loads(capsys.readouterr().out)["faces"]
    answer = face["results"]["multiclass"]
    assert (answer["emotion"], answer["unsure"]) == (None, True)
    assert answer["probabilities"]["happy"] > 0.5
    assert classify(photo, "--min-confidence", "1") == 0
    assert "unsure" in capsys.readouterr().out
    assert classify(photo, "--csv", "-", "--min-confidence", "1") == 0
    [row] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["emotion"], row["model"], row["set"]) == ("", "multiclass", "happy")
    assert classify(photo, "--csv", "-", "--min-confidence", "0.5") == 0
    [row] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert row["emotion"] == "happy"


@pytest.mark.parametrize(
    "options",
    [
        ["--min-confidence", "1.5"],
        ["--min-confidence", "nan"],
        ["--min-confidence", "sure"],
    ],
)
def test_wrong_usage_is_explained(photo: str, options: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as left:
        classify(photo, *options)
    assert left.value.code == 2
    assert "min-confidence" in capsys.readouterr().err


def test_a_schema_of_another_tool_is_unchanged(photo: str, capsys: Capture) -> None:
    assert classify(photo, "--schema", "openface", "--min-confidence", "0.5") == 2
    assert "has no unsure answers" in capsys.readouterr().err
    assert classify(photo, "--schema", "openface") == 0
    assert "set_level" not in capsys.readouterr().out


def test_an_own_model_without_sets_is_named(photo: str, tmp_path: Path, capsys: Capture) -> None:
    file = own_models.write(tmp_path / "mine.onnx")
    with own_models.restored_registry():
        assert main(["classify", photo, "--onnx", str(file), "--json"]) == 0
    printed = capsys.readouterr()
    [face] = json.loads(printed.out)["faces"]
    assert "set" not in face["results"]["mine"]
    assert "note: mine has no prediction sets" in printed.err
