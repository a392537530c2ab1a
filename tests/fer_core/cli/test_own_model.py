"""`--onnx`: a user's own file where a command takes a model."""

import csv
import json
from pathlib import Path

import command_line
import own_models
import pytest

from fer_core.imaging.sample_photo import sample_photo


@pytest.fixture(scope="module")
def own_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The multi-class CNN as a file of another name."""
    return own_models.write(tmp_path_factory.mktemp("own") / "my net.onnx")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(sample_photo())
    return path


def test_it_answers_instead_of_our_models(own_file: Path, photo: Path) -> None:
    fp32 = ("--precision", "fp32", "--json")
    done = command_line.run("classify", photo, "--onnx", own_file, *fp32)
    ours = command_line.run("classify", photo, "--model", "multiclass", *fp32)
    own, expected = (json.loads(each.stdout)["faces"][0]["results"] for each in (done, ours))
    own, expected = own["my_net"], expected["multiclass"]
    assert own["emotion"] == expected["emotion"]
    assert own["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-4)


def test_it_answers_beside_ours_in_several_processes(
    own_file: Path, photo: Path, tmp_path: Path
) -> None:
    table = tmp_path / "answers.csv"
    options = ("--onnx", own_file, "--model", "multiclass", "--workers", 2, "--batch-size", 1)
    done = command_line.run("classify", photo, photo, *options, "--csv", table)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["variant"] for row in rows] == ["multiclass", "my_net"] * (len(rows) // 2)
    assert {row["emotion"] for row in rows} == {"happy"}
    assert all(row["weights_sha256"] for row in rows)


def test_the_list_of_models_has_it(own_file: Path) -> None:
    done = command_line.run("models", "--onnx", own_file, "--title", "Mine")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split(maxsplit=2) == ["my_net", "Mine", "not evaluated yet"]


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--onnx", "missing.onnx"], 1, "error: missing.onnx cannot be read"),
        (["--labels", "a,b"], 2, "error: --labels goes with --onnx FILE."),
        (["--onnx", "OWN", "--labels", "a,b"], 1, "must name its 7 outputs"),
        (["--onnx", "OWN", "--csv", "OWN", "--force"], 2, "my net.onnx"),
    ],
)
def test_wrong_options_are_one_sentence(
    own_file: Path, photo: Path, options: list[str], status: int, message: str
) -> None:
    named = [str(own_file) if each == "OWN" else each for each in options]
    done = command_line.run("classify", photo, *named)
    assert done.returncode == status
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
