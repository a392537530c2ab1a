"""Per-class metrics: the page's numbers against scikit-learn on the committed files."""

from pathlib import Path

import numpy as np
import pytest
from apptest import open_page, text_of
from committed_file import committed
from sklearn import metrics

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import calibration, near_copies, per_class, study
from fer_core.evaluation import thresholds as library
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.charts import threshold_curves
from pages.sections.per_class import accuracy_paradox, rates, reliability, threshold_panel

PAGE = "pages/per_class.py"
ANGRY = EMOTIONS.index("angry")


def scores_of(file: dict[str, np.ndarray]) -> np.ndarray:
    return file.get("scores", file["probabilities"]).astype(float)


@pytest.mark.parametrize(
    ("name", "split"), [("multiclass", "PrivateTest"), ("individual", "PublicTest")]
)
def test_table_equals_scikit_learn(name: str, split: str) -> None:
    """One model that answers by a softmax and one by seven scores. The library itself is held
    against scikit-learn in `tests/fer_core/evaluation/test_per_class.py`."""
    model = MODELS[name]
    app = open_page(PAGE, model=model.title, split=split)
    assert not app.exception
    assert app.selectbox(key="model").value == model.name
    file = committed(model, split)
    labels, answers = file["labels"], file["probabilities"].astype(float).argmax(axis=1)
    shown = app.dataframe[0].value
    assert list(shown["Emotion"]) == list(EMOTIONS)
    expected = metrics.precision_recall_fscore_support(
        labels, answers, labels=range(7), zero_division=0
    )
    for name, column in zip(("Precision", "Recall", "F1"), expected, strict=False):
        assert shown[name].to_numpy() == pytest.approx(100 * column)
    assert list(shown["Faces"]) == list(expected[3])
    assert list(shown["Answers"]) == list(np.bincount(answers, minlength=7))
    scores = scores_of(file)
    for i, row in shown.iterrows():
        truth = labels == i
        assert row["Specificity"] == pytest.approx(
            100 * metrics.recall_score(~truth, answers != i, zero_division=0)
        )
        assert row["ROC area"] == pytest.approx(metrics.roc_auc_score(truth, scores[:, i]))
        assert row["Average precision"] == pytest.approx(
            metrics.average_precision_score(truth, scores[:, i])
        )
        for area in ("ROC area", "Average precision"):
            low, high = map(float, row[f"{area}, 95 %"].split(" to "))
            assert low < row[area] < high
        assert row["No-skill baseline"] == pytest.approx(100 * truth.mean())
    text = text_of(app)
    for mean in (
        metrics.balanced_accuracy_score(labels, answers),
        metrics.f1_score(labels, answers, average="macro", zero_division=0),
    ):
        assert f"**{percent(mean, 1)}**" in text
    assert split in text


@pytest.mark.parametrize("name", ["individual", "multiclass"])
def test_threshold_moves_the_counts(name: str) -> None:
    model = MODELS[name]
    app = open_page(PAGE, model=model.title)
    key = "threshold_angry" if name == "individual" else "threshold"
    results = summaries.load_summary(model)
    assert results is not None
    start = results["thresholds"]["angry"] if name == "individual" else 0.5
    assert app.slider(key=key).value == start
    file = committed(model, "PrivateTest")
    truth, scores = file["labels"] == ANGRY, scores_of(file)[:, ANGRY]
    for threshold in (start, 0.15, 1.0):
        app = app.slider(key=key).set_value(threshold).run()
        text = text_of(app)
        answer = scores >= threshold
        for count in metrics.confusion_matrix(truth, answer).ravel():
            assert f"<b>{count:,}</b>" in text
        for rate in (
            metrics.recall_score(truth, answer),
            metrics.recall_score(~truth, ~answer),
            metrics.accuracy_score(truth, answer),
            metrics.balanced_accuracy_score(truth, answer),
        ):
            assert f"<td><b>{percent(rate, 1)}</b></td>" in text
        assert f"<td>{percent(1 - truth.mean(), 1)}</td>" in text  # always "no"


def test_the_address_chooses_everything() -> None:
    chosen = MODELS["stacking"].title
    app = open_page(PAGE, model=chosen, split="PublicTest", emotion="fear", threshold="0.3")
    assert app.selectbox(key="model").value == "stacking"
    assert app.slider(key="threshold").value == 0.3
    assert "Precision–recall curve" in text_of(app)
    assert "of the fear faces" in text_of(app)


def test_a_nonsense_address_is_forgiven() -> None:
    app = open_page(PAGE, model="x", split="y", emotion="joy", threshold="7")
    assert not app.exception
    assert app.slider(key="threshold").value == 0.5


def test_another_emotion_brings_its_own_threshold() -> None:
    app = open_page(PAGE, model=MODELS["individual"].title)
    app.slider(key="threshold_angry").set_value(0.4).run()
    app.pills(key="emotion").set_value("fear").run()
    results = summaries.load_summary(MODELS["individual"])
    assert results is not None
    assert app.slider(key="threshold_fear").value == results["thresholds"]["fear"]


def test_the_right_end_makes_our_model_the_study_s() -> None:
    """Accuracy is then exactly that of always “no”, and balanced accuracy is 50 %."""
    app = open_page(PAGE, emotion="disgust")
    slider = app.slider(key="yes_disgust")
    app = slider.set_value(slider.max).run()
    file = committed(MODELS["individual"], "PrivateTest")
    always_no = percent((file["labels"] != EMOTIONS.index("disgust")).mean(), 1)
    text = text_of(app)
    assert f"<b>{always_no}</b>accuracy<br><small>always “no”: {always_no}</small>" in text
    assert "<b>50.0\u00a0%</b>balanced accuracy" in text
    assert "<b>0.0\u00a0%</b>disgust faces found" in text


def test_the_study_s_accuracy_is_always_no_to_the_last_digit() -> None:
    accuracy = MODELS["individual"].study_accuracy
    assert not isinstance(accuracy, float)
    for emotion in EMOTIONS:
        share = percent(1 - study.IMAGE_COUNTS[emotion] / study.IMAGE_TOTAL, 2)
        assert share == percent(accuracy[emotion], 2)
    text = text_of(open_page(PAGE, emotion=emotion))
    assert f"**{share}** of 7,066 faces" in text
    assert f"**{share}** too" in text


@pytest.mark.usefixtures("untrained")
def test_without_results_the_page_says_how_to_get_them() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "python -m training.evaluate" in text_of(app)
    assert not app.dataframe


def test_a_missing_file_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *_: str) -> Predictions:
        raise ResultsError(f"{name}.npz is missing.")

    monkeypatch.setattr(near_copies, "select_predictions", missing)
    app = open_page(PAGE)
    assert not app.exception
    assert "is missing" in text_of(app)


def test_without_our_yes_no_models_the_study_s_numbers_stay(copied_results: Path) -> None:
    (copied_results / "individual.json").unlink()
    app = open_page(PAGE)
    assert not app.exception
    assert "86.41" in text_of(app)
    assert [slider.key for slider in app.slider] == ["threshold", "confidence"]


@pytest.mark.parametrize("name", ["multiclass", "individual", "keras_cnn"])
def test_drawn_curves_keep_the_area(name: str) -> None:
    curves = library.curves(split_predictions(name, "PrivateTest"), "angry")
    counts = library.counts_at_threshold(
        *library.one_vs_rest(split_predictions(name, "PrivateTest"), "angry"), 0.5
    )
    line = threshold_curves.roc_chart(curves.roc, counts, "angry").data[0]
    assert np.trapezoid(line.y, line.x) == pytest.approx(curves.roc.area)
    steps = threshold_curves.precision_recall_chart(curves.precision_recall, counts, "angry").data[
        0
    ]
    assert steps.line.shape == "vh"  # up or down first, then right
    assert (np.diff(steps.x) * steps.y[1:]).sum() == pytest.approx(curves.precision_recall.area)
    assert steps.y[0] == steps.y[1]  # not the convention's 1
    assert len(steps.x) < 1500


def test_tables_download_with_their_origin() -> None:
    model = MODELS["individual"]
    rows = per_class.rows(split_predictions("individual", "PrivateTest"))
    lines = rates.csv_rows(rows, model, committed_set("PrivateTest"))
    assert [row["emotion"] for row in lines] == list(EMOTIONS)
    assert {row["test_set"] for row in lines} == {"PrivateTest"}
    assert float(lines[3]["recall"]) == rows[3].recall
    assert rows[3].recall_interval is not None
    assert float(lines[3]["recall_low"]) == rows[3].recall_interval.low
    places = threshold_panel.csv_rows(model, committed_set("PublicTest"), "sad")
    assert len(places) == 1001
    assert {sum(int(row[k]) for k in library.BinaryCounts._fields) for row in places} == {3589}
    bins = reliability.csv_rows(
        calibration.calibration_report(
            split_predictions("individual", "PublicTest"),
            calibration.public_temperature("individual"),
        ),
        model,
        "PublicTest",
    )
    assert sum(int(row["n"]) for row in bins) == 2 * 3589
    study_rows = accuracy_paradox.csv_rows()
    assert {row["study_accuracy"] for row in study_rows} >= {0.8641, 0.9843}
    fear = study_rows[EMOTIONS.index("fear")]
    assert float(fear["our_private_test_gain_p_value"]) == pytest.approx(0.5306, abs=1e-4)
    assert float(fear["our_private_test_gain_low"]) < 0 < float(fear["our_private_test_gain_high"])
    assert float(places[500]["recall_low"]) < float(places[500]["recall"])
