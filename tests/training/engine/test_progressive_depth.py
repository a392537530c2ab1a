"""Training shallow and small first: what is left out changes nothing on the step it joins."""

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
HOW = Preprocessing(size=40, channels=3)
PHASES = (Phase(0, size=32, blocks=1), Phase(0.5))
SHORT = Recipe(epochs=2, batch=35, optimizer="adam", learning_rate=1e-3, phases=PHASES)


def trainer(backbone: str, data: Path, run: Path, recipe: Recipe = SHORT) -> TorchTrainer:
    torch.manual_seed(0)
    return TorchTrainer(FaceModel(backbone), HOW, recipe, load_data(data), run, torch.device("cpu"))


@pytest.mark.parametrize("backbone", BACKBONES)
def test_blocks_that_join_change_no_answer(backbone: str) -> None:
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
def test_only_blocks_that_take_part_learn(backbone: str, tiny_data: Path, tmp_path: Path) -> None:
    made = trainer(backbone, tiny_data, tmp_path)
    later = [n for n, _ in made.network.named_parameters() if _place(n) >= 1]
    before = {name: value.clone() for name, value in made.network.named_parameters()}
    made.train_step(1e-3)
    after = dict(made.network.named_parameters())
    assert later
    assert all(torch.equal(after[name], before[name]) for name in later)
    assert any(not torch.equal(after[name], before[name]) for name in after if name not in later)
    made.progress.step = made.total_steps // 2
    for _ in range(2):  # the first lets go of the zero that made the block pass its input on
        made.train_step(1e-3)
    after = dict(made.network.named_parameters())
    assert all(not torch.equal(after[n], before[n]) for n in later if n.endswith("weight"))


def _place(name: str) -> int:
    """Which block of its stage a parameter belongs to; -1 for those of no stage."""
    _, *parts = name.split(".")
    place = {"layer": 1, "block": 2}.get(parts[0][:5])
    return int(parts[place]) if place else -1


def test_a_run_in_phases_resumes_and_ends_alike(tiny_data: Path, tmp_path: Path) -> None:
    whole = trainer("resnet18", tiny_data, tmp_path / "whole")
    whole.fit()
    assert whole.progress.log[-1]["epoch"] == 2
    broken = trainer("resnet18", tiny_data, tmp_path / "broken")
    broken.fit(max_minutes=0)  # one step
    resumed = trainer("resnet18", tiny_data, tmp_path / "broken")
    resumed.resume()
    assert resumed.progress.step == 1
    resumed.fit()
    for key, value in whole.evaluated_state().items():
        torch.testing.assert_close(resumed.evaluated_state()[key], value, rtol=0, atol=0)


def test_a_phase_has_its_size_and_the_judgement_the_networks_own(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer("resnet18", tiny_data, tmp_path)
    seen: list[int] = []
    for network in (made.network, made.ema.network):
        network.register_forward_pre_hook(lambda _, images: seen.append(images[0].shape[-1]))
    made.train_step(1e-3)
    made.progress.step = made.total_steps // 2
    made.train_step(1e-3)
    made.public_logits()
    assert seen == [32, 40, 40]


def test_every_cycle_of_the_learning_rate_ends_in_a_network_of_its_own(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged at its own size, and kept even where the cycle before had scored higher."""
    phases = (Phase(0, size=32), Phase(0.5, restart=True))
    made = trainer("resnet18", tiny_data, tmp_path, replace(SHORT, phases=phases))
    sizes: list[int] = []
    right = torch.nn.functional.one_hot(torch.from_numpy(made.public_test.labels).long(), 7).float()

    def worse_and_worse() -> torch.Tensor:
        sizes.append(made.eval_size)
        return right.roll(len(sizes) - 1, dims=1)

    monkeypatch.setattr(made, "public_logits", worse_and_worse)
    found = made.fit()
    assert sizes == [32, 40]
    assert [row["public_score"] for row in found.log] == [1, 0]
    assert (found.best_epoch, found.best_score) == (2, 0)


def test_another_kind_of_network_is_refused() -> None:
    with pytest.raises(ValueError, match="no stages"):
        make_growable(FaceModel("vgg11"))


def test_depthwise_convolutions_answer_in_float32() -> None:
    network = FaceModel("efficientnet_b0").eval()
    images = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        plain = network(images)
        keep_depthwise_in_float32(network)
        torch.testing.assert_close(network(images), plain)
    depthwise = [part for part in network.modules() if isinstance(part, Float32Conv2d)]
    assert len(depthwise) == 16  # one a block
    with torch.autocast("cpu", torch.bfloat16):
        channels = depthwise[0].in_channels
        told = depthwise[0](torch.rand(1, channels, 8, 8).bfloat16())
    assert told.dtype == torch.float32


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.phases])
def test_recipes_in_phases_end_at_the_size_they_are_used_at(name: str) -> None:
    recipe = RECIPES[name]
    starts = [phase.start for phase in recipe.phases]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert recipe.phase(1.0).size in (0, recipe.size)


def test_phase_of_a_recipe_without_any() -> None:
    assert RECIPES["multiclass"].phase(0.3) == Phase(0)
    recipe = replace(SHORT, phases=PHASES)
    assert [recipe.phase(done).size for done in np.linspace(0, 1, 5)] == [32, 32, 0, 0, 0]
