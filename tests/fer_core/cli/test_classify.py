"""python -m fer_core classify, which other programs rely on, as a real process."""

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import onnxruntime
import pytest
from command_line import run
from outdated import retrain

from fer_core import EMOTIONS, MODELS, pipeline
from fer_core.answers import PhotoAnswers
from fer_core.cli.app import main
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from fer_core.models import predictors

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def five(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of five photos, in which no model runs and no face is found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(predictors, "load", lambda *_: None)
    answer_with(monkeypatch, lambda name: PhotoAnswers(name, 9, 9))
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(b"photo")
    return tmp_path


def answer_with(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str], PhotoAnswers]) -> None:
    """Let this function answer about each photo."""
    monkeypatch.setattr(
        pipeline,
        "classify_photos",
        lambda photos, *_, **__: [answer(name) for name, _ in photos],
    )


def csv_rows(text: str) -> list[tuple[str, str]]:
    return [(row["file"], row["note"]) for row in csv.DictReader(text.splitlines())]


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
    rows = list(csv.DictReader(table.open(encoding="utf-8-sig")))
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


@pytest.mark.parametrize("words", [["--csv", "0.jpg", "1.jpg"], ["0.jpg", "--csv", "./0.jpg"]])
def test_a_photo_is_no_place_for_the_table(words: list[str], five: Path, capsys: Capture) -> None:
    assert main(["classify", *words]) == 2
    assert "0.jpg" in (error := capsys.readouterr().err)
    assert "would be overwritten" in error
    assert (five / "0.jpg").read_bytes() == b"photo"


def test_rows_are_written_batch_by_batch(
    five: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_counts = []

    def watch(name: str) -> PhotoAnswers:
        line_counts.append(len(Path("a.csv").read_text(encoding="utf-8").splitlines()))
        return PhotoAnswers(name, 9, 9)

    answer_with(monkeypatch, watch)
    monkeypatch.setattr("fer_core.cli.progress.LOG_SECONDS", 0)
    assert main(["classify", ".", "--csv", "a.csv", "--batch-size=2"]) == 0
    assert line_counts == [1, 1, 3, 3, 5]
    assert Path("a.csv").read_bytes().startswith(b"\xef\xbb\xbffile,face,"), "Excel needs the mark"
    *lines, summary = capsys.readouterr().err.splitlines()
    assert [line.split(" · ")[0] for line in lines] == [f"{n} of 5 photos" for n in (2, 4, 5)]
    assert summary.startswith("5 photos, 0 faces · ")


def interrupt() -> None:
    raise KeyboardInterrupt


def fill_disk() -> None:
    """Let the next write fail."""
    from fer_core.cli.output import OutputFile
    from fer_core.errors import FerError

    def fail(self: OutputFile, content: bytes, write: Callable = OutputFile.write) -> None:
        OutputFile.write = write  # type: ignore[method-assign]
        raise FerError("a.csv cannot be written: No space left on device.")

    OutputFile.write = fail  # type: ignore[method-assign]


@pytest.mark.parametrize(("failure", "status"), [(interrupt, 130), (fill_disk, 1)])
@pytest.mark.parametrize("form", ["csv", "json", "text"])
def test_what_was_written_stays_and_is_marked_incomplete(
    failure: Callable[[], None],
    status: int,
    form: str,
    five: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail_on_the_third(name: str) -> PhotoAnswers:
        if name == "2.jpg":
            failure()
        return PhotoAnswers(name, 9, 9)

    answer_with(monkeypatch, fail_on_the_third)
    words = {"csv": ["--csv", "a.csv"], "json": ["--json"], "text": []}[form]
    assert main(["classify", ".", *words, "--batch-size=1"]) == status
    output = capsys.readouterr()
    note = "Only 2 of 5 photos were classified."
    assert note in output.err
    assert "Traceback" not in output.err
    if form == "csv":
        rows = csv_rows(Path("a.csv").read_text(encoding="utf-8-sig"))
        assert rows[2:] == [("(incomplete)", note)]
    elif form == "json":
        rows = [json.loads(line) for line in output.out.splitlines()]
        assert [row["path"] for row in rows] == ["0.jpg", "1.jpg", "(incomplete)"]
        assert rows[2]["error"] == note
    else:
        assert output.out.splitlines()[::2] == ["0.jpg", "1.jpg", "(incomplete)"]


def test_a_pipe_in_and_out(photos: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    with (photos / "astronaut.png").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["classify", "-", "--csv", "-", "--model", "keras_cnn"]) == 0
    [row] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert (row["file"], row["face"]) == ("(standard input)", "1")
    assert not Path("-").exists()


@pytest.mark.parametrize(
    "words",
    [[], [""], ["0.jpg", "--csv", ""], ["--json", "--csv", "a", "0.jpg"], ["0.jpg", "--workers=0"]],
)
def test_wrong_usage(words: list[str], five: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["classify", *words])
    assert left.value.code == 2


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes")
def test_any_name_is_a_row_of_its_own(five: Path, capsys: Capture) -> None:
    names = [b'"quoted".jpg', b"two\nlines.jpg", b"\xff.jpg", "中文 Zoë.jpg".encode()]
    paths = [os.fsdecode(name) for name in names]
    for path in paths:
        Path(path).write_bytes(b"photo")
    assert main(["classify", *paths, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [os.fsencode(json.loads(line)["path"]) for line in lines] == names
    assert main(["classify", *paths, "--csv", "-"]) == 0
    rows = csv_rows(capsys.readouterr().out)
    assert [name for name, _ in rows] == ['"quoted".jpg', "two�lines.jpg", "�.jpg", "中文 Zoë.jpg"]


def test_a_folder_without_photos_is_not_silent(five: Path, capsys: Capture) -> None:
    (five / "none").mkdir()
    assert main(["classify", "none", "0.jpg", "--csv", "-"]) == 1
    rows = csv_rows(capsys.readouterr().out)
    assert rows == [("none", "There is no photo in this folder."), ("0.jpg", "no face found")]


def test_more_faces_than_are_classified_are_mentioned(
    five: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd = PhotoAnswers("0.jpg", 9, 9, more_faces=True, picture_count=2)
    answer_with(monkeypatch, lambda _: crowd)
    assert main(["classify", "0.jpg", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["more_faces"] is True
    assert main(["classify", "0.jpg"]) == 0
    output = capsys.readouterr().out
    assert "surest faces; there are more" in output
    assert "(first of 2 pictures)" in output


@pytest.mark.usefixtures("copied_weights")
def test_a_model_trained_anew_is_named(five: Path, capsys: Capture) -> None:
    retrain("multiclass")
    assert main(["classify", "0.jpg", "--model", "stacking"]) == 0
    output = capsys.readouterr()
    assert "note: stacking is made of multiclass, which was trained anew" in output.err
    assert main(["classify", "0.jpg", "--model", "individual"]) == 0
    assert "trained anew" not in capsys.readouterr().err


def test_a_photo_from_standard_input_is_for_one_process(five: Path, capsys: Capture) -> None:
    assert main(["classify", "-", "--workers=2"]) == 2
    assert "standard input needs --workers 1, and no Ray" in capsys.readouterr().err


def test_a_list_names_further_photos_and_is_never_overwritten(five: Path, capsys: Capture) -> None:
    Path("list.csv").write_text("1.jpg\n3.jpg\n", encoding="utf-8")
    assert main(["classify", "0.jpg", "--list", "list.csv", "--csv", "-"]) == 0
    rows = csv_rows(capsys.readouterr().out)
    assert [name for name, _ in rows] == ["0.jpg", "1.jpg", "3.jpg"]
    assert main(["classify", "--list", "list.csv", "--out", "list.csv", "--force"]) == 2
    assert Path("list.csv").read_text(encoding="utf-8").startswith("1.jpg")


@pytest.mark.skipif(
    "CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="it is there"
)
def test_a_device_that_is_not_there_is_one_sentence(five: Path, capsys: Capture) -> None:
    assert main(["classify", "0.jpg", "--device=cuda"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
