"""The page Your test set: labels are confirmed, models asked, and the result is a test set."""

import csv
import io

import numpy as np
import pytest
from apptest import open_page, text_of
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import committed_set, user_set
from fer_core.evaluation.scores import compute_scores
from fer_core.imaging.sample_photo import sample_photo
from fer_core.own_sets.results_file import read_results, results_bytes
from fer_core.registry import MODELS
from pages.components import test_sets
from pages.sections.test_set import names, predictions
from pages.session import own_sets
from pages.session.current_draft import SESSION_KEY
from pages.session.own_sets import OwnResults, aligned
from pages.session.set_draft import SetDraft

PAGE = "pages/test_set.py"


def open_with(*files: tuple[str, bytes]) -> AppTest:
    app = open_page(PAGE)
    draft = SetDraft()
    draft.receive(files)
    app.session_state[SESSION_KEY] = draft
    return app.run()


def test_labels_are_confirmed_and_the_models_asked() -> None:
    app = open_with(
        ("set/grumpy/a.jpg", sample_photo("admiral.png")), ("set/joy/b.jpg", sample_photo())
    )
    assert not app.exception
    assert "1 photo with an emotion" in text_of(app)
    app = app.selectbox(key="set-label-grumpy-left out").set_value("angry").run()
    assert "2 photos with an emotion" in text_of(app)
    app.session_state["set-models"] = ["multiclass"]
    app = app.button(key="set-begin").click().run()
    assert not app.exception
    [evaluated] = app.session_state[own_sets.SESSION_KEY].sets.values()
    assert evaluated.predictions("multiclass").labels.tolist() == [0, 3]
    assert "2 faces, 1 model" in text_of(app)
    app = app.button(key=f"open-leaderboard-{evaluated.name}").click().run()
    assert not app.exception
    assert app.selectbox(key="set").value == evaluated.name


def test_a_scheme_gives_numbers_a_meaning() -> None:
    app = open_with(("set/1/a.jpg", sample_photo()))
    assert "1 photo with an emotion" not in text_of(app)
    app = app.selectbox(key="set-scheme").set_value("rafdb").run()
    assert "1 photo with an emotion" in text_of(app)
    assert app.selectbox(key="set-label-1-surprise").value == "surprise"


@pytest.mark.parametrize(
    "files",
    [
        [("a.jpg", sample_photo())],
        [("set/7/a.jpg", sample_photo())],
        [("set/happy/a.jpg", b"broken")],
        [("labels.csv", b"name;nothing\n")],
        [("set.zip", b"no archive")],
    ],
    ids=["no folder", "a number", "no face", "no labels", "no archive"],
)
def test_what_cannot_be_evaluated_is_said(files: list[tuple[str, bytes]]) -> None:
    app = open_with(*files)
    assert not app.exception
    begin = [button for button in app.button if button.key == "set-begin"]
    if begin and not begin[0].disabled:
        app = begin[0].click().run()
        assert not app.exception
        assert app.error
    else:
        assert app.warning or "Numbers" in str([box.label for box in app.selectbox])


def faces(n: int = 40) -> np.ndarray:
    return np.flatnonzero(split_predictions("multiclass", "PublicTest").labels >= 0)[:n]


def test_own_predictions_are_one_more_row_with_their_known_accuracy() -> None:
    public = committed_set("PublicTest")
    known = public.predictions("keras_cnn")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", *EMOTIONS[::-1]])  # columns count by name
    for image_id, row in zip(known.ids, known.probabilities.tolist(), strict=True):
        writer.writerow([image_id, *row[::-1]])
    app = open_page("pages/leaderboard.py", split="PublicTest")
    own = app.session_state[own_sets.SESSION_KEY] = OwnResults()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(predictions, "own_results", lambda: own)
        predictions._add(
            text.getvalue().encode(), "mine.csv", "PublicTest", "Keras CNN from scratch"
        )
    app = app.run()
    assert not app.exception
    table = app.dataframe[0].value.set_index("Model")["PublicTest accuracy, %"]
    assert table["Keras CNN from scratch (own)"] == table["Keras CNN from scratch"]
    app = open_page("pages/leaderboard.py", split="PublicTest", faces="no_copy")
    app.session_state[own_sets.SESSION_KEY] = own
    table = app.run().dataframe[0].value.set_index("Model")
    column = "PublicTest without copies accuracy, %"
    assert table[column]["Keras CNN from scratch (own)"] == table[column]["Keras CNN from scratch"]


@pytest.mark.parametrize("ending", [".npz", ".json", ".csv"])
def test_a_results_file_holds_the_same_numbers(ending: str) -> None:
    rows = faces()
    given = {name: split_predictions(name, "PublicTest").select(rows) for name in MODELS}
    before = user_set("mine", given, MODELS, title="Mine")
    after = read_results(results_bytes(before, ending), f"mine{ending}")
    for name in MODELS:
        expected, found = (compute_scores(s.predictions(name)) for s in (before, after))
        assert found.accuracy == expected.accuracy
        assert found.metrics["macro_f1"] == pytest.approx(expected.metrics["macro_f1"])


def test_names_fit_an_address_and_are_unique() -> None:
    assert names.address_name("My photos (2)", set()) == "my-photos-2"
    assert names.address_name("PrivateTest", {*test_sets.COMMITTED, "privatetest"}) == (
        "privatetest-2"
    )
    assert names.address_name("名前", set()) == "set"


def test_own_models_are_measured_by_the_labels_of_the_set() -> None:
    crowd = committed_set("PublicTest", by_crowd=True)
    given = split_predictions("ferplus", "PublicTest")
    assert (aligned(given, crowd).labels == crowd.labels).all()
    assert (
        compute_scores(aligned(given, crowd)).accuracy
        == compute_scores(crowd.predictions("ferplus")).accuracy
    )
