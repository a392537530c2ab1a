"""Confusion matrices: the page's numbers against scikit-learn on the committed files."""

import json
import re
from html import unescape
from pathlib import Path

import cv2
import numpy as np
import pytest
from apptest import open_page, text_of
from committed_file import committed
from sklearn import metrics
from streamlit.testing.v1 import AppTest

from fer_core.artifacts import summaries
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import near_copies
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import signed
from pages.sections.confusion import threshold_cards

PAGE = "pages/confusion.py"
NAMES = {"row": "By row", "column": "By column", "count": "Counts"}
pytestmark = pytest.mark.skipif(
    len(evaluated_models()) < 2, reason="fewer than two models evaluated"
)


@pytest.fixture
def no_faces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """FER2013 is looked for in a folder without any image."""
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    return tmp_path


def answered(model: ModelSpec, split: str = "PrivateTest") -> dict[str, np.ndarray]:
    """A model's file on one split, with its `answers`."""
    file = committed(model, split)
    return file | {"answers": file["probabilities"].astype(float).argmax(axis=1)}


def charts(app: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec)["layout"] for chart in app.get("plotly_chart")]


def printed(layout: dict) -> tuple[list[list[str]], list[str], list[str]]:
    """The cells' texts, the totals right of the rows and those below the columns."""
    notes = layout["annotations"]
    cells = {(n["y"], n["x"]): n["text"] for n in notes if not n.keys() & {"xref", "yref"}}
    texts = [[unescape(re.sub("</?b>", "", cells[i, j])) for j in range(7)] for i in range(7)]
    right = [n["text"] for n in notes if n.get("xref") == "paper" and "yref" not in n]
    below = [n["text"] for n in notes if n.get("yref") == "paper" and "xref" not in n]
    return texts, right, below


def in_hundred(share: float) -> str:
    return "<1" if 0 < share < 0.005 else f"{100 * share:.0f}"


@pytest.mark.parametrize(
    ("name", "split"), [("individual", "PrivateTest"), ("keras_cnn", "PublicTest")]
)
def test_matrix_equals_scikit_learn(name: str, split: str) -> None:
    """The library's own tests do it for every model."""
    model = MODELS[name]
    file = answered(model, split)
    both = file["labels"], file["answers"]
    counts = metrics.confusion_matrix(*both, labels=range(7))
    for scale, normalize in (("row", "true"), ("column", "pred"), ("count", None)):
        app = open_page(PAGE, model=model.title, split=split, numbers=NAMES[scale])
        assert not app.exception
        assert app.selectbox(key="model").value == model.name
        (layout,) = charts(app)
        texts, right, below = printed(layout)
        shares = metrics.confusion_matrix(*both, labels=range(7), normalize=normalize)
        say = str if scale == "count" else in_hundred
        assert texts == [[say(value) for value in line] for line in shares]
        assert right == [str(n) for n in counts.sum(axis=1)]
        assert below == [str(n) for n in counts.sum(axis=0)]
    text = text_of(app)
    assert f"{metrics.accuracy_score(*both):.1%}".replace("%", "\u00a0%") in text
    assert "95 % interval" in text
    baseline = np.bincount(file["labels"]).max() / len(file["labels"])
    assert f"no-skill baseline {baseline:.1%}".replace("%", "\u00a0%") in text


def test_largest_confusions_in_words() -> None:
    model = MODELS["multiclass"]
    file = answered(model)
    counts = metrics.confusion_matrix(file["labels"], file["answers"], labels=range(7))
    shares = counts / counts.sum(axis=1, keepdims=True)
    text = text_of(open_page(PAGE, model=model.title))
    best = EMOTIONS[shares.diagonal().argmax()]
    i = EMOTIONS.index(best)
    assert (
        f"**{100 * shares[i, i]:.0f}\u00a0%** of **{best}** faces are found "
        f"({counts[i, i]} of {counts[i].sum()}; 95 % interval " in text
    )
    np.fill_diagonal(shares, 0)
    i, j = np.unravel_index(shares.argmax(), shares.shape)
    assert (
        f"**{100 * shares[i, j]:.0f}\u00a0%** of **{EMOTIONS[i]}** faces are called {EMOTIONS[j]} "
        f"({counts[i, j]} of {counts[i].sum()}; 95 % interval " in text
    )


def cell_of(model: ModelSpec, label: str, answer: str) -> list[str]:
    """Ids of a cell, surest first, found without the library."""
    file, column = answered(model), EMOTIONS.index(answer)
    found = (file["labels"] == EMOTIONS.index(label)) & (file["answers"] == column)
    sure = file["probabilities"].astype(float)[:, column]
    return [str(file["ids"][i]) for i in sorted(np.flatnonzero(found), key=lambda i: -sure[i])]


@pytest.mark.usefixtures("no_faces")
def test_the_faces_of_a_cell_chosen_by_keyboard() -> None:
    model = MODELS["multiclass"]
    app = open_page(PAGE, model=model.title)
    for label, answer in (("sad", "neutral"), ("surprise", "fear"), ("happy", "happy")):
        app.selectbox(key="label").set_value(label)
        app.selectbox(key="answer").set_value(answer).run()
        assert not app.exception
        expected = cell_of(model, label, answer)
        shown = app.dataframe[0].value
        assert sorted(shown["Face"]) == sorted(expected)
        assert list(shown["Probability"]) == sorted(shown["Probability"], reverse=True)
        assert list(shown[model.title]) == [answer] * len(expected)
        assert f"calls **{len(expected)}** of the" in text_of(app)
        (layout,) = charts(app)
        frame = layout["shapes"][0]
        row, column = EMOTIONS.index(label), EMOTIONS.index(answer)
        assert (frame["x0"], frame["y0"]) == (column - 0.5, row - 0.5)
    other = MODELS["resnet101"]
    file = answered(other)
    said = dict(zip(file["ids"], file["answers"], strict=True))
    assert list(shown[other.title]) == [EMOTIONS[said[image]] for image in shown["Face"]]
    assert "data/fer2013" in text_of(app)  # how to get the faces


def test_the_faces_are_shown_where_they_are(no_faces: Path) -> None:
    model = MODELS["multiclass"]
    expected = cell_of(model, "fear", "sad")
    folder = no_faces / "test" / "fear"
    folder.mkdir(parents=True)
    for image in expected:
        cv2.imwrite(str(folder / f"{image}.jpg"), np.full((48, 48), 90, np.uint8))
    app = open_page(PAGE, model=model.title)
    text = text_of(app)
    assert re.findall('alt="FER2013 ([^,]+), labelled fear"', text) == expected[:12]
    assert text.count('class="said"') == 12
    others = len(evaluated_models()) - 1
    counted = re.findall(rf"<span>(\d) of {others} others</span>", text)
    deviant = text.count("<li style=") - len(counted)
    assert sum(map(int, counted)) + deviant == 12 * others
    app.pagination[0].set_value(2).run()
    assert re.findall('alt="FER2013 ([^,]+),', text_of(app)) == expected[12:24]


def test_an_empty_cell_says_so() -> None:
    file = answered(MODELS["resnet101"])
    counts = metrics.confusion_matrix(file["labels"], file["answers"], labels=range(7))
    empty = np.argwhere(counts == 0)
    if not len(empty):
        pytest.skip("no empty cell any more")
    label, answer = (EMOTIONS[k] for k in empty[0])
    title = MODELS["resnet101"].title
    app = open_page(PAGE, model=title, label=label, answer=answer)
    assert not app.exception
    assert f"**{title}** calls none of" in text_of(app)


def test_difference_of_two_models() -> None:
    first, second = MODELS["stacking"], MODELS["keras_cnn"]
    address = {"model": first.title, "second": second.title, "view": "Difference"}
    app = open_page(PAGE, **address, numbers="Counts")
    assert not app.exception
    files = [answered(model) for model in (first, second)]
    a, b = (metrics.confusion_matrix(f["labels"], f["answers"], labels=range(7)) for f in files)
    (layout,) = charts(app)
    texts, right, below = printed(layout)
    want = [[f"{n:+d}".replace("-", "−") if n else "0" for n in line] for line in a - b]
    assert texts == want
    assert right == [str(n) for n in a.sum(axis=1)]
    assert below == [signed(n) for n in (a - b).sum(axis=0)]
    only = [
        int(((x == y) & (x != z)).sum())
        for x, y, z in [
            (files[0]["labels"], files[0]["answers"], files[1]["answers"]),
            (files[0]["labels"], files[1]["answers"], files[0]["answers"]),
        ]
    ]
    points = 100 * (only[0] - only[1]) / len(files[0]["labels"])
    text = text_of(app)
    assert f"{points:+.1f}".replace("-", "−") + " points" in text
    assert f"{first.title} {only[0]:,}, {second.title} {only[1]:,}" in text


@pytest.mark.usefixtures("no_faces")
def test_two_models_side_by_side_and_whose_faces() -> None:
    first, second = MODELS["multiclass"], MODELS["resnet101"]
    app = open_page(PAGE, model=first.title, second=second.title, label="sad", answer="happy")
    assert not app.exception
    assert len(charts(app)) == 2
    assert f"**{first.title}** calls" in text_of(app)
    app.segmented_control(key="of").set_value("second").run()
    assert f"**{second.title}** calls" in text_of(app)
    assert sorted(app.dataframe[0].value["Face"]) == sorted(cell_of(second, "sad", "happy"))
    # The second model becomes the first: one is left.
    app.selectbox(key="model").set_value(second.name).run()
    assert not app.exception
    assert len(charts(app)) == 1


def yes_no_tables(app: AppTest) -> list[list[int]]:
    """tp, fn, fp, tn of each of the seven cards."""
    bodies = [e.proto.body for e in app.get("html") if 'class="two"' in e.proto.body]
    return [[int(n.replace(",", "")) for n in re.findall("<b>([0-9,]+)</b>", b)] for b in bodies]


@pytest.mark.parametrize("split", ["PrivateTest", "PublicTest"])
def test_seven_yes_no_matrices(split: str) -> None:
    model = MODELS["individual"]
    results = summaries.load_summary(model)
    assert results
    app = open_page(PAGE, model=model.title, split=split)
    assert not app.exception
    file = answered(model, split)
    tables = yes_no_tables(app)
    assert len(tables) == 7
    text = text_of(app)
    for i, name in enumerate(EMOTIONS):
        truth = file["labels"] == i
        yes = file["scores"][:, i].astype(float) >= results["thresholds"][name]
        (tn, fp), (fn, tp) = metrics.confusion_matrix(truth, yes)
        assert tables[i] == [tp, fn, fp, tn]
        for rate in (
            metrics.recall_score(truth, yes),
            metrics.precision_score(truth, yes),
            metrics.balanced_accuracy_score(truth, yes),
            results["splits"][split]["yes_no"][name]["accuracy"],
            1 - truth.mean(),
        ):
            assert f"{rate:.1%}".replace("%", "\u00a0%") in text


def test_always_no_has_high_accuracy_and_no_recall() -> None:
    app = open_page(PAGE, model=MODELS["individual"].title, at_angry="1.0")
    assert not app.exception
    assert app.slider(key=threshold_cards.slider_key("angry")).value == 1
    assert text_of(app).count("Every face gets a “no”") == 1
    angry = yes_no_tables(app)[0]
    assert angry[0] == angry[2] == 0  # no yes, right or wrong
    before = yes_no_tables(app)[1:]
    app.button(key="always-no").click().run()
    assert text_of(app).count("Every face gets a “no”") == 7
    app.button(key="reset").click().run()
    assert not app.exception
    assert "Every face gets a “no”" not in text_of(app)
    assert yes_no_tables(app)[1:] == before


def test_fears_gain_over_always_no_could_be_chance() -> None:
    """Only at the threshold chosen beforehand, and only on the split that did not choose it."""
    title = MODELS["individual"].title
    chance = "above that of always saying “no”, which could be chance (p = 0.531)"
    assert text_of(open_page(PAGE, model=title)).count(chance) == 1
    assert (
        "(p = "
        not in text_of(open_page(PAGE, model=title, at_fear="0.5"))
        .partition("Is it fear?")[2]
        .partition("Is it happy?")[0]
    )
    assert "(p " not in text_of(open_page(PAGE, model=title, split="PublicTest"))


def test_other_models_have_no_yes_no_matrices() -> None:
    assert not yes_no_tables(open_page(PAGE, model=MODELS["multiclass"].title))


def test_odd_addresses_are_survived() -> None:
    app = open_page(
        PAGE, model="<b>", second="x", split="Training", numbers="%", label="7", answer="", of="z"
    )
    assert not app.exception
    assert len(charts(app)) == 1


def test_missing_predictions_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: str) -> None:
        raise ResultsError("no predictions here")

    monkeypatch.setattr(near_copies, "select_predictions", missing)
    app = open_page(PAGE)
    assert not app.exception
    assert app.error[0].value == "no predictions here"
