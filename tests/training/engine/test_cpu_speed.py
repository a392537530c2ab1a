"""Speed-ups change only the cost of training: dropout masks, number format, memory."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from fer_core.models.networks.face_model import FaceModel
from fer_core.registry import Preprocessing
from training.engine.cpu_speed import is_bfloat16_faster
from training.engine.data import load_data
from training.engine.multi_sample_dropout import MultiSampleDropout
from training.engine.torch_trainer import TorchTrainer
from training.recipes import Recipe

PREPROCESSING = Preprocessing(size=32, channels=3)
SHORT = Recipe(epochs=1, batch=35, learning_rate=0.01)

#: Allocates and frees 32 MB repeatedly; prints the number of page faults.
ALLOCATE_REPEATEDLY = """
import resource, sys
import numpy as np
from training.engine.cpu_speed import keep_freed_memory
if sys.argv[1] == "keep" and not keep_freed_memory():
    sys.exit("no glibc")
for i in range(40):
    if i == 10:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    np.ones(2**22)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def trainer(data: Path, run: Path, recipe: Recipe, p: float = 0.5) -> TorchTrainer:
    torch.manual_seed(0)
    network = FaceModel("resnet18")
    network.dropout.p = p
    return TorchTrainer(network, PREPROCESSING, recipe, load_data(data), run, torch.device("cpu"))


def test_each_mask_covers_the_whole_batch() -> None:
    torch.manual_seed(0)
    logits = torch.rand(5, 7) + 1
    dropout = MultiSampleDropout(0.5, 6)
    masked = dropout.train()(logits).reshape(6, 5, 7)
    is_kept = masked != 0
    torch.testing.assert_close(masked[is_kept], (2 * logits).expand(6, 5, 7)[is_kept])
    assert 0.3 < is_kept.float().mean() < 0.7
    assert len({tuple(mask.flatten().tolist()) for mask in is_kept}) == 6
    assert torch.equal(dropout.eval()(logits), logits)


def test_masks_are_compared_with_the_right_targets(tiny_data: Path, tmp_path: Path) -> None:
    """Without dropout, many masks give the same step as one."""
    one = trainer(tiny_data, tmp_path, SHORT, p=0.0)
    many = trainer(tiny_data, tmp_path, replace(SHORT, dropout_samples=4), p=0.0)
    assert isinstance(many.network.dropout, MultiSampleDropout)
    assert not isinstance(one.network.dropout, MultiSampleDropout)
    assert float(many.train_step(0.01)) == pytest.approx(float(one.train_step(0.01)), rel=1e-4)
    assert list(many.evaluated_state()) == list(FaceModel("resnet18").state_dict())
    assert many.public_logits().shape == (70, 7)


@pytest.mark.parametrize("is_faster", [True, False])
def test_bfloat16_only_where_it_is_faster(
    is_faster: bool, tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.engine.cpu_speed.is_bfloat16_faster", lambda _device: is_faster)
    torch_trainer = trainer(tiny_data, tmp_path, SHORT)
    dtypes = []
    first = torch_trainer.network.backbone.conv1
    assert isinstance(first, nn.Conv2d)
    first.register_forward_hook(lambda _module, _inputs, output: dtypes.append(output.dtype))
    torch_trainer.train_step(0.01)
    assert dtypes == [torch.bfloat16 if is_faster else torch.float32]


@pytest.mark.parametrize(
    ("processor", "is_faster"),
    [
        ({"cpu_name": "Intel Xeon", "amx_bf16": True, "avx512_bf16": True}, True),
        ({"cpu_name": "Intel Xeon", "amx_bf16": False, "avx512_bf16": True}, False),
        ({"cpu_name": "AMD EPYC", "amx_bf16": False, "avx512_bf16": True}, True),
        ({"cpu_name": "AMD EPYC", "amx_bf16": False, "avx512_bf16": False}, False),
        ({}, False),  # torch's result on other architectures
    ],
)
def test_which_processors_are_faster_in_bfloat16(
    processor: dict[str, object], is_faster: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: processor)
    assert is_bfloat16_faster("cpu") == is_faster
    assert is_bfloat16_faster("cuda")


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc has this setting")
def test_freed_memory_is_kept() -> None:
    faults = {}
    for mode in ("keep", "plain"):
        result = subprocess.run(
            [sys.executable, "-c", ALLOCATE_REPEATEDLY, mode],
            capture_output=True,
            text=True,
            check=False,
        )
        if "no glibc" in result.stderr:
            pytest.skip("the C library is not glibc")
        faults[mode] = int(result.stdout)
    assert faults["keep"] < faults["plain"] / 10
