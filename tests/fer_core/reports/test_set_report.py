"""Reports of a set of labelled faces as HTML."""

import base64
import io
from datetime import UTC, datetime
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image
from sklearn import metrics

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation.evaluation_set import EvaluationSet, committed_set, user_set
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.own_model import own_model_spec
from fer_core.registry import MODELS
from fer_core.reports.export import weights_checksums
from fer_core.reports.set_report import html_report

HOSTILE = "</style><script>alert(1)</script> \u202e & \"net\" 'x' <img src=x onerror=y>"
#: The same where a mark that turns the direction of text is replaced, as a browser reads it.
SHOWN = HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
N = 90


class Page(HTMLParser):
    """A parsed report: its tags, texts and rows of tables; fails where tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "img", "br"):
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += f" {data}" if self.rows[-1][-1] else data

    def row(self, name: str) -> list[str]:
        """The cells after the first row header of this name."""
        return next(cells[1:] for cells in self.rows if cells[0] == name)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def answers(seed: int, labels: np.ndarray, right: float) -> Predictions:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(7), len(labels))
    probabilities[random.random(len(labels)) < right] *= 0.3
    probabilities[np.arange(len(labels)), labels] += 0.7 * (random.random(len(labels)) < right)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    return Predictions(np.array([f"f{i}" for i in range(len(labels))]), labels, probabilities)


def own_set(labels: np.ndarray, *, title: str = "Ours", group: str = "old") -> EvaluationSet:
    mine = own_model_spec("mine", HOSTILE)
    given = {"multiclass": answers(1, labels, 0.8), mine.name: answers(2, labels, 0.5)}
    groups = {"age": np.where(np.arange(len(labels)) % 3, group, "young")}
    models = {**MODELS, mine.name: mine}
    return user_set("own", given, models, title=title, groups=groups, notes=(f"{title}.jpg",))


@pytest.fixture(scope="module")
def labels() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 7, N)


def test_the_numbers_are_those_of_scikit_learn(labels: np.ndarray) -> None:
    evaluated = own_set(labels)
    created = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    page = Page(html_report(evaluated, list(evaluated.models), created=created))
    given = evaluated.predictions("multiclass")
    accuracy = metrics.accuracy_score(labels, given.predicted)
    low, high = wilson_interval(int(given.correct.sum()), N)
    scores = page.row(MODELS["multiclass"].title)
    assert scores[0] == f"{accuracy:.1%} {low * 100:.1f}–{high * 100:.1f}".replace("%", "\u00a0%")
    macro_f1 = metrics.f1_score(labels, given.predicted, average="macro")
    balanced = metrics.balanced_accuracy_score(labels, given.predicted)
    for cell, share in zip(scores[1:3], (macro_f1, balanced), strict=True):
        assert cell.startswith(f"{100 * share:.1f}\u00a0%")
    assert scores[4] == f"{metrics.log_loss(labels, given.probabilities):.3f}"
    usual = int(np.bincount(labels).argmax())
    share = f"{100 * (labels == usual).mean():.1f}\u00a0%"
    assert page.row(f"No skill: always “{EMOTIONS[usual]}”")[0] == share
    counts = np.bincount(labels)
    assert page.row("Faces")[:7] == [str(count) for count in counts]
    recalls = metrics.recall_score(labels, given.predicted, average=None)
    for emotion, recall, count in zip(EMOTIONS, recalls, counts, strict=True):
        cells = page.row(emotion)  # of the more accurate model, which comes first
        assert cells[0] == str(count)
        assert cells[2].startswith(f"{100 * recall:.1f}\u00a0%")
    kappa = metrics.cohen_kappa_score(given.predicted, evaluated.predictions("mine").predicted)
    assert page.row(f"2. {SHOWN[:80]}".rstrip())[0].startswith(f"{kappa:.2f} ")
    text = "".join(page.texts)
    for words in (
        "2026-12-01 at 09:30",
        f"Ours, {N} faces",
        "points to either side",
        "the largest gap",
    ):
        assert words.lower() in text.lower(), words


def test_no_line_runs_through_a_models_name(labels: np.ndarray) -> None:
    evaluated = own_set(labels)
    page = Page(html_report(evaluated, list(evaluated.models)))
    first = page.tags.index(next(tag for tag in page.tags if tag[0] == "svg"))
    names, lines = [], []
    for name, attributes in page.tags[first + 1 :]:
        if name == "svg":
            break
        if name == "text" and attributes["text-anchor"] == "start" and "class" not in attributes:
            names.append(float(attributes["y"] or 0))
        if name == "line":
            lines.append((float(attributes["y1"] or 0), float(attributes["y2"] or 0)))
    assert len(names) == 2
    assert not [y for y in names for top, bottom in lines if top < y and bottom > y - 10]


def test_nothing_from_outside_becomes_markup(labels: np.ndarray, chips: np.ndarray) -> None:
    evaluated = own_set(labels, title=HOSTILE, group=HOSTILE)
    pictures = np.resize(chips, (N, 48, 48))
    html = html_report(evaluated, list(evaluated.models), chips=pictures)
    page = Page(html)
    plain = Page(html_report(own_set(labels), ["multiclass", "mine"], chips=pictures))
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in plain.tags}
    assert "script" not in {tag for tag, _ in page.tags}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on")]
    sources = [attributes["src"] or "" for attributes in page.attributes("img")]
    assert sources
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert f"Test report: {SHOWN}" in page.texts
    assert f"{SHOWN}.jpg" in page.texts
    assert "\u202e" not in html
    policies = [a["content"] for a in page.attributes("meta") if "http-equiv" in a]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert all(drawing["aria-label"] for drawing in page.attributes("svg"))


def shown_pixels(html: str) -> list[np.ndarray]:
    sources = [attributes["src"] or "" for attributes in Page(html).attributes("img")]
    contents = (base64.b64decode(source.partition(",")[2]) for source in sources)
    return [np.asarray(Image.open(io.BytesIO(content))) for content in contents]


def test_faces_are_the_most_confident_mistakes_blurred_on_request(
    labels: np.ndarray, chips: np.ndarray
) -> None:
    evaluated = own_set(labels)
    pictures = np.resize(chips, (N, 48, 48))
    given = evaluated.predictions("multiclass")
    wrong = np.flatnonzero(given.predicted != labels)
    first = wrong[given.probabilities[wrong].max(axis=1).argmax()]
    plain = shown_pixels(html_report(evaluated, ["multiclass"], chips=pictures))
    blurred = shown_pixels(html_report(evaluated, ["multiclass"], chips=pictures, blur=True))
    assert len(plain) == len(blurred) == min(len(wrong), 24)
    np.testing.assert_array_equal(plain[0], pictures[first])
    cells = blurred[0].reshape(6, 8, 6, 8)
    assert (cells == cells[:, :1, :, :1]).all()
    means = pictures[first].reshape(6, 8, 6, 8).mean(axis=(1, 3))
    np.testing.assert_allclose(cells[:, 0, :, 0], means, atol=0.5)
    assert not shown_pixels(html_report(evaluated, ["multiclass"]))
    with pytest.raises(ValueError, match="do not fit"):
        html_report(evaluated, ["multiclass"], chips=pictures[1:])
    with pytest.raises(ValueError, match="at least one model"):
        html_report(evaluated, [])


@pytest.mark.parametrize("right", [0.0, 1.0])
def test_five_faces_of_one_emotion(right: float, chips: np.ndarray) -> None:
    five = np.full(5, EMOTIONS.index("sad"))
    probabilities = np.eye(7)[five if right else five - 1]
    given = Predictions(np.array(list("abcde")), five, probabilities)
    evaluated = user_set("own", {"multiclass": given}, MODELS)
    text = "".join(Page(html_report(evaluated, ["multiclass"], chips=chips, blur=True)).texts)
    assert "5 faces are too few" in text
    assert "Every face is labelled sad" in text
    assert f"{right:.0%}".replace("%", ".0\u00a0%") in text
    assert ("makes no mistake" in text) == bool(right)
    assert "nan" not in text


def test_committed_sets() -> None:
    public = committed_set("PublicTest")
    names = list(public.models)[:2]
    text = "".join(Page(html_report(public, names)).texts)
    assert "No test on PublicTest" in text
    assert "No test on PublicTest" in text
    crowd = committed_set("PrivateTest", by_crowd=True)
    text = "".join(Page(html_report(crowd, ["stacking", "ferplus"])).texts)
    assert "clear majorities" in text
    assert all(digest in text for digest in weights_checksums("stacking"))
    assert "by which this error is measured" not in text  # the labels here are the crowd's
