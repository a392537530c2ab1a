"""Large batches and second thoughts: what is read, removed and brought back."""

import csv
from dataclasses import replace

import pytest
from apptest import open_page, plain_picture, text_of, upload
from fake_explanations import explained

from fer_core.artifacts.speed import load_speed
from fer_core.imaging.sample_photo import sample_photo
from pages.components import downloads, photo_sources, selectors
from pages.runtime.settings import settings
from pages.sections.saliency import maps
from pages.session import photos


@pytest.mark.usefixtures("trained")
def test_one_photo_can_be_removed_and_brought_back() -> None:
    files = [
        ("a.png", sample_photo()),
        ("b.png", sample_photo() + b"b"),
        ("c.png", plain_picture()),
    ]
    app = upload(open_page("pages/classify.py"), *files)
    app.selectbox(key="photo").select_index(1).run()
    app.button(key="remove").click().run()
    assert not app.exception
    assert app.selectbox(key="photo").options == ["1. a.png", "2. c.png"]
    app.button(key="undo").click().run()
    assert app.selectbox(key="photo").options == ["1. a.png", "2. b.png", "3. c.png"]


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("page", ["pages/classify.py", "pages/compare.py", "pages/saliency.py"])
def test_photos_beyond_the_limit_keep_their_answers_without_a_picture(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(photos, "MAX_PICTURES", 1)
    if page == "pages/saliency.py":
        monkeypatch.setattr(maps, "explain", explained)
    files = [
        ("a.png", sample_photo()),
        ("b.png", sample_photo() + b"b"),
        ("c.png", plain_picture()),
    ]
    app = upload(open_page(page), *files)
    assert "3 photos are waiting" in text_of(app)
    assert not app.session_state["held"].album
    app.button(key="start").click().run()
    album = app.session_state["held"].album.values()
    assert [photo.has_picture for photo in album] == [True, False, False]
    for key in reversed(list(app.session_state["held"].album)[1:]):
        app.session_state["photo"] = key
        app.run()
        assert not app.exception
    assert photos.NO_PICTURE_NOTE in text_of(app)
    has_picker = page != "pages/compare.py"  # which photo would be removed there?
    assert any(button.key == "remove" for button in app.button) == has_picker


@pytest.mark.usefixtures("trained")
def test_what_is_not_chosen_of_a_batch_is_named_on_the_page_and_in_the_csv(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photos, "MAX_PICTURES", 2)
    files = [(f"{i}.png", sample_photo() + bytes([i])) for i in range(4)]
    app = upload(open_page("pages/classify.py"), *files)
    app.radio(key="batch-choice").set_value("evenly")
    app.button(key="start").click().run()
    album = app.session_state["held"].album.values()
    assert [photo.name for photo in album] == ["0.png", "2.png"]
    assert app.warning[0].value.startswith("2 files were not read")
    assert app.code[0].value == "1.png\n3.png"
    monkeypatch.setattr(downloads, "session_photos", lambda: app.session_state["held"])
    rows = list(csv.DictReader(downloads.as_csv(downloads.with_left_out(album), []).splitlines()))
    assert [(row["file"], row["note"][:9]) for row in rows[-2:]] == [
        ("1.png", "Not read:"),
        ("3.png", "Not read:"),
    ]


@pytest.mark.usefixtures("trained")
def test_stopped_work_can_be_continued() -> None:
    files = [("a.png", sample_photo()), ("b.png", sample_photo() + b"b")]
    app = upload(open_page("pages/classify.py"), *files)
    held = app.session_state["held"]
    first, second = held.album.values()
    [model_name] = first.answers
    second.answers.clear()
    held.paused = (model_name,)  # what "Stop here" does while the second one waits
    app.run()
    assert "1 answer is still missing" in text_of(app)
    assert not second.answers
    assert "Most likely happy" in text_of(app)
    app.button(key="continue").click().run()
    assert list(second.answers) == [model_name]
    assert "still missing" not in text_of(app)


def test_the_camera_stays_open_and_numbers_its_photos() -> None:
    app = open_page("pages/classify.py")
    app.segmented_control(key="source").select("Camera").run()
    for i in range(2):
        [camera] = app.camera_input
        camera.upload("camera-input-2026.jpg", sample_photo() + bytes([i]), "image/jpeg").run()
    assert not app.exception
    album = app.session_state["held"].album.values()
    assert [photo.name for photo in album] == ["Camera 1", "Camera 2"]
    assert app.camera_input[0].value is None


@pytest.mark.parametrize(
    ("url", "offered"),
    [
        (None, True),
        ("http://localhost:8501/classify", True),
        ("http://127.0.0.1:8501/", True),
        ("https://fer.example.org/classify", True),
        ("http://192.168.0.7:8501/classify", False),
        ("http://localhost.example.org/", False),
    ],
)
def test_where_browsers_offer_a_camera(url: str | None, offered: bool) -> None:
    assert photo_sources.offers_camera(url) is offered


@pytest.mark.usefixtures("trained")
def test_a_class_starts_with_the_fastest_model_and_one_photo_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_class = replace(settings(), class_mode="on")
    for module in (selectors, photo_sources):
        monkeypatch.setattr(module, "settings", lambda: in_class)
    app = open_page("pages/classify.py")
    times = load_speed().face_ms
    assert app.selectbox(key="model").value == min(times, key=lambda name: times[name])
    assert not app.file_uploader[0].accept_multiple_files
    assert "Folder" not in app.segmented_control(key="source").options
