"""The page Annotate."""

import re
from pathlib import Path

import pytest
from apptest import open_page, text_of
from compare_photos import ALL_HAPPY, HALVES, ONE_SAD, N, photo
from fake_dataset import faces as fake_faces
from streamlit.testing.v1 import AppTest

from fer_core.emotions import EMOTIONS
from fer_core.reports import export
from pages.session.photos import SessionPhotos

PAGE = "pages/annotate.py"


def open_with(*answers: list[str], **query: str) -> AppTest:
    """The page with one photo of these faces, before the start."""
    app = open_page(PAGE, **query)
    app.session_state["held"] = SessionPhotos({"key": photo(answers)})
    return app.run()


def start(app: AppTest, name: str = "") -> AppTest:
    if name:
        app = app.text_input(key="new-annotator").set_value(name).run()
    return app.button(key="start").click().run()


def answer(app: AppTest, *answers: str) -> AppTest:
    for each in answers:
        app = app.button(key=f"answer-{each}").click().run()
        assert not app.exception
    return app


@pytest.fixture
def fer2013(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER2013_DIR", str(fake_faces(tmp_path / "fer2013")))


@pytest.mark.usefixtures("trained")
def test_answers_stay_hidden_until_the_end() -> None:
    app = start(open_with(ALL_HAPPY, ALL_HAPPY), "Bo")
    text = text_of(app)
    assert "happy" not in text.lower()
    assert app.get("progress")[0].proto.text == "Face 1 of 2, labelled by Bo"
    app = answer(app, "happy")
    assert app.get("progress")[0].proto.text == "Face 2 of 2, labelled by Bo"
    text = text_of(answer(app, "sad"))
    assert "Bo says what most models say for 1 of 2 faces" in text
    assert "Only 2 faces" in text


@pytest.mark.usefixtures("trained")
def test_every_button_shows_its_key() -> None:
    app = start(open_with(ALL_HAPPY))
    keys = {b.label: b.proto.shortcut for b in app.button if (b.key or "").startswith("answer-")}
    assert keys == {name: str(i) for i, name in enumerate(EMOTIONS, 1)} | {"unclear": "0"}
    assert app.button(key="back").proto.shortcut == "left"
    [picture] = [e.proto.body for e in app.get("html") if '"to-label"' in e.proto.body]
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", picture)
    assert captions == ["as the models see it", "in the photo"]


@pytest.mark.usefixtures("trained")
def test_back_shows_the_earlier_answer_and_replaces_it() -> None:
    app = answer(start(open_with(ALL_HAPPY, ALL_HAPPY, ALL_HAPPY)), "happy", "fear")
    app = app.button(key="back").click().run()
    assert app.button(key="answer-fear").proto.type == "primary"
    app = app.button(key="back").click().run()
    app = app.button(key="forth").click().run()  # keeps the first answer
    app = answer(app, "sad", "unclear")
    labels = app.session_state["held"].album["key"].labels["Annotator 1"]
    told = sorted(str(label.emotion) for label in labels.values())
    assert told == ["None", "happy", "sad"]
    assert "one of them unclear, not counted below" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_stopping_keeps_everything_and_so_does_another_page() -> None:
    app = answer(start(open_with(ALL_HAPPY, ONE_SAD, HALVES)), "happy")
    app = app.button(key="stop").click().run()
    assert "One face labelled" in text_of(app)
    app = app.switch_page("pages/home.py").run().switch_page(PAGE).run()
    assert "One face labelled" in text_of(app)
    app = app.button(key="go-on").click().run()
    assert app.get("progress")[0].proto.text.startswith("Face 2 of 3")


@pytest.mark.usefixtures("trained")
def test_several_annotators_label_the_same_order_and_are_compared() -> None:
    app = answer(start(open_with(ALL_HAPPY, ALL_HAPPY, HALVES), "Bo"), "happy", "sad", "fear")
    app = app.text_input(key="new-annotator").set_value("<b>Zoë").run()  # under Next annotator
    assert app.get("progress")[0].proto.text.startswith("Face 1 of 3")
    text = text_of(app)
    assert "fear" not in text
    text = text_of(answer(app, "happy", "sad", "happy")).replace("\\", "")
    assert "<b>Zoë says what most models say" in text
    assert "Annotators: Bo and <b>Zoë." in text
    assert "Krippendorff's alpha" in text
    assert "Fleiss" in text
    assert "Annotator Bo" in text
    assert "&lt;b&gt;Zoë: sad" in text


@pytest.mark.usefixtures("trained")
def test_no_more_annotators_than_the_limit() -> None:
    app = open_with(ALL_HAPPY)
    for number in range(13):
        app = app.text_input(key="new-annotator").set_value(f"name {number}").run()
    [names] = [group for group in app.get("button_group") if group.key == "annotator"]
    assert len(names.options) == 12
    assert "limit" in app.toast[0].value


@pytest.mark.usefixtures("trained")
def test_cleared_photos_take_their_labels_along_and_undo_brings_them_back() -> None:
    app = answer(start(open_with(ALL_HAPPY, ALL_HAPPY), "Bo"), "happy")
    app = app.button(key="leave").click().run()
    app = app.button(key="clear").click().run()
    assert not app.session_state["held"].album
    app = app.button(key="undo").click().run()
    [back] = app.session_state["held"].album.values()
    assert [label.emotion for label in back.labels["Bo"].values()] == ["happy"]


@pytest.mark.usefixtures("trained")
def test_a_file_brings_labels_back_and_another_file_gets_a_sentence() -> None:
    rows = [
        {"file": "a.png", "face": face, "annotator": "Bo", "emotion": "sad", "seconds": 2}
        for face in (1, 2, 3)
    ]
    app = open_with(ALL_HAPPY, ALL_HAPPY)
    content = export.to_csv(rows).encode(export.CSV_ENCODING)
    app.file_uploader(key="labels-0").set_value(("labels.csv", content, "text/csv"))
    app = app.run()
    assert "2 labels were taken in. 1 were left out" in text_of(app)
    assert app.button(key="start").label == "See the result"
    assert app.text_input(key="new-annotator").label == "Another name"
    assert len(app.session_state["held"].album["key"].labels["Bo"]) == 2
    app.file_uploader(key="labels-1").set_value(("x.csv", b"a,b\n1,2\n", "text/csv"))
    assert "no column called file" in text_of(app.run())


@pytest.mark.usefixtures("fer2013")
def test_faces_of_fer2013_are_compared_with_the_committed_predictions_and_labels() -> None:
    app = open_page(PAGE, source="fer2013", n="20", pick="balanced", seed="7")
    app = answer(start(app), *["happy"] * 20)
    labels = app.session_state["annotations"].fer2013
    assert len(labels) == 20
    text = text_of(app)
    assert (
        "20 faces labelled, drawn from PrivateTest, equally many per emotion, with seed 7" in text
    )
    assert "FER2013&#39;s label" in text
    assert "Only" not in text


@pytest.mark.usefixtures("trained")
def test_nothing_to_label_nothing_to_start() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "start" not in {button.key for button in app.button}


@pytest.mark.usefixtures("trained")
def test_agreement_with_every_model_is_in_the_table() -> None:
    app = answer(start(open_with(ALL_HAPPY, ONE_SAD)), "happy", "happy")
    table = next(e.proto.body for e in app.get("html") if "Same answer" in e.proto.body)
    assert table.count("<tr>") == 1 + N
    assert "100\u00a0% <small>(34–100)</small>" in table
    assert "50\u00a0% <small>(9–91)</small>" in table  # the model that says sad once
