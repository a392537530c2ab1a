"""Two visitors at once, and many one after the other."""

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from live_objects import grown

from fer_core.explain import explain
from fer_core.explain.networks import exclusive_network

#: What different visitors ask at once; most share a network.
ASKED = [
    ("multiclass", 0, "happy", "grad_cam"),
    ("multiclass", 1, "sad", "layer_cam"),
    ("individual", 2, "happy", "grad_cam"),
    ("individual", 3, "fear", "grad_cam_plus_plus"),
    ("stacking", 4, "angry", "grad_cam"),
    ("ensemble_single", 0, "surprise", "layer_cam"),
    ("keras_cnn", 1, "happy", "grad_cam"),
    ("keras_cnn", 2, "sad", "layer_cam"),
    ("multiclass", 3, "neutral", "eigen_cam"),
]


def test_visitors_never_get_each_others_maps(chips: np.ndarray) -> None:
    def ask(question: tuple[str, int, str, str]) -> np.ndarray:
        variant, i, emotion, method = question
        [found] = explain(variant, chips[i : i + 1], emotion, method)
        return found.peak * (found.map if not found.flat else np.ones((48, 48), np.float32))

    alone = [ask(question) for question in ASKED]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, ASKED * 6))
    for i, heat in enumerate(found):
        expected = alone[i % len(ASKED)]
        np.testing.assert_allclose(heat, expected, rtol=1e-3, atol=1e-3 * expected.max())


def test_nothing_stays_on_a_network(chips: np.ndarray) -> None:
    def tensors() -> int:
        gc.collect()
        return sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())

    for method in ("grad_cam", "score_cam"):
        explain("individual", chips[:1], "happy", method)
    before = tensors()
    for method in ("grad_cam", "layer_cam", "score_cam"):
        explain("individual", chips[:2], "sad", method)
    assert tensors() == before
    with exclusive_network("individual") as network:
        assert not any(module._forward_hooks for module in network.modules())
        assert not any(p.requires_grad or p.grad is not None for p in network.parameters())


def test_maps_leave_nothing_behind(chips: np.ndarray) -> None:
    def ask() -> None:
        for chip in np.tile(chips, (10, 1, 1))[:, None]:
            explain("multiclass", chip)
            explain("individual", chip, method="layer_cam")

    assert grown(ask) < 100  # fewer than one object a map


def test_tensorflow_comes_to_torch() -> None:
    """In a process of its own, which the wrong order of imports would kill."""
    program = """
import numpy as np
from fer_core.explain import explain
for name in ("multiclass", "keras_cnn", "multiclass"):
    assert explain(name, np.zeros((1, 48, 48), np.uint8), "happy")[0].map.shape == (48, 48)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
