"""`evaluate` on folders, archives and tables of labelled photos."""

import json
import shutil
from pathlib import Path

import numpy as np
import own_models
import pytest
from command_line import run
from PIL import Image

import fer_core as fer
from fer_core.cli.app import main
from fer_core.emotions import EMOTIONS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, portrait: np.ndarray) -> Path:
    """Twelve labelled photos in several layouts, one without a label and one that is broken."""
    root = tmp_path_factory.mktemp("own") / "faces"
    layout = ["test/0_Happy", "train/joy", "Sadness", "test/neutral/session 1"]
    for i in range(12):
        path = root / layout[i % 4] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.clip(portrait.astype(int) + 6 * i - 40, 0, 255).astype(np.uint8)
        Image.fromarray(pixels if i % 3 else pixels[:, ::-1]).save(path)
    (root / "Sadness" / "broken.jpg").write_bytes(b"no picture")
    shutil.copy(path, root / "unlabelled.png")
    return root


def test_the_scores_are_those_of_classify(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.json"
    assert main(["evaluate", str(folder), "--model", "multiclass", "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert not printed.err
    main(["classify", str(folder), "--model", "multiclass", "--precision", "fp32", "--json"])
    labels = {"0_Happy": "happy", "joy": "happy", "Sadness": "sad", "session 1": "neutral"}
    hits = []
    for line in capsys.readouterr().out.splitlines():
        photo = json.loads(line)
        label = labels.get(Path(photo["path"]).parent.name)
        if label and photo["faces"]:
            largest = max(photo["faces"], key=lambda face: face["box"][2] * face["box"][3])
            hits.append(largest["results"]["multiclass"]["emotion"] == label)
    evaluated = fer.load_results(out)
    predictions = evaluated.predictions("multiclass")
    assert len(predictions) == len(hits) == 12
    assert int(predictions.correct.sum()) == sum(hits)
    assert f"{np.mean(hits):.1%}" in printed.out
    for words in ("No-skill baseline (always happy)", "broken.jpg", "unlabelled.png", "12 faces"):
        assert words in printed.out, words
    missing = [name for name in EMOTIONS if name not in {"happy", "sad", "neutral"}]
    assert list(evaluated.missing_emotions) == missing


def test_folders_above_what_was_named_are_no_labels(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pics, labelled = tmp_path / "joy" / "pics", tmp_path / "joy" / "sad"
    pics.mkdir(parents=True)
    labelled.mkdir()
    for path in (pics / "a.png", labelled / "b.png"):
        shutil.copy(folder / "unlabelled.png", path)
    options = ["--whole-picture", "--model", "multiclass"]
    for argument in (pics / "a.png", pics / "*.png", tmp_path / "joy" / "p*" / "*.png"):
        assert main(["evaluate", str(argument), *options]) == 2, argument
        assert "No photo has a label" in capsys.readouterr().err
    for argument in (labelled / "b.png", labelled / "*.png", tmp_path / "joy" / "*" / "b.png"):
        assert main(["evaluate", str(argument), *options]) == 0, argument
        assert "1 face (" in capsys.readouterr().out
    table = tmp_path / "labels.csv"
    table.write_text("file,label\njoy/pics/a.png,fear\nsad/pics/a.png,sad\n")
    assert main(["evaluate", str(pics / "a.png"), *options, "--labels", str(table)]) == 0
    assert "fear 1" in capsys.readouterr().out


def test_an_archive_by_several_processes_gives_the_same(folder: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "faces"), "zip", folder.parent)
    outs = tmp_path / "folder.npz", tmp_path / "archive.npz"
    options = ("--model", "multiclass", "--out")
    for path, out, workers in ((folder, outs[0], "1"), (archive, outs[1], "2")):
        done = run("evaluate", path, *options, out, "--workers", workers)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == 1  # one photo is broken
    one, other = (fer.load_results(out).predictions("multiclass") for out in outs)
    assert one.ids.tolist() == other.ids.tolist()
    np.testing.assert_allclose(one.probabilities, other.probabilities, atol=1e-5)


def test_an_own_onnx_file_is_one_more_row(folder: Path, tmp_path: Path) -> None:
    own = own_models.write(tmp_path / "my net.onnx")
    out = tmp_path / "results.npz"
    models = ("--model", "multiclass", "--onnx", own, "--title", "Mine", "--workers", 2)
    pattern = folder / "test" / "**" / "*.png"  # its folders give the labels
    done = run("evaluate", pattern, *models, "--whole-picture", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "happy 3, neutral 3" in done.stdout
    evaluated = fer.load_results(out)
    assert evaluated.models["my_net"].title == "Mine"
    ours, mine = (evaluated.predictions(name).probabilities for name in ("multiclass", "my_net"))
    np.testing.assert_allclose(mine, ours, atol=1e-4)


def test_an_own_file_is_no_output_and_its_labels_have_another_option(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = str(own_models.write(tmp_path / "net.csv"))
    assert main(["evaluate", str(folder), "--onnx", own, "--out", own, "--force"]) == 2
    assert "net.csv" in capsys.readouterr().err
    assert main(["evaluate", str(folder), "--onnx", own, "--onnx-labels", "a,b"]) == 1
    assert "The option --onnx-labels of net.csv must name its 7 outputs" in capsys.readouterr().err


def test_a_table_with_groups_and_a_split(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["Image;Emotion;age;split"]
    rows += [
        f"{i}.png;{3 if i % 2 else 6};{'old' if i < 5 else 'young'};t{i // 8}" for i in range(12)
    ]
    table = tmp_path / "labels.csv"
    table.write_bytes("\n".join([*rows, "lost.png;3;old;t0"]).encode("utf-16"))
    options = ["--labels", str(table), "--scheme", "fer2013", "--group", "AGE", "--split", "t0"]
    status = main(["evaluate", str(folder), *options, "--model", "multiclass", "--whole-picture"])
    printed = capsys.readouterr().out
    assert status == 0  # the broken photo has no row
    for words in ("8 faces", "neutral 4", "age old: 5 faces", "lost.png", "No gap by age"):
        assert words in printed, words


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--scheme", "raf"], "There is no scheme raf"),
        (["--map", "joy=glee"], "joy cannot stand for glee"),
        (["--group", "age"], "Groups come from a table"),
        (["--split", "dev"], "No labelled photo belongs to the split dev"),
        (["--labels", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--out", "results.txt"], "must end in"),
        (["--onnx-labels", "a,b"], "--onnx-labels goes with --onnx FILE."),
        (["--report", "report.pdf"], "must end in"),
        (["--faces", "plain"], "name its file with --report"),
    ],
)
def test_wrong_options_are_one_sentence(
    folder: Path, options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(folder), *options]) == 2
    assert sentence in capsys.readouterr().err


def test_a_set_without_any_face_says_why(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(tmp_path / "nowhere")]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert main(["evaluate", str(folder / "unlabelled.png")]) == 2
    assert "No photo has a label" in capsys.readouterr().err
    left_out = [f"--map={label}=none" for label in ("joy", "sad", "sadness", "neutral", "happy")]
    assert main(["evaluate", str(folder), *left_out, "--model", "multiclass"]) == 1
    assert "no labelled face" in capsys.readouterr().err


def test_nothing_is_overwritten_without_force(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,label\n1.png,sad\n", encoding="utf-8")
    options = ["evaluate", str(folder), "--labels", str(table), "--model", "multiclass"]
    assert main([*options, "--out", str(table), "--force"]) == 2
    out = tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    assert main([*options, "--out", str(out)]) == 2
    assert out.read_text(encoding="utf-8") == "mine"
    assert main([*options, "--out", str(out), "--force"]) == 0
    assert len(fer.load_results(out)) == 1


def test_a_report_from_photos_and_from_their_results(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results, first, second = (tmp_path / name for name in ("r.json", "1.html", "2.html"))
    options = ["--out", str(results), "--report", str(first), "--faces", "blurred"]
    assert main(["evaluate", str(folder), "--model", "multiclass", *options]) == 1
    printed = capsys.readouterr().out
    assert main(["evaluate", str(results), "--report", str(second)]) == 0
    assert capsys.readouterr().out == printed
    with_faces, without = (path.read_text(encoding="utf-8") for path in (first, second))
    assert "<img" in with_faces
    assert "Blurred face labelled" in with_faces
    assert "<img" not in without
    accuracy = fer.load_results(results).predictions("multiclass").correct.mean()
    for report in (with_faces, without):
        assert f"{100 * accuracy:.1f}\u00a0%" in report
        assert "broken.jpg" in report
    assert main(["evaluate", str(results), "--model", "multiclass"]) == 2
    assert "A file of results has labels and answers" in capsys.readouterr().err
