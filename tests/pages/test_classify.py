"""The Classify page."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from apptest import open_page, plain_picture, text_of, upload
from compare_photos import ALL_HAPPY, photo
from images import encode
from PIL import Image
from streamlit.elements.widgets import file_uploader
from streamlit.runtime.uploaded_file_manager import DeletedFile

from fer_core import pipeline
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from pages.session import photos
from pages.session.photo import Photo


def test_sample_photo_is_answered() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    assert not app.exception
    ready = default_model_name() is not None
    assert ("Most likely" if ready else "not trained yet") in text_of(app)


@pytest.mark.usefixtures("untrained")
def test_an_untrained_model_is_reported() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    assert not app.exception
    assert "not trained yet" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_a_broken_file_does_not_affect_the_others() -> None:
    app = open_page("pages/classify.py")
    app = upload(app, ("good.png", sample_photo()), ("bad.jpg", b"not a photo"), ("empty.png", b""))
    assert not app.exception
    [warning] = app.warning
    assert "bad\\.jpg" in warning.value
    assert "empty\\.png" in warning.value
    assert "good" not in warning.value
    assert "Most likely happy, 70" in text_of(app)
    assert list(app.dataframe[0].value["File"]) == ["good.png"]


@pytest.mark.usefixtures("trained")
def test_a_broken_file_alone_leads_back_to_the_start() -> None:
    app = upload(open_page("pages/classify.py"), ("bad.jpg", b"not a photo"))
    assert not app.exception
    assert app.warning
    assert app.button(key="sample")


@pytest.mark.usefixtures("trained")
def test_files_sent_twice_by_a_slow_browser_do_not_lose_the_new_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit lists files that were already moved into the inbox as `DeletedFile`."""
    original = file_uploader._get_upload_files
    monkeypatch.setattr(
        file_uploader, "_get_upload_files", lambda value: [DeletedFile("moved"), *original(value)]
    )
    app = upload(open_page("pages/classify.py"), ("new.png", sample_photo()))
    assert not app.exception
    assert "Most likely" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_no_face_offers_the_whole_photo() -> None:
    app = upload(open_page("pages/classify.py"), ("wall.png", plain_picture()))
    assert "No face found" in text_of(app)
    app = app.button(key="whole").click().run()
    assert not app.exception
    assert "whole photo is used as the face" in text_of(app)
    assert "Most likely happy" in text_of(app)
    app = app.button(key="not-whole").click().run()  # and it can be taken back
    assert "No face found" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_a_narrow_photo_and_an_animation_are_shown() -> None:
    """Drawn at the usual height, the narrow one would be less than a pixel wide."""
    narrow, black = Image.new("RGB", (1, 1241)), Image.new("RGB", (60, 40))
    animation = encode(
        black, "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40), "white")]
    )
    photos = [("narrow.png", encode(narrow, "PNG")), ("black.gif", animation)]
    app = upload(open_page("pages/classify.py"), *photos)
    assert not app.exception
    assert "No face found" in text_of(app)
    assert "smaller than about" not in text_of(app)
    assert app.info[0].value == "**black\\.gif**: first of 2 pictures."
    app.button(key="whole").click().run()
    assert not app.exception
    app.selectbox(key="photo").select_index(1).run()
    assert "faces smaller than about 20 px are missed" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_photos_survive_a_change_of_page_and_model() -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    app.selectbox(key="model").select("individual").run()
    assert "Two of the seven models say yes" in text_of(app)
    app.switch_page("pages/home.py").run()
    app.switch_page("pages/classify.py").run()
    assert app.selectbox(key="model").value == "individual"
    assert "Most likely happy" in text_of(app)


def test_another_model_does_not_detect_faces_again(
    monkeypatch: pytest.MonkeyPatch, trained: None
) -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    monkeypatch.setattr(pipeline, "detect_faces", lambda *_, **__: pytest.fail("detected again"))
    app.selectbox(key="model").select("stacking").run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_the_camera_is_off_until_asked_for() -> None:
    app = open_page("pages/classify.py")
    assert not app.camera_input
    app.segmented_control(key="source").select("Camera").run()
    app.camera_input[0].upload("camera.jpg", sample_photo(), "image/jpeg").run()
    assert not app.exception
    assert "Most likely happy" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_a_folder_of_photos_is_read() -> None:
    app = open_page("pages/classify.py")
    app.segmented_control(key="source").select("Folder").run()
    names = ("trip/a.png", "trip/b.jfif", "trip/._a.png", "trip/.thumbnails/a.png")
    app = upload(app, *((name, sample_photo()) for name in names))
    assert not app.exception
    assert list(app.dataframe[0].value["File"]) == ["trip/a.png", "trip/b.jfif"]


@pytest.mark.usefixtures("trained")
def test_photos_of_one_name_and_a_crowd_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    detect_faces = pipeline.detect_faces
    monkeypatch.setattr(
        pipeline,
        "detect_faces",
        lambda data, **_: replace(detect_faces(data), more_faces=data.endswith(b"crowd")),
    )
    photos = [("a.png", sample_photo()), ("a.png", sample_photo() + b"crowd")]
    app = upload(open_page("pages/classify.py"), *photos)
    assert not app.exception
    assert app.selectbox(key="photo").options == ["1. a.png", "2. a.png (2)"]
    assert list(app.dataframe[0].value["File"]) == ["a.png", "a.png (2)"]
    [info] = app.info
    assert info.value == "**a\\.png \\(2\\)**: only the 1 surest faces; there are more."


@pytest.mark.usefixtures("trained")
def test_clear_forgets_everything_unless_it_is_undone_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = open_page("pages/classify.py").button(key="sample").click().run()
    before = app.session_state["held"]
    app.button(key="clear").click().run()
    assert not app.exception
    assert not app.session_state["held"].album
    assert not before.album  # whoever still refers to it
    assert app.button(key="sample")
    app.button(key="undo").click().run()
    assert "Most likely happy" in text_of(app)
    app.button(key="clear").click().run()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + photos.UNDO_SECONDS)
    photos.forget_removed()  # as the server does every few seconds
    assert app.session_state["held"].memory_bytes == 0
    app.run()
    assert "undone" not in text_of(app)


def test_a_photo_being_read_does_not_come_back_after_clear() -> None:
    """A click starts the next run of the page while the last one is still reading."""
    photos.clear()
    photos.receive([("a.png", sample_photo())])

    def cleared_meanwhile(reading: Callable[[], Photo]) -> Photo:
        photos.clear()
        return reading()

    assert photos.session_photos().read_next(cleared_meanwhile)
    assert not photos.album()
    assert photos.session_photos().memory_bytes == 0


def test_two_runs_that_read_the_same_file_lose_no_other_file() -> None:
    session = photos.SessionPhotos(inbox=[(name, sample_photo()) for name in ("a.png", "b.png")])

    def read_by_the_next_run(reading: Callable[[], Photo]) -> Photo:
        session.read_next(lambda reading: reading())
        return reading()

    session.read_next(read_by_the_next_run)
    assert [name for name, _ in session.inbox] == ["b.png"]


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("chosen_since", [False, True])
def test_a_photo_whose_run_was_ended_becomes_the_current_one(chosen_since: bool) -> None:
    """A click may end the run that waits for a photo; the photo is read nevertheless."""
    app = upload(open_page("pages/classify.py"), ("a.png", sample_photo()))
    session = app.session_state["held"]
    session.receive([("b.png", plain_picture())])

    def ended_by_a_click(reading: Callable[[], Photo]) -> Photo:
        reading()
        raise InterruptedError

    with pytest.raises(InterruptedError):
        session.read_next(ended_by_a_click)
    if chosen_since:
        session.take_first()
    app.run()
    chosen = "1. a.png" if chosen_since else "2. b.png"
    assert app.selectbox(key="photo").format_func(app.selectbox(key="photo").value) == chosen


def test_files_without_room_are_counted_until_the_visitor_clears(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(photos, "MAX_PHOTOS", 1)
    app = open_page("pages/classify.py")
    app = upload(
        app,
        *[(f"{i}.png", plain_picture(colour)) for i, colour in enumerate(("red", "green", "blue"))],
    )
    for _ in range(2):  # it stays after the next click
        [warning] = app.warning
        assert warning.value.startswith("2 files were not read: the limit per session is 1.")
        assert app.code[0].value == "1.png\n2.png"
        app = app.run()
    app = app.button(key="clear").click().run()
    assert not app.warning


@pytest.mark.usefixtures("trained")
def test_a_stopped_batch_waits_and_can_be_continued() -> None:
    app = upload(open_page("pages/classify.py"), ("a.png", sample_photo()))
    session = app.session_state["held"]
    session.inbox.append(("b.png", sample_photo() + b"b"))
    session.is_paused = True
    app.run()
    assert "1 photo is not read yet" in text_of(app)
    app.button(key="read-rest").click().run()
    assert len(session.album) == 2
    session.inbox.append(("c.png", b"c"))
    session.is_paused = True
    app.run().button(key="discard-rest").click().run()
    assert not session.inbox
    assert session.left_out.named()[0][0] == "c.png"


@pytest.mark.usefixtures("trained")
def test_a_group_has_a_current_face_whatever_the_page_before_left() -> None:
    app = open_page("pages/classify.py")
    app.session_state["held"] = photos.SessionPhotos({"group": photo([ALL_HAPPY] * 3)})
    for page in ("pages/classify.py", "pages/saliency.py"):
        app.session_state["face-group"] = None
        app.switch_page(page).run()
        assert not app.exception
        assert app.session_state["face-group"] == 0
