"""The page Compare."""

import re

import numpy as np
import pytest
from apptest import SurelyHappy, TwoFire, open_page, plain_picture, text_of, upload
from compare_photos import ALL_HAPPY, HALVES, ONE_SAD, N, photo
from sklearn.metrics import cohen_kappa_score
from streamlit.testing.v1 import AppTest

from fer_core import pipeline
from fer_core.artifacts import weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.summaries import evaluated_models
from fer_core.errors import ResultsError, WeightsError
from fer_core.evaluation import accuracy, near_copies
from fer_core.evaluation.independence import effective_number
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS
from fer_core.reports.format import percent
from pages.sections.compare import agreement
from pages.sections.compare import grid as grid_module
from pages.session.photo import Photo
from pages.session.photos import SessionPhotos

PAGE = "pages/compare.py"
TITLES = [model.title for model in MODELS.values()]


class SurelySad(SurelyHappy):
    """Answers sad with 0.7."""

    def predict_proba(self, chips: np.ndarray) -> np.ndarray:
        return super().predict_proba(chips)[:, [5, 1, 2, 4, 0, 3, 6]]


def show(*photos: Photo, **query: str) -> AppTest:
    """Compare with these photos in the session's album."""
    app = open_page(PAGE, **query)
    app.session_state["held"] = SessionPhotos({f"key{i}": each for i, each in enumerate(photos)})
    return app.run()


def grid(app: AppTest) -> str:
    return next(e.proto.body for e in app.get("html") if 'table class="grid"' in e.proto.body)


def shown_matrices(app: AppTest) -> list[list[float]]:
    """The numbers of each agreement matrix on the page, row by row."""
    tables = [e.proto.body for e in app.get("html") if 'table class="pairs"' in e.proto.body]
    return [
        [float(cell.replace("−", "-")) for cell in re.findall(r"--tint[^>]*>([^<]+)<", body)]
        for body in tables
    ]


def test_sample_photo_is_answered_by_all_ready_models() -> None:
    app = open_page(PAGE).button(key="sample").click().run()
    assert not app.exception
    ready = [variant for variant in MODELS.values() if weights_file.is_ready(variant)]
    assert grid(app).count('<td class="answer"') == len(ready)
    for variant in ready:
        assert variant.title in grid(app)
        result = accuracy.load_own_accuracy(variant)
        assert result is None or f"{percent(result.value, 1)} (" in grid(app)
    assert "baseline, always answering the most common emotion, scores 24.5" in text_of(app)


@pytest.mark.usefixtures("untrained")
def test_without_a_model_it_says_how_to_get_one() -> None:
    app = open_page(PAGE)
    assert not app.exception
    assert "No model is trained yet" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_photos_of_one_page_are_seen_on_the_other() -> None:
    app = upload(open_page(PAGE), ("a.png", sample_photo()), ("bad.jpg", b"no picture"))
    assert "bad\\.jpg" in app.warning[0].value
    assert f"All {N} models agree on this face: happy" in text_of(app).replace("\\", "")
    app.switch_page("pages/classify.py").run()
    assert "Most likely happy" in text_of(app)
    app.switch_page(PAGE).run()
    assert f"All {N} models agree on this face: happy" in text_of(app).replace("\\", "")


@pytest.mark.usefixtures("trained")
def test_the_odd_one_out_is_marked_and_named() -> None:
    app = show(photo([ONE_SAD]))
    text = text_of(app).replace("\\", "")
    assert f"{N - 1} of {N} models agree on this face: happy." in text
    assert f"{TITLES[-1]} (sad) differs." in text
    cells = grid(app).split('<td class="answer"')[1:]
    assert ["≠" in cell for cell in cells] == [False] * (N - 1) + [True]
    assert "70\u00a0%" in cells[0]


@pytest.mark.usefixtures("trained")
def test_a_split_has_no_odd_one_out() -> None:
    app = show(photo([HALVES]))
    assert f"split on this face: {N // 2} say happy and {N // 2} say sad" in text_of(app).replace(
        "\\", ""
    )
    assert grid(app).count("≠") == N % 2  # the one that says neither


@pytest.mark.usefixtures("trained")
def test_most_disagreement_comes_first_and_can_be_singled_out() -> None:
    app = show(photo([ALL_HAPPY, ONE_SAD, HALVES]))
    assert f"All {N} models agree on 1 of 3 faces" in text_of(app)
    assert re.findall(r"<span>Face (\d)", grid(app)) == ["3", "2", "1"]
    app.selectbox(key="show").set_value("differ").run()
    assert re.findall(r"<span>Face (\d)", grid(app)) == ["3", "2"]
    assert "Face 3: split, happy and sad" in app.selectbox(key="compared-face").options[0]


@pytest.mark.usefixtures("trained")
def test_many_faces_come_a_page_at_a_time() -> None:
    app = show(photo([ALL_HAPPY] * 60))
    assert not app.exception
    assert grid(app).count("<tr>") == 1 + grid_module.PAGE_SIZES[0]
    assert "60 faces" in text_of(app)
    assert len(app.selectbox(key="compared-face").options) == 60


@pytest.mark.usefixtures("trained")
def test_a_chosen_face_is_looked_at() -> None:
    app = show(photo([ALL_HAPPY, ONE_SAD], "one.png"), photo([ALL_HAPPY], "<b>two.png"))
    assert f"{N - 1} of {N} models agree on face 2 of one.png: happy." in text_of(app).replace(
        "\\", ""
    )
    app.selectbox(key="compared-face").select_index(2).run()
    assert f"All {N} models agree on face 1 of <b>two.png: happy." in text_of(app).replace("\\", "")
    assert "<b>two" not in grid(app)


def test_the_address_chooses_models() -> None:
    app = open_page(PAGE, models=[TITLES[1], TITLES[4]])  # type: ignore[arg-type]
    assert app.get("button_group")[0].value == ["multiclass", "stacking"]
    assert len(shown_matrices(app)[0]) == 1


@pytest.mark.parametrize("value", ["nonsense", "", "<script>"])
def test_odd_addresses_do_no_harm(value: str) -> None:
    app = open_page(PAGE, models=value, show=value, order=value)
    assert not app.exception
    app = app.button(key="sample").click().run()
    assert not app.exception


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_models_is_said(count: int) -> None:
    app = show(photo([ONE_SAD, ALL_HAPPY]))
    app.get("button_group")[0].set_value(list(MODELS)[:count]).run()
    assert not app.exception
    assert "Choose at least two models" in text_of(app)
    assert not shown_matrices(app)
    app.session_state["held"] = SessionPhotos({"key": photo([ONE_SAD])})
    assert not app.run().exception


def test_a_model_added_later_is_the_only_one_asked(
    monkeypatch: pytest.MonkeyPatch, trained: None
) -> None:
    app = open_page(PAGE, models=TITLES[:2])  # type: ignore[arg-type]
    app = app.button(key="sample").click().run()
    assert "Both models agree" in text_of(app)
    asked = []

    def load(name: str, _: str) -> SurelyHappy:
        asked.append(name)
        return SurelySad()

    monkeypatch.setattr(pipeline, "load_without_members", load)
    app.get("button_group")[0].set_value(["individual", "multiclass", "resnet101"]).run()
    assert asked == ["resnet101"]
    assert "2 of 3 models agree on this face: happy" in text_of(app).replace("\\", "")


def test_a_model_that_fails_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, trained: None
) -> None:
    def load(name: str, _: str) -> SurelyHappy:
        if name == "resnet101":
            raise WeightsError("its file is damaged")
        return SurelyHappy()

    monkeypatch.setattr(pipeline, "load_without_members", load)
    app = open_page(PAGE).button(key="sample").click().run()
    assert not app.exception
    assert "its file is damaged" in app.error[0].value
    assert f"All {N - 1} models agree" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_yes_no_answers_stand_beside_the_others() -> None:
    app = open_page(PAGE).button(key="sample").click().run()
    text = text_of(app)
    assert "Seven yes/no models: two say yes" in text
    assert "Two of the seven models say yes" in text
    assert f"Of the {N - 1} models with a single answer, {N - 1} say happy" in text
    app.get("button_group")[0].set_value(["multiclass", "stacking"]).run()
    assert "Seven yes/no models" not in text_of(app)


def test_nobody_says_yes(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    class NoneFires(TwoFire):
        def scores(self, chips: np.ndarray) -> np.ndarray:
            return super().scores(chips) / 2

    monkeypatch.setattr(
        pipeline,
        "load_without_members",
        lambda name, _: NoneFires() if name == "individual" else SurelyHappy(),
    )
    app = open_page(PAGE).button(key="sample").click().run()
    assert "Seven yes/no models: none says yes" in text_of(app)
    assert "None of the seven models says yes; happy comes closest" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_the_whole_picture_can_be_the_face() -> None:
    app = upload(open_page(PAGE), ("wall.png", plain_picture()), ("a.png", sample_photo()))
    assert "No face found" in text_of(app)
    assert grid(app).count("<tr>") == 2
    app = app.button(key="whole").click().run()
    assert not app.exception
    assert grid(app).count("<tr>") == 3
    assert "the whole photo" in grid(app)
    app.selectbox(key="compared-face").select_index(0).run()
    assert "whole photo is used as the face" in text_of(app)


@pytest.mark.usefixtures("trained")
def test_a_photo_without_a_face_alone() -> None:
    app = upload(open_page(PAGE), ("wall.png", plain_picture()))
    assert not app.exception
    app = app.button(key="whole").click().run()
    assert f"All {N} models agree on this face: happy" in text_of(app).replace("\\", "")


@pytest.mark.usefixtures("trained")
def test_clear_leads_back_to_the_start() -> None:
    app = show(photo([ONE_SAD, ALL_HAPPY]))
    app.button(key="clear").click().run()
    assert not app.exception
    assert app.button(key="sample")


def test_kappas_are_those_of_scikit_learn() -> None:
    names = [variant.name for variant in evaluated_models() if weights_file.is_ready(variant)]
    if len(names) < 2:
        pytest.skip("fewer than two variants are evaluated and ready")
    told = [split_predictions(name, "PrivateTest").predicted for name in names]
    known = [cohen_kappa_score(one, two) for i, one in enumerate(told) for two in told[:i]]
    assert shown_matrices(open_page(PAGE))[0] == pytest.approx(known, abs=0.0051)


@pytest.mark.usefixtures("trained")
def test_shares_are_counted_and_few_faces_called_few() -> None:
    app = show(photo([ONE_SAD, ALL_HAPPY, HALVES]))
    text = text_of(app)
    assert "Only 3 faces" in text
    assert text.index("On the test set: Cohen's kappa") < text.index("On the photos above")
    shares = shown_matrices(app)[1]
    answered = list(zip(ONE_SAD, ALL_HAPPY, HALVES, strict=True))
    expected = [
        round(100 * np.mean([a == b for a, b in zip(one, two, strict=True)]))
        for row, one in enumerate(answered)
        for two in answered[:row]
    ]
    assert shares == expected


@pytest.mark.usefixtures("trained")
def test_one_face_gets_no_matrix_and_many_lead() -> None:
    app = show(photo([ONE_SAD]))
    assert "With one face, two models either agree or they don't" in text_of(app)
    assert len(shown_matrices(app)) == 1
    text = text_of(show(photo([ONE_SAD] * agreement.MIN_FACES_FOR_SHARES)))
    assert text.index("On the photos above") < text.index("On the test set: Cohen's kappa")


def test_missing_predictions_are_said(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    def lost(name: str, *_: str) -> None:
        raise ResultsError(f"{name} has no predictions")

    monkeypatch.setattr(near_copies, "select_predictions", lost)
    app = show(photo([ONE_SAD, HALVES]))
    assert not app.exception
    assert "resnet101 has no predictions" in text_of(app)
    assert len(shown_matrices(app)) == 1


def test_it_says_first_how_many_opinions_the_answers_are_worth() -> None:
    app = open_page(PAGE)
    number = effective_number(tuple(MODELS))
    first = app.caption[0].value
    assert f"{number.value:.2f} independent opinions" in first
    assert f"{number.interval.low:.2f} to {number.interval.high:.2f}" in first
    assert "PublicTest" in first
    app.get("button_group")[0].set_value(["multiclass", "keras_cnn"]).run()
    pair = effective_number(("multiclass", "keras_cnn"))
    assert f"Two answers are worth about **{pair.value:.2f}" in app.caption[0].value
