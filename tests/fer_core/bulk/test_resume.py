"""A run that was killed or stopped goes on, and nothing is lost or doubled."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyarrow.parquet
import pytest

from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.answers import ANSWER_COLUMNS, QUALITY_COLUMNS

MODEL = ["--model", "multiclass"]
FORMS = [".csv", ".jsonl", ".parquet"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def album(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six photos, of which one is broken and one has a name like a formula."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "album"
    folder.mkdir()
    for name in ("=1.png", "b.png", "c.png", "d.png", "e.png"):
        (folder / name).write_bytes(sample_photo())
    (folder / "broken.png").write_text("no photo")
    return folder


def contents(name: str) -> list[dict[str, object]]:
    """The rows of an output, whatever its form."""
    path = Path(name)
    if path.suffix == ".parquet":
        return list(pyarrow.parquet.read_table(path).to_pylist())
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        return list(csv.DictReader(text.splitlines()))
    return [json.loads(line) for line in text.splitlines()]


def photo_names(name: str) -> list[str]:
    rows = contents(name)
    return sorted(Path(str(row.get("file") or row.get("path"))).name for row in rows)


ALL = sorted(["=1.png", "b.png", "broken.png", "c.png", "d.png", "e.png"])


@pytest.mark.parametrize("form", FORMS)
def test_only_new_and_changed_photos_are_classified(
    form: str, album: Path, capsys: Capture
) -> None:
    out = f"answers{form}"
    assert main(["classify", "album", *MODEL, "--out", out]) == 1  # one is broken
    assert photo_names(out) == ALL
    (album / "f.png").write_bytes(sample_photo())
    os.utime(album / "b.png", (1, 1))
    capsys.readouterr()
    main(["classify", "album", *MODEL, "--out", out, "--resume"])
    # the last photo of the file is done again, in case it was written in part
    assert "4 photos done before." in capsys.readouterr().err
    assert photo_names(out) == sorted([*ALL, "b.png", "f.png"])
    assert list(contents(out)[0]) == list(ANSWER_COLUMNS) or form == ".jsonl"
    assert not list(Path().glob("*.partial*"))


@pytest.mark.parametrize("form", [".csv", ".jsonl"])
@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_file_cut_off_anywhere_is_completed(form: str, cut: int, album: Path) -> None:
    out = Path(f"answers{form}")
    main(["classify", "album", *MODEL, "--model=individual", "--out", str(out)])
    whole = photo_names(str(out))
    out.write_bytes(out.read_bytes()[:-cut])
    main(["classify", "album", "--model=individual", "--out", str(out), "--resume"])
    assert photo_names(str(out)) == whole == ALL


@pytest.mark.parametrize(("form", "workers"), [(".csv", 1), (".jsonl", 2), (".parquet", 2)])
@pytest.mark.slow
def test_kill_9_in_the_middle_of_a_run(form: str, workers: int, tmp_path: Path) -> None:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number:02}.png").write_bytes(sample_photo())
    out = tmp_path / f"answers{form}"
    written = Path(f"{out}.partial.csv") if form == ".parquet" else out
    command = [sys.executable, "-m", "fer_core", "classify", str(folder), *MODEL, "--batch-size=4"]
    command += [f"--workers={workers}", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not (written.exists() and written.stat().st_size > 6000):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    found = len(written.read_text(encoding="utf-8").splitlines())
    assert 4 <= found < 60, "it was killed in the middle"
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=True)
    assert f"{found - 1 - (form != '.jsonl')} photos done before." in done.stderr
    assert Counter(photo_names(str(out))) == Counter(f"{n:02}.png" for n in range(60))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--model=all"], "has no answers of"),
        (["--model=keras_cnn"], "has answers of multiclass"),
    ],
)
@pytest.mark.parametrize("form", [".csv", ".jsonl"])
def test_answers_of_other_models_are_not_mixed(
    words: list[str], reason: str, form: str, album: Path, capsys: Capture
) -> None:
    out = Path(f"answers{form}")
    main(["classify", "album/b.png", "album/c.png", *MODEL, "--out", str(out)])
    before = out.read_bytes()
    assert main(["classify", "album", *words, "--out", str(out), "--resume"]) == 2
    assert reason in capsys.readouterr().err
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "file,mine\nx,1\n"),
        ("a.csv", "precious"),
        ("a.jsonl", '{"mine": 1}\n'),
        ("a.jsonl", '{"mine": 1}'),
    ],
)
def test_any_other_file_is_refused_and_stays(
    name: str, content: str, album: Path, capsys: Capture
) -> None:
    Path(name).write_text(content, encoding="utf-8")
    assert main(["classify", "album", *MODEL, "--out", name, "--resume"]) == 2
    assert "cannot be continued" in capsys.readouterr().err
    assert Path(name).read_text(encoding="utf-8") == content


@pytest.mark.parametrize("form", FORMS)
def test_answers_of_a_version_without_quality_are_not_mixed(
    form: str, album: Path, capsys: Capture
) -> None:
    out = Path(f"answers{form}")
    main(["classify", "album/b.png", "album/c.png", *MODEL, "--out", str(out)])
    without_quality(out)
    before = out.read_bytes()
    assert main(["classify", "album", *MODEL, "--out", str(out), "--resume"]) == 2
    assert "name another file" in capsys.readouterr().err.lower()
    assert out.read_bytes() == before


def without_quality(path: Path) -> None:
    """Leave out of an output what former versions did not measure."""
    former = [name for name in ANSWER_COLUMNS if name not in QUALITY_COLUMNS]
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.parquet.read_table(path, columns=former), path)
        return
    rows = contents(str(path))
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".jsonl":
            for row in rows:
                for face in row["faces"]:  # type: ignore[attr-defined]
                    del face["quality"]
                file.write(json.dumps(row) + "\n")
        else:
            table = csv.DictWriter(file, former, extrasaction="ignore", lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


@pytest.mark.parametrize("form", FORMS)
def test_photos_that_are_not_asked_about_now_stay(form: str, album: Path) -> None:
    out = f"answers{form}"
    main(["classify", "album/b.png", "album/c.png", *MODEL, "--out", out])
    main(["classify", "album/d.png", "album/e.png", *MODEL, "--out", out, "--resume"])
    assert photo_names(out) == ["b.png", "c.png", "d.png", "e.png"]


@pytest.mark.parametrize("form", FORMS)
def test_a_name_like_a_formula_is_found_again(
    form: str, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(album)
    photos = ["=1.png", "b.png"]
    for more in ([], ["--resume"]):
        main(["classify", *photos, *MODEL, "--out", f"../answers{form}", *more])
    assert len(contents(f"../answers{form}")) == 2


def test_each_photo_from_standard_input_is_another(
    album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for more in ([], ["--resume"]):
        with Path("album/b.png").open(encoding="utf-8") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            main(["classify", "-", "album/c.png", *MODEL, "--out", "a.csv", *more])
    assert len(contents("a.csv")) == 3


def test_a_stopped_run_goes_on_after_the_note_that_says_so(album: Path) -> None:
    main(["classify", "album/b.png", "album/c.png", *MODEL, "--out", "a.csv"])
    with Path("a.csv").open("a", encoding="utf-8") as table:
        table.write("(incomplete)" + "," * (len(ANSWER_COLUMNS) - 1) + "\n")
    main(["classify", "album", *MODEL, "--out", "a.csv", "--resume"])
    assert photo_names("a.csv") == ALL


def test_parquet_has_types_and_no_apostrophes(album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(album)
    main(["classify", "=1.png", "b.png", *MODEL, "--out", "a.parquet"])
    row = contents("a.parquet")[0]
    assert row["file"] == "=1.png"
    assert isinstance(row["happy"], float)
    assert isinstance(row["width"], int)
    assert row["yes_happy"] is None
    assert row["cut_by_edge"] is False
    assert isinstance(row["sharpness"], float)


def test_a_parquet_file_is_not_replaced_by_accident(album: Path, capsys: Capture) -> None:
    Path("a.parquet").write_bytes(b"precious")
    assert main(["classify", "album", *MODEL, "--out", "a.parquet"]) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert main(["classify", "album", *MODEL, "--out", "a.parquet", "--resume"]) == 2
    assert Path("a.parquet").read_bytes() == b"precious"
    Path("b.parquet").mkdir()
    assert main(["classify", "album", *MODEL, "--out", "b.parquet"]) == 1
    assert "b.parquet cannot be written" in capsys.readouterr().err


def test_a_refused_parquet_file_leaves_nothing_behind(album: Path, capsys: Capture) -> None:
    main(["classify", "album/b.png", "album/c.png", *MODEL, "--out", "a.parquet"])
    before = sorted(Path().iterdir())
    command = ["classify", "album", "--model=keras_cnn", "--out", "a.parquet", "--resume"]
    assert main(command) == 2
    assert "a.parquet has answers of multiclass" in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before
