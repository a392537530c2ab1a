"""python -m fer_core classify with films."""

import csv
import json
from pathlib import Path

import pytest
from command_line import run
from films import animation, cut_film, cut_off

import fer_core as fer
from fer_core.cli import film_text
from fer_core.cli.app import main
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.timeline.frames import timeline_to_csv
from fer_core.video import film as films

Capture = pytest.CaptureFixture[str]
MODEL = ("--model", "ferplus", "--precision", "fp32")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    cut_off(cut_film(folder / "cut.webm"))
    animation(folder / "smile.gif", [800, 700])
    (folder / "list.mp4").write_text("#EXTM3U\n")
    (folder / "head.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(400))
    (folder / "photo.png").write_bytes(sample_photo())
    return folder


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    return [{name: row[name] for name in row if name != "created"} for row in rows]


def test_text_names_changes_and_shares(here: Path, capsys: Capture) -> None:
    assert main(["classify", "cut.webm", *MODEL]) == 0
    first, happy, neutral, _, shares = capsys.readouterr().out.splitlines()
    assert first == "cut.webm"
    assert happy.split()[:4] == ["0:00.0", "face", "1", "happy"]
    assert neutral.split()[:4] == ["0:04.0", "face", "1", "neutral"]
    assert "may be another person" in neutral
    assert shares == "  face 1  happy 50 %, neutral 50 %  (4.0 s)"


def test_a_table_has_the_rows_of_the_timeline(here: Path, tmp_path: Path) -> None:
    written = tmp_path / "a.csv"
    assert main(["classify", "cut.webm", "--every=0.5", "--csv", str(written), *MODEL]) == 0
    timeline = fer.analyze_video("cut.webm", "ferplus", 0.5)
    whole = tmp_path / "b.csv"
    whole.write_text(timeline_to_csv(timeline), encoding="utf-8-sig")
    assert table(written) == table(whole)
    assert len(table(whole)) == 12


def test_a_damaged_film_and_a_playlist_are_one_line_each_and_lose_no_row(folder: Path) -> None:
    names = ["list.mp4", "cut cut off.webm", "head.mp4", "cut.webm"]
    paths = [folder / name for name in names]
    done = run("classify", *paths, "--every=0.5", "--json", *MODEL)
    assert done.returncode == 1
    errors = done.stderr.splitlines()
    assert [line.partition(" c")[0] for line in errors] == [
        f"error: {paths[0]} is not a film in a supported format (MP4, MOV, WebM, MKV, AVI, MPEG, "
        "OGV, WMV, GIF or animated WebP or PNG).",
        f"error: {folder}/cut",
        f"error: {paths[2]}",
    ]
    frames = [json.loads(line) for line in done.stdout.splitlines()]
    counts = [sum(frame["file"] == str(path) for frame in frames) for path in paths]
    assert counts[0] == counts[2] == 0
    assert 4 < counts[1] < counts[3] == 12


@pytest.mark.parametrize("form", ["csv", "vtt"])
def test_what_ctrl_c_leaves_is_written(
    form: str, here: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Analyser(films.FrameAnalyser):
        def analyse(self, *args):
            if self._count == 3:
                raise KeyboardInterrupt
            return super().analyse(*args)

    monkeypatch.setattr(films, "FrameAnalyser", Analyser)
    path = tmp_path / f"a.{form}"
    assert main(["classify", "cut.webm", "--out", str(path), *MODEL]) == 130
    assert "Only 3 frames" in capsys.readouterr().err
    text = path.read_text(encoding="utf-8-sig")
    assert text.count("happy") == {"csv": 4, "vtt": 1}[form]


def test_an_animation_is_a_film_with_every(here: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["classify", "smile.gif", *MODEL]) == 0
    assert "--every" in capsys.readouterr().out
    assert main(["classify", "smile.gif", "--every=0.1", *MODEL]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["0:00.0", "0:00.8"]
    path = tmp_path / "a.txt"
    assert main(["classify", "smile.gif", "--every=0.1", "--out", str(path), *MODEL]) == 0
    assert "Face 1, ferplus\t0\t800\t800\thappy" in path.read_text(encoding="utf-8")


def test_models_are_named_where_there_are_several(here: Path, capsys: Capture) -> None:
    assert main(["classify", "smile.gif", "--every=0.5", "--model=all"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in fer.list_models())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["cut.webm", "photo.png"], "one call"),
        (["cut.webm", "--list", "files.txt"], "one call"),
        (["cut.webm", "--workers=2"], "--workers"),
        (["cut.webm", "--engine=ray"], "--engine"),
        (["cut.webm", "--batch-size=8"], "--batch-size"),
        (["cut.webm", "--min-confidence=0.5"], "--min-confidence"),
        (["cut.webm", "--whole-picture"], "--whole-picture"),
        (["cut.webm", "--schema=openface", "--csv=a.csv"], "--schema"),
        (["cut.webm", "--resume", "--csv=a.csv"], "--resume"),
        (["cut.webm", "--out=a.parquet"], "Parquet"),
        (["cut.webm", "--out=a.srt"], "must end in"),
        (["cut.webm", "head.mp4", "--out=a.vtt"], "one film"),
        (["cut.webm", "--model=all", "--out=a.vtt"], "one model"),
        (["https://example.org/a.mp4"], "address"),
        (["-", "--every=1"], "standard input"),
        (["photo.png", "--every=1"], "for films"),
        (["cut.webm", "--out=cut.webm"], "must end in"),
    ],
)
def test_what_does_not_go_with_films(
    words: list[str], reason: str, here: Path, capsys: Capture
) -> None:
    assert main(["classify", *words]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert reason in error
    assert error.count("\n") == 1
    assert not list(here.glob("a.*"))


def test_a_pattern_names_films(here: Path, capsys: Capture) -> None:
    assert main(["classify", "c*t.webm", "no*.mp4", "--every=2", *MODEL]) == 1
    out, error = capsys.readouterr()
    assert out.startswith("cut.webm\n")
    assert error == "error: no*.mp4: No file matches this pattern.\n"


def test_lines_name_a_moment_only_once() -> None:
    from film_answers import HAPPY, SAD, face, frame

    changes = film_text.Changes("film.mp4", with_models=False)
    lines = [
        changes.lines(frame(1, 0.0, face(1, ferplus=HAPPY))),
        changes.lines(frame(2, 0.2, face(1, ferplus=HAPPY))),
        changes.lines(frame(3, 0.4, face(1, "crossed", ferplus=HAPPY))),
        changes.lines(frame(4, 0.6, face(1, "crossed", ferplus=HAPPY))),
        changes.lines(frame(5, 61.25, face(1, ferplus=SAD), face(2, ferplus=SAD))),
    ]
    assert [text.count("\n") for text in lines] == [2, 0, 1, 0, 2]
    assert lines[4].splitlines()[0].startswith("   1:01.2  face 1  sad")
