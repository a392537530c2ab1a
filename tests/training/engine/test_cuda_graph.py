"""A step replayed as a CUDA graph equals an ordinary step. Needs a GPU."""

from pathlib import Path

import pytest
import torch

from fer_core.models.networks.face_model import FaceModel
from fer_core.registry import Preprocessing
from training.engine.data import load_data
from training.engine.torch_trainer import TorchTrainer
from training.recipes import Phase, Recipe

RECIPE = Recipe(
    epochs=4,
    batch=35,
    optimizer="adam",
    learning_rate=1e-3,
    mixup=0.2,
    dropout_samples=8,
    phases=(Phase(0, size=32), Phase(0.5)),
    network={"drop_path_rate": 0.1},
)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="CUDA graphs need a GPU")
def test_replayed_steps_are_the_same_steps(tiny_data: Path, tmp_path: Path) -> None:
    losses = []
    for replayed in (True, False):
        torch.manual_seed(0)
        network = FaceModel("resnet18", **RECIPE.network)
        preprocessing, data = Preprocessing(size=48, channels=3), load_data(tiny_data)
        trainer = TorchTrainer(network, preprocessing, RECIPE, data, tmp_path, torch.device("cuda"))
        assert trainer._graph_step is not None
        if not replayed:
            trainer._graph_step = None
        losses.append([row["training_loss"] for row in trainer.fit().log])
    assert losses[0] == pytest.approx(losses[1], rel=0.02)
    assert len(losses[0]) == 4
