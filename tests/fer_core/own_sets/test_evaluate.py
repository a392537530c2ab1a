"""`fer_core.evaluate`: labelled photos to an evaluation set in one call."""

import numpy as np
import pytest

import fer_core as fer
from fer_core.imaging.sample_photo import sample_photo


def test_photos_of_any_kind_are_asked_and_counted(portrait: np.ndarray) -> None:
    photos = [sample_photo(), portrait, b"no picture", sample_photo("admiral.png"), portrait]
    evaluated = fer.evaluate(
        photos,
        ["4", "Happy", "joy", "contempt", "sadness"],
        ["individual", "multiclass"],
        scheme="rafdb",
        groups={"age": ["a", "b", "b", "b", "b"]},
    )
    predictions = evaluated.predictions("multiclass")
    assert predictions.ids.tolist() == ["photo 1", "photo 2", "photo 5"]
    answers = fer.analyze(photos[:2], "multiclass")
    for row, photo in zip(predictions.probabilities, answers, strict=False):
        expected = photo.faces[0].answers["multiclass"].probabilities
        np.testing.assert_allclose(row, list(expected.values()), atol=1e-6)
    assert evaluated.groups["age"].tolist() == ["a", "b", "b"]
    for name in ("photo 3", "contempt (1)", "photo 5"):
        assert [note for note in evaluated.notes if name in note], name
    assert evaluated.compare("individual", "multiclass").n == 3


def test_numbers_from_numpy_and_crops(chips: np.ndarray) -> None:
    pictures = np.repeat(chips[..., None], 3, axis=3)
    evaluated = fer.evaluate(
        pictures, np.array([0, 1, 2, 3, 7]), "multiclass", whole_picture=True, scheme="affectnet"
    )
    assert evaluated.labels.tolist() == [4, 3, 5, 6]  # neutral, happy, sad, surprise
    model = fer.load_model("multiclass")
    expected = model.predict_proba(chips[:4])
    np.testing.assert_allclose(evaluated.predictions("multiclass").probabilities, expected, 1e-4)


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(ValueError, match="2 labels"):
        fer.evaluate([b"", b""], ["sad"])
    with pytest.raises(ValueError, match="groups of age"):
        fer.evaluate([b""], ["sad"], groups={"age": []})
    with pytest.raises(fer.ResultsError, match="no labelled face"):
        fer.evaluate([], [], "multiclass")
    with pytest.raises(fer.UnknownModelError):
        fer.evaluate([b""], ["sad"], "nobody")
