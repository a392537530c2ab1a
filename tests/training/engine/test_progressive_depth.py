"""Progressive depth and resizing: a newly active block does not change the output."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer_core.models.networks.face_model import FaceModel
from fer_core.registry import Preprocessing
from training.engine.cpu_speed import Float32Conv2d, keep_depthwise_in_float32
from training.engine.data import load_data
from training.engine.progressive_depth import make_growable, set_active_blocks
from training.engine.torch_trainer import TorchTrainer
from training.recipes import RECIPES, Phase, Recipe

BACKBONES = ("resnet18", "efficientnet_b0")
PREPROCESSING = Preprocessing(size=40, channels=3)
PHASES = (Phase(0, size=32, blocks=1), Phase(0.5))
SHORT = Recipe(epochs=2, batch=35, optimizer="adam", learning_rate=1e-3, phases=PHASES)


def trainer(backbone: str, data: Path, run: Path, recipe: Recipe = SHORT) -> TorchTrainer:
    torch.manual_seed(0)
    return TorchTrainer(
        FaceModel(backbone), PREPROCESSING, recipe, load_data(data), run, torch.device("cpu")
    )


@pytest.mark.parametrize("backbone", BACKBONES)
def test_activating_blocks_does_not_change_the_output(backbone: str) -> None:
    torch.manual_seed(0)
    network = FaceModel(backbone)
    names = list(network.state_dict())
    make_growable(network)
    assert list(network.state_dict()) == names
    images = torch.rand(3, 3, 48, 48)
    network.eval()
    with torch.no_grad():
        set_active_blocks(network, 1)
        shallow = network(images)
        set_active_blocks(network, 0)
        torch.testing.assert_close(network(images), shallow)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_only_active_blocks_are_trained(backbone: str, tiny_data: Path, tmp_path: Path) -> None:
    torch_trainer = trainer(backbone, tiny_data, tmp_path)
    later = [n for n, _ in torch_trainer.network.named_parameters() if _block_index(n) >= 1]
    before = {name: value.clone() for name, value in torch_trainer.network.named_parameters()}
    torch_trainer.train_step(1e-3)
    after = dict(torch_trainer.network.named_parameters())
    assert later
    assert all(torch.equal(after[name], before[name]) for name in later)
    assert any(not torch.equal(after[name], before[name]) for name in after if name not in later)
    torch_trainer.progress.step = torch_trainer.total_steps // 2
    for _ in range(2):  # the first step moves the zero weight that made the block the identity
        torch_trainer.train_step(1e-3)
    after = dict(torch_trainer.network.named_parameters())
    assert all(not torch.equal(after[n], before[n]) for n in later if n.endswith("weight"))


def _block_index(name: str) -> int:
    """Return the index of a parameter's block within its stage; -1 outside the stages."""
    _, *parts = name.split(".")
    position = {"layer": 1, "block": 2}.get(parts[0][:5])
    return int(parts[position]) if position else -1


def test_a_resumed_run_in_phases_equals_an_uninterrupted_one(
    tiny_data: Path, tmp_path: Path
) -> None:
    whole = trainer("resnet18", tiny_data, tmp_path / "whole")
    whole.fit()
    assert whole.progress.log[-1]["epoch"] == 2
    interrupted = trainer("resnet18", tiny_data, tmp_path / "interrupted")
    interrupted.fit(max_minutes=0)  # one step
    resumed = trainer("resnet18", tiny_data, tmp_path / "interrupted")
    resumed.resume()
    assert resumed.progress.step == 1
    resumed.fit()
    for key, value in whole.evaluated_state().items():
        torch.testing.assert_close(resumed.evaluated_state()[key], value, rtol=0, atol=0)


def test_training_uses_the_phases_size_and_evaluation_the_final_one(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch_trainer = trainer("resnet18", tiny_data, tmp_path)
    sizes: list[int] = []
    for network in (torch_trainer.network, torch_trainer.ema.network):
        network.register_forward_pre_hook(lambda _, images: sizes.append(images[0].shape[-1]))
    torch_trainer.train_step(1e-3)
    torch_trainer.progress.step = torch_trainer.total_steps // 2
    torch_trainer.train_step(1e-3)
    torch_trainer.public_logits()
    assert sizes == [32, 40, 40]


def test_only_weights_of_the_last_cycle_are_kept(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evaluated at their own size, and kept even if an earlier cycle scored higher."""
    phases = (Phase(0, size=32), Phase(0.5, restart=True))
    torch_trainer = trainer("resnet18", tiny_data, tmp_path, replace(SHORT, phases=phases))
    sizes: list[int] = []
    perfect = torch.nn.functional.one_hot(
        torch.from_numpy(torch_trainer.public_test.labels).long(), 7
    ).float()

    def worsening_logits() -> torch.Tensor:
        sizes.append(torch_trainer.eval_size)
        return perfect.roll(len(sizes) - 1, dims=1)

    monkeypatch.setattr(torch_trainer, "public_logits", worsening_logits)
    progress = torch_trainer.fit()
    assert sizes == [32, 40]
    assert [row["public_score"] for row in progress.log] == [1, 0]
    assert (progress.best_epoch, progress.best_score) == (2, 0)


def test_other_backbones_are_an_error() -> None:
    with pytest.raises(ValueError, match="no stages"):
        make_growable(FaceModel("vgg11"))


def test_depthwise_convolutions_return_float32() -> None:
    network = FaceModel("efficientnet_b0").eval()
    images = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        plain = network(images)
        keep_depthwise_in_float32(network)
        torch.testing.assert_close(network(images), plain)
    depthwise = [module for module in network.modules() if isinstance(module, Float32Conv2d)]
    assert len(depthwise) == 16  # one per block
    with torch.autocast("cpu", torch.bfloat16):
        channels = depthwise[0].in_channels
        output = depthwise[0](torch.rand(1, channels, 8, 8).bfloat16())
    assert output.dtype == torch.float32


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.phases])
def test_recipes_in_phases_end_at_the_final_input_size(name: str) -> None:
    recipe = RECIPES[name]
    starts = [phase.start for phase in recipe.phases]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert recipe.phase(1.0).size in (0, recipe.size)


def test_phase_at_a_fraction_of_the_steps() -> None:
    assert RECIPES["multiclass"].phase(0.3) == Phase(0)
    recipe = replace(SHORT, phases=PHASES)
    assert [recipe.phase(fraction).size for fraction in np.linspace(0, 1, 5)] == [32, 32, 0, 0, 0]
