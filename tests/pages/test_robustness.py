"""The page Robustness: planted results, and the visitor's own face."""

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from apptest import open_page, plain_picture, text_of, upload
from planted_robustness import planted_results
from streamlit.testing.v1 import AppTest

from fer_core import pipeline
from fer_core.corruptions.formulas import square_of
from fer_core.corruptions.records import corrupt
from fer_core.evaluation import robustness_results
from fer_core.imaging.load import load
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS
from pages.runtime.settings import settings
from pages.sections.robustness import lab_answers, lab_controls, lab_text
from pages.sections.robustness import text as text_module
from pages.sections.robustness.lab_answers import Experiment
from pages.session import explanation_cache
from pages.session.photo import read_photo

PAGE = "pages/robustness.py"
NAMES = ["multiclass", "ferplus"]


def element(app: AppTest, kind: str, key: str) -> Any:
    return next(widget for widget in getattr(app, kind) if widget.key == key)


@pytest.fixture
def planted(copied_results: Path) -> None:
    robustness_results.save(planted_results())


@pytest.mark.usefixtures("planted")
def test_the_measured_part_shows_ranking_swaps_and_effects() -> None:
    app = open_page(PAGE)
    assert not app.exception
    text = text_of(app)
    assert f"Under **blur**, {MODELS['keras_cnn'].title} keeps" in text
    first, second = MODELS["keras_cnn"].title, MODELS["multiclass"].title
    assert f"**{first}** is right less often than **{second}** on clean faces, by 80 of 400" in text
    assert "but more often at severity 3 (1 px), by 80" in text
    assert "was trained with photos made darker" not in text  # none of the three was
    assert text.index('<th scope="row">Noise') < text.index('<th scope="row">Blur')
    assert "no two models swap places" in text_of(open_page(PAGE, corruption="noise"))


@pytest.mark.usefixtures("planted")
def test_answers_of_other_weights_are_left_out() -> None:
    results = planted_results()
    results.checksums["resnet101"] = "of earlier weights"  # type: ignore[index]
    robustness_results.save(results)
    app = open_page(PAGE)
    assert "No measurement for the current weights of ResNet-101" in text_of(app)
    assert '<th scope="row">ResNet-101' not in text_of(app)


@pytest.mark.parametrize("amounts", [{"blur": 1.0, "hide_mouth": 100.0}, {"rotation": 20.0}])
def test_the_lab_answers_what_classify_answers_about_the_corrupted_photo(
    amounts: dict[str, float],
) -> None:
    photo = read_photo("sample.png", sample_photo())
    result = lab_answers.compute(photo, 0, Experiment(amounts), NAMES)
    image = load(photo.display_jpeg)
    [face] = pipeline.detect_faces(image).faces
    ours = corrupt(image, amounts, square_of(image, face))
    [expected] = pipeline.classify(ours, "ours", NAMES, precision=settings().precision).faces
    assert result.after is not None
    assert np.array_equal(result.after, expected.chip)
    for name in NAMES:
        after = result.answers[name][1]
        assert after is not None
        assert after.probabilities == pytest.approx(expected.answers[name].probabilities, abs=1e-6)


def test_the_lab_corrupts_the_chip_alone() -> None:
    photo = read_photo("sample.png", sample_photo())
    experiment = Experiment({"noise": 15.0}, ((0, 9), (3, 9)), whole_photo=False)
    result = lab_answers.compute(photo, 0, experiment, NAMES)
    expected = corrupt(photo.chips[0], {"noise": 15.0}, box=((0, 9), (3, 9)))
    [answers] = pipeline.classify_chips(expected[None], NAMES, precision=settings().precision)
    for name in NAMES:
        after = result.answers[name][1]
        assert after is not None
        assert after.probabilities == pytest.approx(answers[name].probabilities, abs=1e-6)


def test_the_heat_map_claims_a_share_of_the_hidden_part(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = read_photo("sample.png", sample_photo())
    experiment = Experiment({"hide_mouth": 100.0})
    result = lab_answers.compute(photo, 0, experiment, NAMES)
    monkeypatch.setattr(lab_text.explanation_cache, "cached_map", lambda *_: None)
    claims = lab_text.claims(photo.chips[0], experiment, result)
    before = result.answers["multiclass"][0]
    heat = lab_text._mean_map("multiclass", before.emotion)
    assert heat is not None
    (top, bottom), (left, right) = ((32, 44), (12, 36))
    expected = heat[top:bottom, left:right].sum() / heat.sum()
    assert claims["multiclass"].share == pytest.approx(expected)
    assert not claims["multiclass"].is_own
    assert lab_text.claims(photo.chips[0], Experiment({"blur": 1.0}), result) == {}

    digest = hashlib.sha256(photo.chips[0].tobytes()).hexdigest()
    key = explanation_cache.map_key(digest, "multiclass", "layer_cam", None, None, before.emotion)
    even = SimpleNamespace(map=np.ones((48, 48)))  # what Saliency would have computed
    monkeypatch.undo()
    monkeypatch.setattr(explanation_cache.st, "session_state", {"saliency": {key: even}})
    claims = lab_text.claims(photo.chips[0], experiment, result)
    assert claims["multiclass"] == (pytest.approx(12 * 24 / 48**2), True)
    assert not claims["ferplus"].is_own


def test_sliders_and_a_lost_face_on_the_page() -> None:
    app = open_page(PAGE, part="face")
    element(app, "button", "sample").click().run()
    assert not app.exception
    assert f"**0 of {len(MODELS)} models** change their answer" in text_of(app)
    sliders = {slider.key for slider in app.slider}
    assert sliders == {f"lab-{corruption.name}" for corruption in lab_controls.SLIDERS}
    element(app, "slider", "lab-brighter").set_value(-250.0).run()
    assert "The detector no longer finds this face" in text_of(app)
    element(app, "button", "lab-reset").click().run()
    assert "The detector still finds the face" in text_of(app)


def test_a_photo_without_a_face_offers_the_whole_photo() -> None:
    app = upload(open_page(PAGE, part="face"), ("plain.png", plain_picture()))
    element(app, "button", "whole").click().run()
    assert not app.exception
    assert "models** change their answer" in text_of(app)
    assert not [widget for widget in app.button_group if widget.key == "lab-mode"]


def test_the_note_names_the_model_that_was_trained_with_faults() -> None:
    assert text_module.training_note(["multiclass", "ferplus"]).startswith("Only FER+ CNN was")
