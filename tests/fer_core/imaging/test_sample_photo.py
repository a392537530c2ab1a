"""The sample photos: each has a face, and the models differ on one."""

import pytest

from fer_core import pipeline
from fer_core.artifacts import weights_file
from fer_core.imaging.sample_photo import SAMPLES, sample_photo
from fer_core.registry import MODELS

READY = [name for name, model in MODELS.items() if weights_file.is_ready(model)]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_one_face(name: str) -> None:
    [_] = pipeline.detect_faces(sample_photo(name)).faces


@pytest.mark.skipif(len(READY) < len(MODELS), reason="not all models are trained yet")
def test_the_models_differ_on_a_sample() -> None:
    photo = pipeline.classify(sample_photo("mouth covered.png"), "", READY)
    assert len({answer.emotion for answer in photo.faces[0].answers.values()}) > 1
