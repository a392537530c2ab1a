"""python -m fer_core classify, which other programs rely on, as a real process."""

import csv
import json
from pathlib import Path

import pytest
from command_line import run

from fer_core import EMOTIONS, MODELS
from fer_core.artifacts.summaries import default_model_name
from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "astronaut.png").write_bytes(sample_photo())
    (folder / "broken.jpg").write_text("this is no photo")
    (folder / "notes.txt").write_text("not looked at")
    return folder


def test_all_models_answer_and_a_broken_photo_is_reported(photos: Path) -> None:
    done = run("classify", photos / "broken.jpg", photos / "astronaut.png", "--model=all", "--json")
    assert done.returncode == 1
    broken, astronaut = map(json.loads, done.stdout.splitlines())
    assert broken["faces"] == []
    assert broken["error"].count(".") >= 1
    assert astronaut["error"] is None
    assert (astronaut["width"], astronaut["height"]) == (512, 512)
    (face,) = astronaut["faces"]
    x, y, w, h = face["box"]
    assert x < 224 < x + w
    assert y < 120 < y + h
    assert list(face["results"]) == list(MODELS)
    for result in face["results"].values():
        probabilities = result["probabilities"]
        assert list(probabilities) == list(EMOTIONS)
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-4)
        assert result["emotion"] == max(probabilities, key=lambda name: probabilities[name])
        assert result["ms"] > 0


def test_best_model_sees_the_smile(photos: Path) -> None:
    done = run("classify", photos / "astronaut.png", "--json")
    assert done.returncode == 0
    (face,) = json.loads(done.stdout)["faces"]
    assert list(face["results"]) == [default_model_name()]
    assert face["results"][default_model_name()]["emotion"] == "happy"


def test_folder_and_csv(photos: Path, tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    done = run("classify", photos, "--model", "multiclass", "--csv", table)
    assert done.returncode == 1
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    assert [Path(row["file"]).name for row in rows] == ["astronaut.png", "broken.jpg"]
    assert rows[0]["variant"] == "multiclass"
    assert sum(float(rows[0][name]) for name in EMOTIONS) == pytest.approx(1, abs=1e-4)
    assert rows[1]["note"]


def test_variant_is_an_alias_of_model(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = []
    for option in ("--model", "--variant"):
        command = ["classify", str(photos / "astronaut.png"), "--json", option, "keras_cnn"]
        assert main(command) == 0
        (face,) = json.loads(capsys.readouterr().out)["faces"]
        models.append(list(face["results"]))
    assert models == [["keras_cnn"], ["keras_cnn"]]


def test_plain_text_and_whole_picture(photos: Path) -> None:
    done = run("classify", photos / "astronaut.png", "--whole-picture")
    assert done.returncode == 0
    assert "face 1" in done.stdout
    assert "%" in done.stdout


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    done = run("classify", tmp_path / "nowhere.jpg", "--json")
    assert done.returncode == 1
    assert "cannot be read" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr


def test_a_table_that_cannot_be_written_is_one_sentence(photos: Path, tmp_path: Path) -> None:
    table = tmp_path / "no folder/answers.csv"
    done = run("classify", photos / "broken.jpg", "--csv", table)
    assert done.returncode == 1
    assert done.stderr == f"error: {table} cannot be written: No such file or directory.\n"
