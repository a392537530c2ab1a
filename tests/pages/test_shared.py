"""Shared parts of the pages: sentences, downloads, images, a session's photos."""

import csv
import io
import json
import re
import tomllib
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

import fer_core
from fer_core import pipeline
from fer_core.answers import Answer
from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.faces.align import Face
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, sample_photo
from fer_core.registry import MODELS
from fer_core.reports.answers import FULL_IMAGE_NOTE, NO_FACE_NOTE, photo_record
from pages.components import downloads
from pages.session.photo import Photo, read_photo
from pages.session.photos import SessionPhotos
from pages.text.escape import clean_name, escape
from pages.text.verdicts import verdict, yes_no_sentence

ROOT = Path(__file__).parents[2]
HAPPY = {name: 0.7 if name == "happy" else 0.05 for name in EMOTIONS}


def photo(name: str = "a.png", **changes: object) -> Photo:
    fields: dict[str, object] = {
        "width": 100,
        "height": 80,
        "faces": (Face((1, 2, 30, 40), 0.9),),
        "chips": np.zeros((1, 48, 48), np.uint8),
        "answers": {"multiclass": [Answer(HAPPY, 3.0)], "stacking": [Answer(HAPPY, 4.0)]},
    }
    return Photo(name, **(fields | changes))  # type: ignore[arg-type]


def test_verdict_names_the_second_emotion_and_a_guess() -> None:
    sure = verdict(HAPPY)
    assert (sure.emotion, sure.hint) == ("happy", "")
    assert sure.headline.startswith("Most likely happy, 70")
    unsure = verdict({"happy": 0.4, "neutral": 0.35, "sad": 0.25})
    assert "guess" in unsure.hint
    assert "neutral" in unsure.detail


@pytest.mark.parametrize(
    ("high", "sentence"),
    [
        ((), "None of the seven"),
        (("happy",), "One of the seven models says yes: happy"),
        (("happy", "sad"), "Two of the seven models say yes"),
        (EMOTIONS, "All of the seven models say yes"),
    ],
)
def test_yes_no(high: tuple[str, ...], sentence: str) -> None:
    scores = {name: 0.8 if name in high else 0.1 for name in EMOTIONS}
    answer, thresholds = Answer(HAPPY, 3.0, scores), dict.fromkeys(EMOTIONS, 0.5)
    assert set(answer.positive_emotions(thresholds)) == set(high)
    assert yes_no_sentence(answer, thresholds).startswith(sentence)


def test_yes_answers_use_each_emotion_s_threshold() -> None:
    answer = Answer(HAPPY, 3.0, {"angry": 0.6, "happy": 0.9, "sad": 0.4})
    assert answer.positive_emotions({}) == ["happy", "angry"]  # 0.5 where no threshold was chosen
    assert answer.positive_emotions({"happy": 0.95, "sad": 0.4}) == ["angry", "sad"]
    assert Answer(HAPPY, 3.0).positive_emotions({}) == []


def test_names_cannot_format_the_page() -> None:
    name = "[x](http://y) **b** $m$ :red[r] <b>\n`c`.png"
    escaped = escape(name)
    assert "\n" not in escaped
    for mark in "[]()*$:<>`.":
        assert escaped.count(mark) == escaped.count("\\" + mark)
    assert clean_name("\u202e\x00 ") == "unnamed"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝"])
def test_csv_holds_no_formula(start: str) -> None:
    text = downloads.as_csv([photo(start + "cmd|'/c calc'!A1.png")], ["multiclass"])
    [row] = csv.DictReader(io.StringIO(text))
    assert row["file"].startswith("'" + start)
    table = downloads.faces_table([photo(start + "cmd.png")], ["multiclass"])
    assert table["File"][0].startswith("'" + start)


def test_csv_has_one_row_per_face_and_model_and_one_per_failure() -> None:
    bad = Photo("bad.jpg", error="This is not a photo.")
    none = photo("none.png", faces=(), chips=np.empty((0, 48, 48), np.uint8), answers={})
    whole = photo("whole.png", uses_full_image=True, faces=(Face((0, 0, 100, 80)),))
    text = downloads.as_csv([photo(), bad, none, whole], ["multiclass", "stacking"])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["file"] for row in rows] == [
        "a.png", "a.png", "bad.jpg", "none.png", "whole.png", "whole.png",
    ]  # fmt: skip
    assert [row["variant"] for row in rows[:2]] == ["multiclass", "stacking"]
    assert rows[0]["emotion"] == "happy"
    assert float(rows[0]["happy"]) == pytest.approx(0.7)
    assert [rows[0][key] for key in "xywh"] == ["1", "2", "30", "40"]
    assert rows[2]["note"] == "This is not a photo."
    assert rows[3]["note"] == NO_FACE_NOTE
    assert rows[4]["note"] == FULL_IMAGE_NOTE


def test_json_names_app_and_models_and_has_the_command_line_s_records() -> None:
    content = json.loads(
        downloads.as_json([photo(), Photo("bad.jpg", error="No.")], ["individual", "stacking"])
    )
    assert content["app"]["version"] == fer_core.__version__
    individual, stacking = content["models"]
    assert set(individual["thresholds"]) == set(EMOTIONS)
    assert len(stacking["sha256"]) == 3  # of the fit and of two members
    [record, failed] = content["photos"]
    assert record == photo_record(photo().as_answers(["individual", "stacking"]))
    assert set(record["faces"][0]["results"]) == {"stacking"}
    assert (record["width"], record["height"]) == (100, 80)
    assert failed["error"] == "No."


def test_csv_downloads_start_with_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    files = []
    monkeypatch.setattr(
        downloads.st, "download_button", lambda label, data, *a, **k: files.append(data)
    )
    downloads.csv_button("Download", [{"name": "Zoë"}], "a")
    downloads.csv_button("Download", lambda: [{"name": "Zoë"}], "a")
    assert all(data().startswith("\ufeffname,".encode()) for data in files[::2])
    assert all(b"Zo\xc3\xab," in data() for data in files[::2])
    assert all(data().startswith(b"PK") for data in files[1::2])  # Excel workbooks


def test_tables_name_model_version_weights_and_time() -> None:
    [row] = downloads.with_provenance([{"split": "PublicTest", "model": "multiclass"}])
    assert list(row)[:3] == ["model", "title", "split"]
    assert row["title"] == MODELS["multiclass"].title
    assert row["weights_sha256"] == summaries.weights_checksum("multiclass")
    assert row["app_version"] == fer_core.__version__
    assert datetime.fromisoformat(str(row["created"])).tzinfo
    [pair] = downloads.with_provenance([{"first": "multiclass", "second": "resnet101"}])
    assert len(str(pair["weights_sha256"]).split()) == 2


def test_every_csv_download_is_made_the_same_way() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        calls = re.findall(r"downloads\.button\(.*?\)", path.read_text(encoding="utf-8"), re.DOTALL)
        assert not [call for call in calls if ".csv" in call], path


def test_photos_of_one_name_are_told_apart() -> None:
    session = SessionPhotos(inbox=[("a.jpg", data) for data in (b"1", b"2", b"1", b"3")])
    while session.inbox:
        session.read_next(lambda task: task())
    assert [photo.name for photo in session.album.values()] == ["a.jpg", "a.jpg (2)", "a.jpg (3)"]


def test_a_crowd_is_mentioned_in_every_form() -> None:
    crowd = photo(more_faces=True)
    [row] = csv.DictReader(io.StringIO(downloads.as_csv([crowd], ["multiclass"])))
    assert row["note"] == "only the 1 surest faces; there are more"
    [record] = json.loads(downloads.as_json([crowd], ["multiclass"]))["photos"]
    assert record["more_faces"] is True


def test_reading_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(data: bytes, **_: object) -> None:
        raise RuntimeError("a path that nobody should see")

    monkeypatch.setattr(pipeline, "detect_faces", explode)
    error = read_photo("x.png", b"x").error
    assert error is not None
    assert "nobody" not in error


def test_a_session_keeps_nothing_of_a_photos_exif() -> None:
    """Position, camera and comments are dropped; only pixels are kept."""
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "at home"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (48.0, 51.0, 29.0)})
    file = io.BytesIO()
    Image.open(io.BytesIO(sample_photo())).convert("RGB").save(file, "JPEG", exif=exif)
    assert b"at home" in file.getvalue()
    photo = read_photo("home.jpg", file.getvalue())
    assert len(photo.faces) == 1
    for jpeg in (photo.display_jpeg, photo.thumbnail):
        assert not Image.open(io.BytesIO(jpeg)).getexif()
        assert b"at home" not in jpeg
    kept = {value for value in vars(photo).values() if isinstance(value, bytes)}
    assert kept == {photo.display_jpeg, photo.thumbnail}


def test_the_sample_has_one_face() -> None:
    photo = read_photo(SAMPLE_PHOTO_NAME, sample_photo())
    assert photo.error is None
    assert len(photo.faces) == 1
    assert photo.chips.shape == (1, 48, 48)


def test_charts_follow_a_change_of_theme() -> None:
    """The style sheet repeats the text colours of both themes from the settings."""
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
    style = (ROOT / "pages/style/app.css").read_text()
    for scheme in ("light", "dark"):
        red, green, blue = bytes.fromhex(theme[scheme]["textColor"].lstrip("#"))
        assert style.count(f"rgb({red}, {green}, {blue})") == 2
