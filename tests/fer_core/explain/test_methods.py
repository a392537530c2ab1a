"""The registry of methods, and that importing it loads no framework."""

import subprocess
import sys

import pytest

from fer_core import MODELS
from fer_core.explain import DEPTHS, METHODS, default_depth, get_method, list_methods


@pytest.mark.parametrize("name", METHODS)
def test_a_record_says_what_a_page_needs(name: str) -> None:
    method = METHODS[name]
    assert method.name == name
    assert method.summary.endswith(".")
    assert "https://" in method.reference
    assert set(method.model_names) <= set(MODELS)
    assert method.min_peak > 0
    assert {default_depth(variant, name) for variant in method.model_names} <= set(DEPTHS)


@pytest.mark.parametrize("variant", MODELS)
def test_every_model_is_offered_layer_cam_and_grad_cam_first(variant: str) -> None:
    names = [method.name for method in list_methods(variant)]
    assert names[:2] == ["layer_cam", "grad_cam"]
    assert names == [name for name in METHODS if name in names]  # one order everywhere


def test_wrong_names_are_answered_with_the_right_ones() -> None:
    with pytest.raises(ValueError, match=r"choose one of layer_cam, grad_cam$"):
        get_method("score_cam", "keras_cnn")
    with pytest.raises(ValueError, match="choose one of layer_cam, "):
        get_method("lime", "multiclass")
    with pytest.raises(ValueError, match=r"unknown .* 'vgg'"):
        get_method("grad_cam", "vgg")


def test_tensorflow_may_come_before_torch() -> None:
    """The other order is in test_threads.py. Looking at the registry loads neither."""
    program = """
import sys
import numpy as np
from fer_core.explain import METHODS, explain, list_methods
assert len(METHODS) == 5 and list_methods("resnet101")
assert explain("multiclass", np.zeros((0, 48, 48), np.uint8), "happy") == []
assert not {"torch", "tensorflow", "keras", "pytorch_grad_cam"} & set(sys.modules)
chip = np.random.default_rng(0).integers(0, 255, (1, 48, 48)).astype(np.uint8)
for name in ("keras_cnn", "multiclass"):
    assert explain(name, chip, "happy")[0].map.shape == (48, 48)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
