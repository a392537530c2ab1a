"""Answers under the names of other tools, as programs written for those read them."""

import csv
import json

import pytest

from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import classify

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("photos")
    (folder / "a.png").write_bytes(sample_photo())
    (folder / "broken.jpg").write_text("no photo")
    return [str(folder / "a.png"), str(folder / "broken.jpg")]


def ask(photos: list[str], schema: str, capsys: Capture) -> str:
    command = ["classify", *photos, "--schema", schema, "--model", "multiclass"]
    assert main(command) == 1  # one photo cannot be read
    return capsys.readouterr().out


def test_deepface(photos: list[str], capsys: Capture) -> None:
    ours = classify(sample_photo(), "a.png", ["multiclass"], precision="auto").faces[0]
    good, broken = map(json.loads, ask(photos, "deepface", capsys).splitlines())
    [face] = good["results"]
    assert face["dominant_emotion"] == "happy"
    assert sum(face["emotion"].values()) == pytest.approx(100, abs=1e-3)
    assert [face["region"][key] for key in "xywh"] == list(ours.face.box)
    # the person's left eye is on the viewer's right
    assert face["region"]["left_eye"][0] > face["region"]["right_eye"][0]
    assert face["face_confidence"] == pytest.approx(ours.face.score)
    assert broken["results"] == []
    assert broken["error"]


def test_pyfeat(photos: list[str], capsys: Capture) -> None:
    good, broken = csv.DictReader(ask(photos, "pyfeat", capsys).splitlines())
    names = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    assert max(names, key=lambda name: float(good[name])) == "happiness"
    assert sum(float(good[name]) for name in names) == pytest.approx(1, abs=1e-4)
    assert float(good["FaceRectWidth"]) > 50
    assert (good["input"], good["frame"], broken["frame"]) == (photos[0], "0", "1")
    assert broken["FaceScore"] == ""
    assert broken["error"]


def test_openface(photos: list[str], capsys: Capture) -> None:
    text = ask(photos, "openface", capsys)
    assert text.startswith("frame,face_id,timestamp,confidence,success,")
    good, broken = csv.DictReader(text.splitlines())
    assert [row["success"] for row in (good, broken)] == ["1", "0"]
    assert float(good["confidence"]) > 0.8
    assert (good["emotion"], good["frame"], broken["frame"]) == ("happy", "1", "2")


@pytest.mark.parametrize(
    "words",
    [
        ["--schema=deepface", "--csv=-"],
        ["--schema=pyfeat", "--json"],
        ["--schema=openface", "--model=all"],
        ["--schema=openface", "--out=a.csv", "--resume"],
        ["--resume"],
        ["--out=a.txt"],
    ],
)
def test_what_does_not_fit_together_is_wrong_usage(
    words: list[str], photos: list[str], capsys: Capture
) -> None:
    assert main(["classify", photos[0], *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
