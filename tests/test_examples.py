"""The scripts in examples/ run and give the answers they promise."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from fer_core.artifacts.predictions import split_predictions
from fer_core.imaging.sample_photo import sample_photo

ROOT = Path(__file__).parents[1]


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "examples" / script, *arguments]
    return subprocess.run(
        command, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )


def test_classify_folder_writes_a_row_per_face_and_skips_other_files(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "astronaut.png").write_bytes(sample_photo())
    (photos / "notes.txt").write_text("not a photo")
    done = run("classify_folder.py", photos, tmp_path / "answers.csv", "--model", "multiclass")
    with (tmp_path / "answers.csv").open(newline="", encoding="utf-8-sig") as file:
        [row] = csv.DictReader(file)
    assert (row["file"], row["face"], row["emotion"]) == ("astronaut.png", "1", "happy")
    assert done.stderr.startswith("notes.txt: ")


@pytest.mark.parametrize("script", ["classify_folder.py", "heat_maps.py"])
def test_examples_overwrite_nothing(script: str, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(sample_photo())
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(script, tmp_path if script == "classify_folder.py" else photo, photo)
    assert failed.value.returncode == 2
    assert photo.read_bytes() == sample_photo()


def test_compare_models_prints_both_accuracies_and_the_test() -> None:
    lines = run("compare_models.py", "resnet101", "keras_cnn").stdout.splitlines()
    accuracy = split_predictions("keras_cnn", "PrivateTest").correct.mean()
    assert lines[2].startswith(f"keras_cnn: {accuracy:.1%} (95 % interval ")
    assert "the difference is significant" in lines[-1]


def test_heat_maps_draws_a_figure(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(sample_photo())
    run("heat_maps.py", tmp_path / "photo.png", tmp_path / "why.png", "--emotion", "happy")
    with Image.open(tmp_path / "why.png") as figure:
        assert figure.size[0] > 600
