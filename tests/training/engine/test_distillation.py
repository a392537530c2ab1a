"""Knowledge distillation: the targets, the provenance and the errors."""

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
NO_TEACHER = Recipe(epochs=1, batch=35, learning_rate=0.01)
WITH_TEACHER = replace(NO_TEACHER, teacher="multiclass", teacher_share=0.7)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.engine.cpu_speed.is_bfloat16_faster", lambda _device: False)


def trainer(data: Path, run: Path, recipe: Recipe, size: int = 48) -> TorchTrainer:
    torch.manual_seed(0)
    preprocessing = get_model_spec("multiclass").preprocessing
    assert preprocessing is not None
    network = build("multiclass", **SMALL)
    return TorchTrainer(network, preprocessing.at(size), recipe, load_data(data), run, CPU)


@pytest.mark.usefixtures("exact")
def test_the_teacher_predicts_with_its_committed_weights(chips: np.ndarray) -> None:
    images = torch.from_numpy(chips)
    probabilities = Teacher("multiclass", CPU)(images[:, None].float() / 255)
    with torch.no_grad():
        expected = load_network("multiclass")(images).softmax(1)
    torch.testing.assert_close(probabilities, expected)
    assert not probabilities.requires_grad


@pytest.mark.usefixtures("exact")
def test_targets_mix_the_label_and_the_teachers_prediction(tiny_data: Path, tmp_path: Path) -> None:
    """The student may have another input size, but gets the same crop of the same image."""
    images, labels = trainer(tiny_data, tmp_path, NO_TEACHER).batch()
    _, targets = trainer(tiny_data, tmp_path, WITH_TEACHER).batch()
    probabilities = Teacher("multiclass", CPU)(images)
    torch.testing.assert_close(targets, 0.3 * labels + 0.7 * probabilities)
    larger, same = trainer(tiny_data, tmp_path, WITH_TEACHER, size=64).batch()
    assert larger.shape == (35, 1, 64, 64)
    torch.testing.assert_close(same, targets)


@pytest.mark.usefixtures("exact")
def test_the_teacher_gets_the_mixed_images(tiny_data: Path, tmp_path: Path) -> None:
    images, labels = trainer(tiny_data, tmp_path, replace(NO_TEACHER, mixup=0.5)).batch()
    assert 0 < labels.max(1).values.min() < 1
    mixed = replace(WITH_TEACHER, mixup=0.5)
    _, targets = trainer(tiny_data, tmp_path, mixed).batch()
    probabilities = Teacher("multiclass", CPU)(images)
    torch.testing.assert_close(targets, 0.3 * labels + 0.7 * probabilities)
    _, larger = trainer(tiny_data, tmp_path, mixed, size=64).batch()
    torch.testing.assert_close(larger, targets)


def test_a_teacher_does_not_change_the_images(tiny_data: Path, tmp_path: Path) -> None:
    without, _ = trainer(tiny_data, tmp_path, NO_TEACHER).batch()
    with_teacher, _ = trainer(tiny_data, tmp_path, WITH_TEACHER).batch()
    assert torch.equal(without, with_teacher)


def test_yes_no_models_cannot_teach() -> None:
    with pytest.raises(ValueError, match="yes/no"):
        Teacher("individual", CPU)


def test_the_provenance_names_the_teacher(
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
    paths = ["--data", str(tiny_data), "--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    assert train.main(["multiclass", "--epochs", "1", *paths]) == 0
    provenance = weights_file.read_provenance(tmp_path / "w/multiclass.safetensors")
    assert provenance["labels"] == "FER2013's own, mixed with 70% of what multiclass answers"
    assert provenance["taught_by"] == {
        "multiclass": store.sha256(weights_file.path(get_model_spec("multiclass")))
    }


@pytest.mark.parametrize(
    ("votes", "share", "description"),
    [
        (0.0, 0.0, ""),
        (0.4, 0.0, ", mixed with 40% of the crowd's votes (FER+)"),
        (0.75, 0.6, ", mixed with 30% of the crowd's votes (FER+) and 60% of what b answers"),
    ],
)
def test_percentages_are_of_the_whole_target(votes: float, share: float, description: str) -> None:
    recipe = Recipe(epochs=1, votes=votes, teacher="b" if share else "", teacher_share=share)
    assert train._describe_targets(recipe) == f"FER2013's own{description}"


@pytest.mark.usefixtures("no_artifacts")
def test_a_teacher_without_weights_gives_a_one_line_error(
    tiny_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(train.RECIPES, "resnet101", replace(WITH_TEACHER, size=32))
    paths = ["--data", str(tiny_data), "--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    assert train.main(["resnet101", *paths]) == 1
    assert "multiclass is not trained yet" in capsys.readouterr().err
