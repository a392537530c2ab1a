"""The maps, over the grid of methods and families of models."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache

import numpy as np
import pytest

from fer_core import EMOTIONS, MODELS
from fer_core.errors import SettingsError
from fer_core.explain import METHODS, Explanation, explain, heat_maps, networks
from fer_core.explain.layers import DEPTHS
from fer_core.models.predictors import load

#: One of each kind: a torch network, seven of them, a Keras network, an ensemble. The two large
#: torch networks differ only in their layers, and the other ensembles share these networks.
FAMILIES = ("multiclass", "individual", "keras_cnn", "stacking")
GRID = [(v, name) for name, m in METHODS.items() for v in m.model_names if v in FAMILIES]
Explain = Callable[[str, str, str], list[Explanation]]
SLOW = "score_cam"  # a hundred or more passes per map


@pytest.fixture(scope="module")
def explained(faces: np.ndarray) -> Explain:
    """`explained(model_name, method, emotion)`: cached explanations of real faces."""

    @cache
    def explained(model_name: str, method: str, emotion: str) -> list[Explanation]:
        return explain(model_name, faces[3:4] if method == SLOW else faces[1:5], emotion, method)

    return explained


@pytest.mark.parametrize(("model_name", "method"), GRID)
def test_a_map_is_what_it_promises(explained: Explain, model_name: str, method: str) -> None:
    for found in explained(model_name, method, "happy"):
        assert found.map.shape == (48, 48)
        assert found.map.dtype == np.float32
        assert np.isfinite(found.map).all()
        assert found.map.min() >= 0
        assert found.map.max() == (0 if found.flat else 1)
        assert found.peak >= (0 if found.flat else METHODS[method].min_peak)
        asked = found.model_name, found.method, found.emotion, found.contrast
        assert asked == (model_name, method, "happy", None)


@pytest.mark.parametrize(("model_name", "method"), GRID)
def test_emotions_have_different_maps(explained: Explain, model_name: str, method: str) -> None:
    pairs = zip(
        explained(model_name, method, "happy"), explained(model_name, method, "fear"), strict=True
    )
    shown = [(a.map, b.map) for a, b in pairs if not (a.flat or b.flat)]
    same = [np.abs(a - b).max() < 0.01 for a, b in shown]
    one_network = len(MODELS[model_name].members) == 0 and model_name != "individual"
    if METHODS[method].class_discriminative or not one_network:
        assert sum(same) <= len(same) / 2
    else:
        assert all(same)  # as the record says


@pytest.mark.parametrize("model_name", [*FAMILIES, "resnet101", "efficientnet_b5"])
def test_every_depth(chips: np.ndarray, model_name: str) -> None:
    for depth in DEPTHS:
        found = explain(model_name, chips[:2], "sad", depth=depth)
        assert [e.depth for e in found] == [depth] * 2
        assert all(np.isfinite(e.map).all() for e in found)


@pytest.mark.parametrize("model_name", FAMILIES)
def test_the_default_is_the_models_own_prediction(chips: np.ndarray, model_name: str) -> None:
    own = [EMOTIONS[i] for i in load(model_name).predict_proba(chips).argmax(axis=1)]
    found = explain(model_name, chips)
    assert [e.emotion for e in found] == own
    named = explain(model_name, chips, own)
    for a, b in zip(found, named, strict=True):
        np.testing.assert_array_equal(a.map, b.map)


@pytest.mark.parametrize("model_name", FAMILIES)
def test_one_face_equals_a_batch_of_one(chips: np.ndarray, model_name: str) -> None:
    asked = ["happy", "sad", "fear", "happy", "angry"]
    together = explain(model_name, chips, asked)
    for i, emotion in enumerate(asked):
        [alone] = explain(model_name, chips[i : i + 1], emotion)
        assert alone.peak == pytest.approx(together[i].peak, rel=1e-2, abs=1e-5)
        if not (alone.flat or together[i].flat):
            np.testing.assert_allclose(alone.map, together[i].map, atol=0.02)


def test_many_chips_at_once(chips: np.ndarray) -> None:
    many = np.tile(chips, (8, 1, 1))  # more than one batch
    maps = heat_maps("multiclass", many, "happy", "layer_cam")
    assert maps.shape == (40, 48, 48)
    np.testing.assert_allclose(maps[:5], maps[35:], atol=1e-4)


@pytest.mark.parametrize("model_name", FAMILIES)
def test_a_rather_than_b_is_another_question(faces: np.ndarray, model_name: str) -> None:
    chips = faces[2:5]
    alone = explain(model_name, chips, "happy", "layer_cam")
    rather = explain(model_name, chips, "happy", "layer_cam", contrast="sad")
    turned = explain(model_name, chips, "sad", "layer_cam", contrast="happy")
    assert {e.contrast for e in rather} == {"sad"}
    for other in (alone, turned):
        pairs = [(a, b) for a, b in zip(rather, other, strict=True) if not (a.flat or b.flat)]
        assert all(np.abs(a.map - b.map).max() > 1e-3 for a, b in pairs)


def test_no_chips_no_maps() -> None:
    none = np.zeros((0, 48, 48), np.uint8)
    assert explain("multiclass", none) == []
    assert heat_maps("multiclass", none).shape == (0, 48, 48)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"model_name": "vgg"}, r"unknown .* 'vgg'"),
        ({"method": "lime"}, "choose one of layer_cam"),
        (
            {"model_name": "resnet101", "method": "score_cam"},
            "choose one of layer_cam, .*eigen_cam$",
        ),
        ({"emotion": "bored"}, "unknown emotion 'bored'"),
        ({"emotion": ["happy"]}, "1 emotions for 5 chips"),
        ({"contrast": "bored"}, "unknown emotion 'bored'"),
        ({"contrast": "happy"}, "contrasted with itself"),
        ({"contrast": "sad", "method": "eigen_cam"}, "same map for every emotion"),
        ({"depth": 5}, "depth must be 1"),
        ({"chips": np.zeros((1, 64, 64), np.uint8)}, r"\(N, 48, 48\) uint8"),
        ({"chips": np.zeros((1, 48, 48), np.float32)}, r"\(N, 48, 48\) uint8"),
    ],
)
def test_invalid_arguments_are_rejected(chips: np.ndarray, wrong: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explain(**{"model_name": "multiclass", "chips": chips, "emotion": "happy", **wrong})


def test_without_a_writable_folder_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """matplotlib, which grad-cam imports, raises OSError then."""

    def fail(name: str) -> None:
        raise OSError("Matplotlib requires access to a writable cache directory")

    monkeypatch.setattr(networks, "import_module", fail)
    monkeypatch.setattr(networks, "exclusive_network", lambda name: nullcontext())
    with pytest.raises(SettingsError, match="writable temporary folder; set TMPDIR"):
        explain("multiclass", np.zeros((1, 48, 48), np.uint8), "happy")
