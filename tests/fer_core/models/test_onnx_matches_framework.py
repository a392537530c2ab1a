"""ONNX Runtime and the framework that trained a network give the same logits."""

import subprocess
import sys

import numpy as np
import pytest

from fer_core import MODELS, get_model_spec
from fer_core.models.onnx_network import OnnxNetwork

TORCH = [n for n, v in MODELS.items() if not v.members and n != "keras_cnn"]


@pytest.mark.parametrize("name", TORCH)
def test_torch_agrees(name: str, chips: np.ndarray) -> None:
    import torch

    from fer_core.models.networks.torch_loading import load_network

    with torch.no_grad():
        expected = load_network(name)(torch.from_numpy(chips)).numpy()
    np.testing.assert_allclose(OnnxNetwork(get_model_spec(name)).logits(chips), expected, atol=1e-3)


def test_tensorflow_agrees(chips: np.ndarray) -> None:
    from fer_core.models.networks.keras_cnn import load_network

    images = chips[..., None].astype(np.float32) / 255
    expected = load_network("keras_cnn").predict(images, verbose=0)
    np.testing.assert_allclose(
        OnnxNetwork(get_model_spec("keras_cnn")).logits(chips), expected, atol=1e-3
    )


@pytest.mark.parametrize("order", ["torch keras", "keras torch"])
def test_both_frameworks_work_in_one_process(order: str) -> None:
    loads = {
        "torch": "from fer_core.models.networks.torch_loading import load_network as t\n"
        "import torch; t('multiclass')(torch.zeros(1, 48, 48, dtype=torch.uint8))\n",
        "keras": "from fer_core.models.networks.keras_cnn import load_network as k\n"
        "import numpy; k('keras_cnn')(numpy.zeros((1, 48, 48, 1), 'float32'))\n",
    }
    program = "".join(loads[name] for name in order.split())
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
