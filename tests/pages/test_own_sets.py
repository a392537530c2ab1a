"""A visitor's own labelled set on the pages with results: few faces, and not all emotions."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from apptest import text_of
from labelled_sets import NAME, labelled_set, open_with
from streamlit.testing.v1 import AppTest

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import set_notes
from fer_core.evaluation.groups import NO_GROUP, group_rows, largest_gap
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import format_points_interval, points
from pages.components import downloads
from pages.sections.confusion import cell_faces
from pages.session.own_sets import OwnResults

PAGES = ["leaderboard", "confusion", "per_class", "compare", "label_audit"]
NO_SCORES = ["compare", "label_audit"]


def few_faces() -> OwnResults:
    """Five faces with three emotions, answered by all our models."""
    own = OwnResults()
    own.add_set(labelled_set(["happy", "sad", "angry"], 5))
    return own


def one_emotion() -> OwnResults:
    """Thirty faces of one emotion, answered by one model."""
    own = OwnResults()
    own.add_set(labelled_set(["happy"], 30, ["multiclass"]))
    return own


def with_groups() -> OwnResults:
    """Sixty faces of all emotions in groups, with a model that the registry does not know."""
    third = np.arange(60) % 3
    groups = {
        "age": np.array(["young", "old", NO_GROUP])[third],
        "<b>room</b>": np.array(["a", "b", "c"])[third],
    }
    models = ["multiclass", "resnet101", "individual"]
    evaluation_set = labelled_set(EMOTIONS, 60, models, groups, notes=("*3* photos.",))
    own, given = OwnResults(), evaluation_set.predictions("resnet101")
    own.add_set(evaluation_set)
    backwards = Predictions(given.ids, given.labels, given.probabilities[:, ::-1].copy())
    own.add_model(NAME, own_model_spec("my net"), backwards, ("Its answers were logits.",))
    return own


SETS = {"few faces": few_faces, "one emotion": one_emotion, "groups": with_groups}


def shown(app: AppTest) -> str:
    """Everything on the page that is text, charts and their alternative texts included."""
    charts = app.get("plotly_chart")
    return "\n".join([text_of(app), *(chart.proto.alt + chart.proto.spec for chart in charts)])


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", SETS)
def test_every_results_page_shows_it(kind: str, page: str) -> None:
    app = open_with(SETS[kind](), f"pages/{page}.py")
    assert not app.exception
    assert not app.error
    text = shown(app)
    assert app.selectbox(key="set").value == NAME
    assert not re.search(r"\b(nan|inf)\b|on PrivateTest\"", text, re.IGNORECASE)
    assert not re.search(r"\b(1\.000|100\.0) to \1|\b(0\.000|0\.0) to \2\b", text)


@pytest.mark.parametrize("model", ["my_net", "individual"])
@pytest.mark.parametrize("page", ["confusion", "per_class"])
def test_every_kind_of_model_is_shown(model: str, page: str) -> None:
    app = open_with(with_groups(), f"pages/{page}.py", model=model)
    assert not app.exception
    assert app.selectbox(key="model").value == model
    assert "as labelled" in text_of(app)


def test_a_visitors_own_model_is_not_asked_elsewhere() -> None:
    app = open_with(with_groups(), "pages/confusion.py", model="my_net")
    for page in ("classify", "saliency", "model_card", "compare"):
        app = app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert app.session_state["model"] in MODELS or page == "compare"


def test_emotions_without_faces_have_a_dash() -> None:
    app = open_with(few_faces(), "pages/confusion.py", model="individual", label="fear")
    text = text_of(app)
    assert "No face of My faces is labelled fear." in text
    assert "No face is labelled fear, so only false alarms can be seen here." in text
    assert not re.search(r"fear \d", app.get("plotly_chart")[0].proto.alt)
    [rates] = open_with(one_emotion(), "pages/per_class.py").dataframe
    assert rates.value[["ROC area", "Specificity"]].isna().all(axis=None)


def test_groups_are_compared_on_the_leaderboard(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {}
    monkeypatch.setattr(
        downloads, "csv_button", lambda label, rows, name, key=None: files.update({name: rows})
    )
    own = with_groups()
    app = open_with(own, "pages/leaderboard.py")
    text = text_of(app)
    assert "How well is each group recognised?" in text
    evaluation_set = own.with_own_models(own.sets[NAME])
    gap = largest_gap(group_rows(evaluation_set, "age", "my_net"))
    assert gap is not None
    row = re.search(r"my net</a></th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>", text)
    assert row is not None
    assert row.groups() == (
        points(gap.difference),
        format_points_interval(gap.interval),
        f"{gap.high.group} and {gap.low.group}",
    )
    assert "per_class?model=my_net&amp;split=mine" in text
    lines = files["groups-My-faces"]()
    assert len(lines) == 4 * 3
    accuracy = evaluation_set.group_set("age", "old").predictions("my_net").correct.mean()
    [line] = [each for each in lines if (each["model"], each["group"]) == ("my_net", "old")]
    assert line["accuracy"] == accuracy
    assert line["accuracy_low"] < accuracy < line["accuracy_high"]
    rooms = text_of(app.selectbox(key="group").set_value("<b>room</b>").run())
    assert "the largest of 3 gaps between 3 groups" in rooms


def test_recall_by_group_is_on_the_page_per_class() -> None:
    own = with_groups()
    text = text_of(open_with(own, "pages/per_class.py", model="multiclass"))
    given = own.sets[NAME].predictions("multiclass")
    old = given.select(own.sets[NAME].groups["age"] == "old")
    angry = old.correct[old.labels == 0]
    line = text.partition('<th scope="row">old</th>')[2].partition("</td>")[0]
    assert line.endswith(f"<small>{angry.sum()} of {len(angry)}</small>")


def test_a_group_for_every_face_is_too_many() -> None:
    own = OwnResults()
    each = np.array([f"person {i}" for i in range(60)])
    own.add_set(labelled_set(EMOTIONS, 60, ["multiclass"], {"person": each}))
    assert "person has 60 groups" in text_of(open_with(own, "pages/leaderboard.py"))


@pytest.mark.parametrize("is_known", [True, False])
def test_the_faces_of_a_cell_are_shown_where_they_are_known(is_known: bool) -> None:
    own = OwnResults()
    chips = np.random.default_rng(0).integers(0, 255, (30, 48, 48), np.uint8)
    own.add_set(labelled_set(["happy"], 30), chips if is_known else None)
    app = open_with(own, "pages/confusion.py", model="multiclass", label="happy", answer="happy")
    assert not app.exception
    gallery = "".join(e.proto.body for e in app.get("html") if 'class="faces' in e.proto.body)
    surest = app.dataframe[0].value["Face"].tolist()
    assert len(surest) > cell_faces.PER_PAGE
    assert 'href="saliency' not in gallery
    names = re.findall(r'src="([^"]+)" alt="(\w+\.png), the models', gallery)
    assert [name for _, name in names] == (surest[: cell_faces.PER_PAGE] if is_known else [])
    for source, name in names:
        assert source == data_uri(chips[int(name.removeprefix("face").removesuffix(".png"))])
    assert is_known == bool(re.search(r"\d of 8 others", gallery))


def test_always_no_is_not_the_better_answer_where_most_faces_have_the_emotion() -> None:
    own = OwnResults()
    own.add_set(labelled_set(["happy", "happy", "happy", "sad"], 20, ["individual"]))
    per_class = text_of(open_with(own, "pages/per_class.py", emotion="happy"))
    assert "its accuracy ends at 25.0\u00a0%, exactly that of always “no”" in per_class
    assert "for accuracy, always “yes”" in per_class
    assert "75.0 points above that of always saying “no”" in text_of(
        open_with(own, "pages/confusion.py")
    )


def test_one_model_is_not_ranked() -> None:
    text = text_of(open_with(one_emotion(), "pages/leaderboard.py"))
    assert "Only **Multi-class CNN** was evaluated" in text
    assert "Within chance" not in text
    assert "of 1 models" not in text


@pytest.mark.parametrize("page", [page for page in PAGES if page not in NO_SCORES])
def test_what_to_know_of_the_set_is_below_its_selector(page: str) -> None:
    few = text_of(open_with(few_faces(), f"pages/{page}.py"))
    size = set_notes.size_note(few_faces().sets[NAME])
    assert size is not None
    assert size in few
    assert "No face is labelled disgust, fear, neutral or surprise" in few
    assert set_notes.PURPOSE_NOTE in few
    own = text_of(open_with(with_groups(), f"pages/{page}.py"))
    assert r"my net: Its answers were logits\." in own
    assert r"- \*3\* photos\." in own


def test_a_page_without_scores_says_nothing_of_the_size() -> None:
    few = text_of(open_with(few_faces(), "pages/label_audit.py"))
    assert "too few" not in few
    assert r"- \*3\* photos\." in text_of(open_with(with_groups(), "pages/label_audit.py"))


def test_fer2013s_faces_get_no_notes() -> None:
    text = text_of(open_with(with_groups(), "pages/confusion.py", split="PrivateTest"))
    assert set_notes.PURPOSE_NOTE not in text
    assert "photos\\." not in text


@pytest.mark.parametrize("page", PAGES)
def test_titles_from_a_strangers_file_are_only_text(page: str) -> None:
    evil = "![x](https://a.example/p.png) <b>x</b> **x** :material/home: $x$ www.a.example"
    own, evaluation_set = OwnResults(), labelled_set(["happy", "sad"], 20, ["multiclass"])
    own.add_set(replace(evaluation_set, title=evil, groups={evil: np.array(["a", evil] * 10)}))
    own.add_model(NAME, own_model_spec("net", evil), evaluation_set.predictions("multiclass"))
    app = open_with(own, f"pages/{page}.py", model="net", split=NAME)
    assert not app.exception
    kinds = (app.header, app.subheader, app.markdown, app.caption, app.info)
    text = "\n".join(element.value for kind in kinds for element in kind)
    assert not re.search(r"!\[|\]\(|(?<!\\):material/home|\$x|www\.a|<b>x", text)
    html = "".join(element.proto.body for element in app.get("html"))
    assert "<b>x" not in html
    assert app.selectbox(key="set").options[-1].startswith("Yours: x (https //a.example/p.png)")


@pytest.fixture
def own_before() -> OwnResults:
    """Made before a later fixture takes the committed results away."""
    return few_faces()


@pytest.mark.parametrize("page", PAGES)
def test_it_needs_no_committed_results(
    page: str, own_before: OwnResults, copied_results: Path
) -> None:
    for file in copied_results.glob("*.npz"):
        file.unlink()
    app = open_with(own_before, f"pages/{page}.py", model="multiclass")
    assert not app.exception
    assert "5 faces" in text_of(app)
    assert page != "leaderboard" or len(app.dataframe[0].value) == len(MODELS) + 1
