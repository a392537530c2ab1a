"""The page Your test set: labels are confirmed, models asked, and the result is a test set."""

import csv
import io

import numpy as np
import pytest
from apptest import open_page, text_of
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import npz_bytes, split_predictions
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
    assert "1 photo is labelled with an emotion" in text_of(app)
    app = app.selectbox(key="set-label-grumpy-left out").set_value("angry").run()
    assert "2 photos are labelled with an emotion" in text_of(app)
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
    assert "1 photo is labelled with an emotion" not in text_of(app)
    app = app.selectbox(key="set-scheme").set_value("rafdb").run()
    assert "1 photo is labelled with an emotion" in text_of(app)
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


def test_names_say_nothing_and_no_set_replaces_another(monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnResults()
    monkeypatch.setattr(names, "own_results", lambda: own)
    given = {"multiclass": split_predictions("multiclass", "PublicTest").select(faces())}
    for _ in range(own_sets.MAX_SETS + 1):
        names.add(user_set("x", given, MODELS, title="Anna's photos"))
    assert len(own.sets) == len({each.title for each in own.sets.values()}) == own_sets.MAX_SETS
    assert all(name.startswith(test_sets.OWN_PREFIX) for name in own.sets)


def test_own_models_of_one_name_are_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnResults()
    monkeypatch.setattr(predictions, "own_results", lambda: own)
    known = committed_set("PublicTest").predictions("keras_cnn")
    content = npz_bytes({"ids": known.ids, "probabilities": known.probabilities})
    for title in ("模型一", "模型二", "a" * 60, "a" * 60):
        predictions._add(content, "mine.npz", "PublicTest", title)
    assert len(own.models["PublicTest"]) == 4
    app = open_page(PAGE)
    app.session_state[own_sets.SESSION_KEY] = own
    app = app.run()
    assert not app.exception
    assert text_of(app).count("Your model **") == 4


def test_a_photo_of_the_same_path_is_not_lost_silently() -> None:
    draft = SetDraft()
    draft.receive([("happy/1.jpg", sample_photo())])
    draft.receive([("happy/1.jpg", sample_photo()), ("happy\\1.jpg", sample_photo("admiral.png"))])
    assert len(draft.inbox) == 1
    assert len(draft.problems) == 1
    assert "1 photo left out, because another photo has the same path" in draft.problems[0]


def test_only_the_chosen_split_of_a_table_counts() -> None:
    table = b"file,label,split\na.jpg,happy,train\nb.jpg,sad,test\n"
    app = open_with(
        ("a.jpg", sample_photo()), ("b.jpg", sample_photo("admiral.png")), ("t.csv", table)
    )
    assert "2 photos are labelled" in text_of(app)
    app = app.selectbox(key="set-split").set_value("test").run()
    assert "1 photo is labelled with an emotion**: sad 1" in text_of(app)


def test_own_models_are_measured_by_the_labels_of_the_set() -> None:
    crowd = committed_set("PublicTest", by_crowd=True)
    given = split_predictions("ferplus", "PublicTest")
    assert (aligned(given, crowd).labels == crowd.labels).all()
    assert (
        compute_scores(aligned(given, crowd)).accuracy
        == compute_scores(crowd.predictions("ferplus")).accuracy
    )
