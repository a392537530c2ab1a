"""Saliency's images and texts, without the page."""

import io

import numpy as np
import pytest
from fake_explanations import HEAT, explained
from PIL import Image

from fer_core.answers import Answer
from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.explain import METHODS, render
from fer_core.explain.faithfulness import CURVE_FRACTIONS, Faithfulness
from fer_core.faces import align
from fer_core.imaging.sample_photo import sample_photo
from fer_core.registry import MODELS
from pages.sections.saliency import image as saliency_image
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult
from pages.session import explanation_cache
from pages.session.photo import Photo, read_photo


def test_the_session_keeps_a_bounded_number_of_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation_cache.st, "session_state", {})
    made = []

    def make(missing: list[int]) -> list[int]:
        made.extend(missing)
        return missing

    for i in range(1, 3 * explanation_cache.MAX_ENTRIES):
        explanation_cache.session_cached_many([i, 0], make, "")
    assert len(explanation_cache.st.session_state["saliency"]) == explanation_cache.MAX_ENTRIES
    assert made.count(0) == 1  # what is used stays


def test_in_an_even_map_no_region_stands_out() -> None:
    assert "no region stands out" in text.location_text(np.ones((48, 48), np.float32))
    assert text.location_text(HEAT).startswith("strongest at the mouth: 100")


def test_no_colour_where_there_is_no_heat() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (48, 48, 3)).astype(np.uint8)
    assert (render.overlay(picture, HEAT * 0, 1.0) == picture).all()
    assert (render.overlay(picture, HEAT, 0.0) == picture).all()
    laid = render.overlay(picture, HEAT, 1.0)
    assert (laid[HEAT == 0] == picture[HEAT == 0]).all()
    assert (laid[HEAT == 1] == laid[40, 20]).all()


@pytest.mark.parametrize("turned", [0, 30, None])
def test_on_the_photo_the_map_lies_where_the_chip_was_cut(turned: int | None) -> None:
    """A white square in a black photo: heat on the white of the chip is heat on the square."""
    image = np.zeros((300, 400, 3), np.uint8)
    image[150:170, 220:240] = 255
    across = np.deg2rad(turned or 0)
    step = 25 * np.array([np.cos(across), np.sin(across)])
    eyes = (tuple(np.array((200, 130)) - step), tuple(np.array((200, 130)) + step))
    face = align.Face((130, 80, 140, 160), 0.9, None if turned is None else eyes)
    chip = align.crop_chip(image, face)
    photo = Photo("a.png", 400, 300, _jpeg(image), (face,), chip[None])
    heat = (chip / chip.max()).astype(np.float32)
    laid = overlays.overlay_photo(photo, 0, heat, 1.0).astype(int)
    colourful = np.ptp(laid, axis=2)
    ys, xs = np.nonzero(colourful > 60)
    scale = laid.shape[1] / 400
    assert np.abs(np.array([xs.mean(), ys.mean()]) / scale - (229.5, 159.5)).max() < 2.5
    assert 15 < np.ptp(xs) / scale < 40


def _jpeg(image: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).resize((800, 600)).save(file, "JPEG", quality=95)
    return file.getvalue()


def test_the_png_has_no_metadata_and_holds_every_picture() -> None:
    photo = read_photo("secret name.png", sample_photo())
    subject = SelectedFace(photo.chips[0], {}, photo.name, photo)
    for emotion in ("happy", "sad"):
        [told] = explained("multiclass", photo.chips, [emotion], "grad_cam", contrast=None, depth=1)
        answer = Answer(dict.fromkeys(EMOTIONS, 1 / 7), 1.0)
        data = saliency_image.draw(
            subject, MapResult("multiclass", "grad_cam", emotion, answer, told), 0.7
        )
        image = Image.open(io.BytesIO(data))
        assert image.format == "PNG"
        assert image.info == {}
        assert b"secret" not in data
        assert image.width > 3 * saliency_image.SIDE


@pytest.mark.parametrize(
    ("drop", "random_drops", "probability", "fact", "conclusion"),
    [
        (0.5, [0.1] * 20, 0.9, "drops from 90\u00a0% to 40\u00a0%", "No random area"),
        (0.5, [0.1] * 18 + [0.6] * 2, 0.9, "lowers it by 15 points", "2 of 20"),
        (0.1, [0.2] * 20, 0.9, "lowers it by 20 points", "does not depend"),
        (-0.1, [-0.2] * 20, 0.5, "does not drop (50", "does not depend"),
        (-0.1, [-0.01] * 20, 0.5, "raises it by 1 point on", "does not depend"),
        (0.04, [-0.001] * 20, 0.05, "does not change it", "low probability to begin with"),
    ],
)
def test_faithfulness_in_words(
    drop: float, random_drops: list[float], probability: float, fact: str, conclusion: str
) -> None:
    curve = np.zeros(len(CURVE_FRACTIONS))
    faithfulness = Faithfulness(
        probability, drop, np.array(random_drops), curve, curve, CURVE_FRACTIONS
    )
    sentences = text.faithfulness_text(faithfulness, "happy")
    assert fact in sentences[0]
    assert conclusion in sentences[1]


@pytest.mark.parametrize("name", MODELS)
def test_a_missing_method_is_answered_with_the_available_ones(name: str) -> None:
    sentence = text.unsupported(name, "grad_cam")
    assert all(
        (m.title in sentence) == (name in m.model_names or m.name == "grad_cam")
        for m in METHODS.values()
        if m.title != "Grad-CAM"
    )


def test_models_at_the_baseline_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    results = {
        "splits": {"PrivateTest": {"accuracy": 0.25, "n": 3589}},
        "no_skill": {"PrivateTest": 0.245},
    }
    monkeypatch.setattr(summaries, "load_summary", lambda variant: results)
    assert "Stacking does not beat the no-skill baseline" in text.baseline_cautions(["stacking"])[0]
    results["splits"]["PrivateTest"]["accuracy"] = 0.4
    assert text.baseline_cautions(["stacking"]) == []
