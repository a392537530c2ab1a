"""Features are what the last linear layer gets, in both frameworks and both precisions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fer_core import MODELS, get_model_spec
from fer_core.artifacts import weights_file
from fer_core.errors import WeightsError
from fer_core.models.cache import MODEL_CACHE
from fer_core.models.predictors import load

TORCH = [n for n, m in MODELS.items() if not m.members and m.framework == "torch"]
ENSEMBLES = [n for n, m in MODELS.items() if m.members]


def linear_inputs(name: str, chips: np.ndarray) -> np.ndarray:
    """Inputs of the torch network's last linear layers, recorded by hooks."""
    import torch
    from torch import nn

    from fer_core.models.networks.torch_loading import load_network

    chip_network = load_network(name)
    seen: list[np.ndarray] = []
    last = [m for m in chip_network.modules() if isinstance(m, nn.Linear) and m.out_features < 8]
    for layer in last:
        layer.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].numpy()))
    with torch.no_grad():
        chip_network(torch.from_numpy(chips))
    return np.hstack(seen)


@pytest.mark.parametrize("name", TORCH)
def test_torch_agrees(name: str, chips: np.ndarray) -> None:
    found = load(name).features(chips)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, linear_inputs(name, chips), atol=1e-3)


def test_keras_agrees(chips: np.ndarray) -> None:
    import keras

    from fer_core.models.networks.keras_cnn import load_network

    network = load_network("keras_cnn")
    before = keras.Model(network.inputs, network.get_layer("logits").input)
    expected = before.predict(chips[..., None].astype(np.float32) / 255, verbose=0)
    np.testing.assert_allclose(load("keras_cnn").features(chips), expected, atol=1e-3)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_an_ensemble_has_those_of_its_members(name: str, chips: np.ndarray) -> None:
    members = [load(member).features(chips) for member in get_model_spec(name).members]
    np.testing.assert_array_equal(load(name).features(chips), np.hstack(members))
    assert load(name).features(chips[:0]).shape == (0, np.hstack(members).shape[1])


@pytest.mark.parametrize("name", MODELS)
def test_each_face_has_its_own(name: str, chips: np.ndarray) -> None:
    found = load(name).features(chips)
    alone = [load(name).features(chips[i : i + 1])[0] for i in range(2)]
    np.testing.assert_allclose(found[:2], alone, atol=1e-4)
    assert np.ptp(found, axis=0).max() > 0.1


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_the_last_layer_turns_them_into_logits(precision: Any, chips: np.ndarray) -> None:
    """In int8 too: features come from the graph that predicts."""
    import torch

    from fer_core.models.networks.torch_loading import load_network

    model = load("multiclass", precision)
    assert model.precision == precision
    last: Any = load_network("multiclass").network.head[-1]  # type: ignore[index,union-attr]
    with torch.no_grad():
        logits = last(torch.from_numpy(model.features(chips))).numpy()
    np.testing.assert_allclose(logits, model.decision_function(chips), atol=1e-3)


def test_the_second_session_is_made_when_needed(chips: np.ndarray) -> None:
    MODEL_CACHE.clear()
    model = load("multiclass")
    model.predict_proba(chips)
    assert len(MODEL_CACHE.sizes) == 1
    model.features(chips)
    assert len(MODEL_CACHE.sizes) == 2  # counted in the memory for models


def test_a_damaged_graph_is_refused_by_name(chips: np.ndarray, copied_weights: Path) -> None:
    model = load("multiclass")
    graph = weights_file.onnx_path(get_model_spec("multiclass"))
    graph.unlink()
    graph.write_bytes(b"no graph")
    with pytest.raises(WeightsError, match=graph.name):
        model.features(chips)
