"""A network that another one teaches: what the targets are, and that it is told."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from fer_core import get_model_spec
from fer_core.artifacts import store, weights_file
from fer_core.models.networks.torch_loading import build, load_network
from training import train
from training.engine.augment import Augmentation
from training.engine.data import load_data
from training.engine.distillation import Teacher
from training.engine.torch_trainer import TorchTrainer
from training.recipes import RECIPES, Recipe

CPU = torch.device("cpu")
SMALL = {"widths": [4, 8, 8, 8], "hidden": 16}
ALONE = Recipe(epochs=1, batch=35, learning_rate=0.01)
TAUGHT = replace(ALONE, teacher="multiclass", teacher_share=0.7)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.engine.cpu_speed.is_bfloat16_faster", lambda _device: False)


def trainer(data: Path, run: Path, recipe: Recipe, size: int = 48) -> TorchTrainer:
    torch.manual_seed(0)
    how = get_model_spec("multiclass").preprocessing
    assert how is not None
    network = build("multiclass", **SMALL)
    return TorchTrainer(network, how.at(size), recipe, load_data(data), run, CPU)


@pytest.mark.usefixtures("exact")
def test_the_teacher_answers_as_its_committed_weights_do(chips: np.ndarray) -> None:
    images = torch.from_numpy(chips)
    answers = Teacher("multiclass", CPU)(images[:, None].float() / 255)
    with torch.no_grad():
        expected = load_network("multiclass")(images).softmax(1)
    torch.testing.assert_close(answers, expected)
    assert not answers.requires_grad


@pytest.mark.usefixtures("exact")
def test_targets_are_part_label_and_part_answer_to_the_same_crop(
    tiny_data: Path, tmp_path: Path
) -> None:
    """The student is shown other pixels, but the same cut of the same picture."""
    images, labels = trainer(tiny_data, tmp_path, ALONE).batch()
    _, targets = trainer(tiny_data, tmp_path, TAUGHT).batch()
    answers = Teacher("multiclass", CPU)(images)
    torch.testing.assert_close(targets, 0.3 * labels + 0.7 * answers)
    larger, same = trainer(tiny_data, tmp_path, TAUGHT, size=64).batch()
    assert larger.shape == (35, 1, 64, 64)
    torch.testing.assert_close(same, targets)


@pytest.mark.usefixtures("exact")
def test_the_teacher_is_shown_the_pictures_mixed(tiny_data: Path, tmp_path: Path) -> None:
    images, labels = trainer(tiny_data, tmp_path, replace(ALONE, mixup=0.5)).batch()
    assert 0 < labels.max(1).values.min() < 1
    mixed = replace(TAUGHT, mixup=0.5)
    _, targets = trainer(tiny_data, tmp_path, mixed).batch()
    answers = Teacher("multiclass", CPU)(images)
    torch.testing.assert_close(targets, 0.3 * labels + 0.7 * answers)
    _, larger = trainer(tiny_data, tmp_path, mixed, size=64).batch()
    torch.testing.assert_close(larger, targets)


def test_the_pictures_are_those_of_a_run_without_teacher(tiny_data: Path, tmp_path: Path) -> None:
    alone, _ = trainer(tiny_data, tmp_path, ALONE).batch()
    taught, _ = trainer(tiny_data, tmp_path, TAUGHT).batch()
    assert torch.equal(alone, taught)


def test_who_answers_by_yes_and_no_cannot_teach() -> None:
    with pytest.raises(ValueError, match="yes and no"):
        Teacher("individual", CPU)


def test_the_weights_say_who_taught_them(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = replace(
        RECIPES["multiclass"],
        batch=35,
        network=SMALL,
        augmentation=Augmentation(erase=0),
        teacher="multiclass",
        teacher_share=0.7,
    )
    monkeypatch.setitem(train.RECIPES, "multiclass", recipe)
    places = ["--data", str(tiny_data), "--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    assert train.main(["multiclass", "--epochs", "1", *places]) == 0
    made = weights_file.read_provenance(tmp_path / "w/multiclass.safetensors")
    assert made["labels"] == "FER2013's own, mixed with 70% of what multiclass answers"
    assert made["taught_by"] == {
        "multiclass": store.sha256(weights_file.path(get_model_spec("multiclass")))
    }


@pytest.mark.parametrize(
    ("votes", "share", "told"),
    [
        (0.0, 0.0, ""),
        (0.4, 0.0, ", mixed with 40% of the crowd's votes (FER+)"),
        (0.75, 0.6, ", mixed with 30% of the crowd's votes (FER+) and 60% of what b answers"),
    ],
)
def test_shares_are_told_of_the_whole_target(votes: float, share: float, told: str) -> None:
    recipe = Recipe(epochs=1, votes=votes, teacher="b" if share else "", teacher_share=share)
    assert train._describe_targets(recipe) == f"FER2013's own{told}"


@pytest.mark.usefixtures("no_artifacts")
def test_a_teacher_without_weights_is_one_sentence(
    tiny_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(train.RECIPES, "resnet101", replace(TAUGHT, size=32))
    places = ["--data", str(tiny_data), "--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    assert train.main(["resnet101", *places]) == 1
    assert "multiclass is not trained yet" in capsys.readouterr().err
