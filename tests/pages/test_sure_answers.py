"""Answer only when sure, on Leaderboard, Per-class and Classify: the pages' numbers and notes."""

import pytest
from apptest import open_page, text_of, upload
from labelled_sets import NAME, labelled_set, open_with

from fer_core.artifacts.predictions import Predictions, split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import conformal, selective
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.imaging.sample_photo import sample_photo
from fer_core.own_model import own_model_spec
from fer_core.pipeline import classify
from fer_core.registry import MODELS
from fer_core.reports.format import percent, percent_with_interval
from pages.sections.leaderboard import selective as leaderboard_section
from pages.sections.per_class import prediction_sets
from pages.session.own_sets import OwnResults

PER_CLASS, LEADERBOARD = "pages/per_class.py", "pages/leaderboard.py"
FITTED_HERE = "Thresholds and sets were fitted on PublicTest, from which these faces are"
FITTED_ELSEWHERE = "fitted on PublicTest with FER2013's labels and measured on these faces"
OWN_FACES = "for faces like FER2013's only"


def right_answers(threshold: float) -> tuple[float, float]:
    """Coverage and accuracy of multiclass on PrivateTest."""
    given = split_predictions("multiclass", "PrivateTest")
    answered = given.probabilities.max(axis=1) >= threshold
    return float(answered.mean()), float(given.correct[answered].mean())


def test_the_slider_gives_coverage_and_accuracy() -> None:
    app = open_page(PER_CLASS, model="multiclass", confidence="0.8")
    assert not app.exception
    assert app.slider(key="confidence").value == 0.8
    for threshold in (0.8, 0.3):
        app.slider(key="confidence").set_value(threshold)
        app.run()
        coverage, accuracy = right_answers(threshold)
        text = text_of(app)
        assert f"It answers **{percent(coverage, 1)} (" in text
        assert f"**{percent(accuracy, 1)} (" in text
        assert app.query_params["confidence"] == f"{threshold:g}"
    app.slider(key="confidence").set_value(1.0).run()
    assert not app.exception


def test_the_sets_follow_the_level_and_the_toggle() -> None:
    app = open_page(PER_CLASS, model="multiclass", level="0.8", per_emotion="yes")
    assert not app.exception
    assert app.toggle(key="per_emotion").value
    public, private = (split_predictions("multiclass", s) for s in ("PublicTest", "PrivateTest"))
    for level, per_emotion in ((0.8, True), (0.95, True), (0.95, False)):
        app.segmented_control(key="level").set_value(level)
        app.toggle(key="per_emotion").set_value(per_emotion).run()
        limits = conformal.limits(public, level, per_emotion)
        scores = conformal.set_scores(private, limits)
        text = text_of(app)
        assert f"**{percent_with_interval(scores.coverage, scores.interval)}** do" in text
        assert f"**{scores.mean_size:.2f}** emotions" in text
        assert str(prediction_sets.emotion_table(private, limits)) in text
    assert (app.query_params["level"], "per_emotion" in app.query_params) == ("0.95", False)
    assert FITTED_ELSEWHERE in text


@pytest.mark.parametrize("page", [PER_CLASS, LEADERBOARD])
def test_public_test_says_that_it_was_fitted_on_these_faces(page: str) -> None:
    text = text_of(open_page(page, split="PublicTest", model="multiclass"))
    assert FITTED_HERE in text
    assert FITTED_ELSEWHERE not in text
    assert ("this is no test of it" in text) == (page == PER_CLASS)


def own_results() -> OwnResults:
    """Sixty faces, answered by one of our models and one that has no predictions for PublicTest."""
    own, evaluation_set = OwnResults(), labelled_set(EMOTIONS, 60, ["multiclass"])
    given = evaluation_set.predictions("multiclass")
    own.add_set(evaluation_set)
    backwards = Predictions(given.ids, given.labels, given.probabilities[:, ::-1].copy())
    own.add_model(NAME, own_model_spec("my net"), backwards)
    return own


def test_an_own_set_is_measured_with_the_limits_of_public_test() -> None:
    own = own_results()
    app = open_with(own, PER_CLASS, model="multiclass")
    assert not app.exception
    public = split_predictions("multiclass", "PublicTest")
    scores = conformal.set_scores(
        own.sets[NAME].predictions("multiclass"), conformal.limits(public, 0.9)
    )
    text = text_of(app)
    assert f"**{percent_with_interval(scores.coverage, scores.interval)}** do" in text
    assert OWN_FACES in text


@pytest.mark.parametrize("page", [PER_CLASS, LEADERBOARD])
def test_a_model_without_public_test_has_no_sets_and_the_page_says_so(page: str) -> None:
    app = open_with(own_results(), page, model="my_net")
    assert not app.exception
    assert "my net: no threshold and no sets" in text_of(app)


def test_the_leaderboard_has_every_model_and_the_chosen_curves() -> None:
    app = open_page(LEADERBOARD, curves="multiclass.ferplus")
    assert not app.exception
    assert app.multiselect(key="curves").value == ["multiclass", "ferplus"]
    [chart] = [each for each in app.get("plotly_chart") if "by coverage" in each.proto.alt]
    for name in ("multiclass", "ferplus"):
        assert MODELS[name].title in chart.proto.alt
    assert MODELS["keras_cnn"].title not in chart.proto.alt
    text, where = text_of(app), committed_set("PrivateTest")
    for name in where.models:
        given, public = where.predictions(name), split_predictions(name, "PublicTest")
        threshold = selective.threshold_for(public, 0.9)
        assert threshold is not None
        for value in (
            f"{selective.area(given).value:.3f}",
            percent(selective.select(given, threshold).coverage, 1),
            percent(conformal.set_scores(given, conformal.limits(public, 0.9)).coverage, 1),
        ):
            assert f"<b>{value}</b>" in text
    app.multiselect(key="curves").set_value([]).run()
    assert not app.exception


def test_the_table_for_download_has_the_intervals() -> None:
    where = committed_set("PrivateTest")
    [row] = [leaderboard_section.selective_summary.summarize(where, "multiclass")]
    [line] = leaderboard_section.csv_rows([row], where.title)
    for name in ("area", "coverage", "accuracy", "sets_coverage", "sets_per_emotion_size"):
        value, low, high = (float(str(line[f"{name}{end}"])) for end in ("", "_low", "_high"))
        assert low < value < high


def test_classify_names_the_set() -> None:
    app = upload(open_page("pages/classify.py", model="multiclass"), ("face.png", sample_photo()))
    assert not app.exception
    answer = classify(sample_photo(), "face.png", ["multiclass"]).faces[0].answers["multiclass"]
    names = conformal.prediction_set("multiclass", answer.probabilities)
    assert names
    [markdown] = [each for each in app.markdown if "% set:" in each.value]
    assert markdown.value == f"90\u00a0% set: {' or '.join(names)}"
    private = conformal.set_scores(
        split_predictions("multiclass", "PrivateTest"),
        conformal.limits(split_predictions("multiclass", "PublicTest"), 0.9),
    )
    assert percent(private.coverage, 1) in markdown.help
    assert "approximate" in markdown.help
