"""Confusion matrices as they are drawn and said; the faces of a cell; seven yes/no tables."""

import cv2
import numpy as np
import pytest
from sklearn import metrics

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification, leaderboard, yes_no
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.thresholds import BinaryCounts
from fer_core.registry import MODELS
from pages.charts import colour, heat_map
from pages.sections.confusion import cell_faces, charts, threshold_cards
from pages.sections.confusion.panels import Evaluation

SCALES = [*heat_map.SEQUENTIAL.values(), *heat_map.DIVERGING.values()]


def lightness(scale: list[str]) -> np.ndarray:
    """CIE L* of the stops of a scale."""
    colours = np.array([heat_map.colour_at([stop], 0) for stop in scale], np.float32) / 255
    return cv2.cvtColor(colours[None], cv2.COLOR_RGB2LAB)[0, :, 0]


@pytest.mark.parametrize("scale", SCALES)
def test_numbers_are_readable_on_every_colour(scale: list[str]) -> None:
    for share in np.linspace(0, 1, 101):
        background = heat_map.colour_at(scale, share)
        ink = heat_map.colour_at([heat_map.ink_on(background)], 0)
        assert colour.contrast(ink, background) >= 4.5


def test_contrast_matches_wcag() -> None:
    assert colour.contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert colour.contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("theme", "sign"), [("light", -1), ("dark", 1)])
def test_scales_move_away_from_the_page_colour_in_even_steps(theme: str, sign: int) -> None:
    steps = sign * np.diff(lightness(heat_map.SEQUENTIAL[theme]))
    assert (steps > 0).all()
    assert steps.max() < 1.6 * steps.min()
    low, high = np.split(np.diff(lightness(heat_map.DIVERGING[theme])), 2)
    assert (-sign * low > 0).all()
    assert (sign * high > 0).all()
    red, green, blue = heat_map.colour_at(heat_map.DIVERGING[theme], 0.5)
    assert red == green == blue


def test_every_cell_is_printed_and_can_be_clicked() -> None:
    values = np.array([[0.0, 0.5, 1.0], [0.25, 0.75, 2.0]])
    texts = [["a", "b", "c"], ["d", "e", "f"]]
    figure = heat_map.heat_map(
        values, texts, ["one", "two"], ["x", "y", "z"], max_value=1.0, hover=texts, selected=(1, 2)
    )
    printed = {(n.y, n.x): n.text for n in figure.layout.annotations if n.xref != "paper"}
    assert printed == {(i, j): texts[i][j] for i in range(2) for j in range(3)}
    heat, dots = figure.data
    assert np.asarray(heat.z).max() == 1  # larger values have the maximum's colour
    # Streamlit reports a click as the marker's index in the trace; `show` divides by the width.
    for index, (x, y) in enumerate(zip(dots.x, dots.y, strict=True)):
        assert divmod(index, 3) == (y, x)
        assert dots.hovertext[index] == texts[y][x]
    frame = figure.layout.shapes[0]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (1.5, 2.5, 0.5, 1.5)
    assert figure.layout.xaxis.fixedrange
    assert figure.layout.yaxis.fixedrange


def test_a_diverging_scale_has_0_in_the_middle() -> None:
    figure = heat_map.heat_map(
        np.array([[-2.0, 0.0], [1.0, 2.0]]),
        [["", ""], ["", ""]],
        "ab",
        "ab",
        max_value=2.0,
        diverging=True,
    )
    assert np.asarray(figure.data[0].z).tolist() == [[0, 0.5], [0.75, 1]]


def test_a_matrix_of_zeros_is_drawn() -> None:
    figure = heat_map.heat_map(np.zeros((1, 1)), [["0"]], ["a"], ["a"], max_value=0.0)
    assert np.asarray(figure.data[0].z).tolist() == [[0]]


def test_dragging_is_left_to_the_page() -> None:
    layout = heat_map.heat_map(np.zeros((1, 1)), [["0"]], ["a"], ["a"], max_value=1.0).to_dict()[
        "layout"
    ]
    assert layout["dragmode"]  # Streamlit would overwrite a false value
    assert layout["template"]["layout"]["dragmode"] is False


def answers_of(labels: list[int], told: list[int], sure: list[float], ids: str) -> Predictions:
    probabilities = np.zeros((len(told), len(EMOTIONS)))
    probabilities[np.arange(len(told)), told] = sure
    return Predictions(np.array(list(ids)), np.array(labels), probabilities)


def test_members_of_a_cell_the_surest_first() -> None:
    told = answers_of([2, 2, 2, 2, 5, 2], [5, 5, 5, 2, 5, 5], [0.4, 0.9, 0.6, 1, 1, 0.9], "abcdef")
    assert classification.images_in_cell(told, "fear", "sad").ids.tolist() == ["b", "f", "c", "a"]
    assert classification.images_in_cell(told, "fear", "fear").ids.tolist() == ["d"]
    assert not len(classification.images_in_cell(told, "sad", "fear"))
    with pytest.raises(ValueError, match="not in tuple"):
        classification.images_in_cell(told, "fear", "contempt")


def measured(name: str, labels: np.ndarray, told: np.ndarray) -> Evaluation:
    counts = classification.confusion_matrix(labels, told)
    predictions = answers_of(list(labels), list(told), [1.0] * len(told), "x" * len(told))
    scores = leaderboard.compute_scores(predictions)
    return Evaluation(MODELS[name], committed_set("PrivateTest"), predictions, counts, scores)


@pytest.mark.parametrize(
    ("scale", "normalize"), [("count", None), ("row", "true"), ("column", "pred")]
)
def test_csv_holds_the_matrix_of_scikit_learn(
    scale: classification.Scale, normalize: str | None
) -> None:
    random = np.random.default_rng(1)
    labels = random.integers(0, 7, 200)
    models = [
        measured(name, labels, random.integers(0, 7, 200)) for name in ("stacking", "keras_cnn")
    ]
    rows = charts.csv_rows(models, scale)
    for told, lines in zip(models, (rows[:7], rows[7:]), strict=True):
        expected = metrics.confusion_matrix(
            labels, told.predictions.predicted, labels=range(7), normalize=normalize
        )
        found = [[float(line[name]) for name in EMOTIONS] for line in lines]
        assert np.array(found) == pytest.approx(expected)
        assert [line["label"] for line in lines] == list(EMOTIONS)
        assert {line["model"] for line in lines} == {told.model.name}
        assert [int(line["faces"]) for line in lines] == np.bincount(labels, minlength=7).tolist()


def test_a_cell_says_whose_it_is() -> None:
    told = measured("resnet101", np.array([2, 2, 5]), np.array([5, 5, 5]))
    assert cell_faces.summary_text(told, "fear", "sad", 2) == (
        "**ResNet-101** calls **2** of the 2 fear faces of PrivateTest **sad**. "
        "The most confident answer comes first."
    )
    assert cell_faces.summary_text(told, "sad", "sad", 1) == (
        "**ResNet-101** calls **1** of the 1 sad faces of PrivateTest **sad**, correctly."
    )
    assert cell_faces.summary_text(told, "fear", "happy", 0) == (
        "**ResNet-101** calls none of the 2 fear faces of PrivateTest happy."
    )


def interpret(emotion: str, counts: BinaryCounts) -> str:
    comparison = yes_no.versus_always_no(counts, committed_set("PrivateTest"))
    return threshold_cards.interpretation(emotion, counts, comparison)


def test_always_no_is_called_what_it_is() -> None:
    never = BinaryCounts(0, 0, 10, 90)
    lesson = interpret("angry", never)
    assert "Every face gets a “no”" in lesson
    assert "90.0\u00a0%" in lesson
    table = threshold_cards.table("angry", never)
    assert "never says yes" in table  # not a precision of 0 %
    assert table.count("90.0\u00a0%") == 2  # accuracy, and what always “no” gets
    assert table.count("50.0\u00a0%") == 1  # balanced accuracy


def test_the_lesson_of_other_thresholds() -> None:
    assert "Every face gets a “yes”" in interpret("sad", BinaryCounts(10, 90, 0, 0))
    assert "10.0 points below" in interpret("sad", BinaryCounts(5, 15, 5, 75))
    assert "5.0 points above" in interpret("sad", BinaryCounts(5, 0, 5, 90))
    assert "as accurate as always" in interpret("sad", BinaryCounts(5, 5, 5, 85))
