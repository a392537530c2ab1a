"""Training that cannot succeed is refused with one sentence before it begins."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from fer_core.artifacts.store import Artifacts
from fer_core.models.networks.torch_loading import build
from fer_core.registry import get_model_spec
from training import train
from training.engine import torch_trainer
from training.engine.data import load_data
from training.engine.torch_trainer import TorchTrainer
from training.engine.trainer import Trainer
from training.recipes import RECIPES

SMALL = {"widths": [4, 8, 8, 8], "hidden": 16}


@pytest.fixture
def command(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_artifacts: Artifacts
) -> list[str]:
    """Arguments of a training command that would work, but must not begin."""
    monkeypatch.setattr(Trainer, "fit", lambda *_: pytest.fail("training began"))
    small = replace(RECIPES["multiclass"], batch=35, teacher="", network=SMALL)
    monkeypatch.setitem(train.RECIPES, "multiclass", small)
    folders = ["--out", str(tmp_path / "weights"), "--runs", str(tmp_path / "runs")]
    return ["multiclass", "--data", str(tiny_data), *folders]


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run the command, which must fail with one sentence; return it."""
    assert train.main(arguments) == 1
    [error] = [e for e in capsys.readouterr().err.splitlines() if e.startswith("error: ")]
    return error


def test_without_public_test(
    command: list[str], tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(tiny_data / "train", tmp_path / "fer2013" / "train")
    assert "has no PublicTest images: test/" in refusal(
        [*command, "--data", str(tmp_path / "fer2013")], capsys
    )


def test_without_data(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no data at" in refusal([*command, "--data", str(tmp_path / "nowhere")], capsys)


def test_with_too_few_images_for_a_batch(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = replace(train.RECIPES["multiclass"], batch=1000)
    monkeypatch.setitem(train.RECIPES, "multiclass", large)
    assert "280 training images do not fill a batch of 1000" in refusal(command, capsys)


def test_with_too_few_images_for_an_ensembles_folds(
    command: list[str], tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = shutil.copytree(tiny_data, tmp_path / "few")
    for file in sorted(few.glob("test/sad/PublicTest_*"))[4:]:
        file.unlink()
    error = refusal(["stacking", *command[1:], "--data", str(few)], capsys)
    assert "stacking needs 5 PublicTest images of each emotion; sad has 4" in error


@pytest.mark.parametrize("value", ["0", "-3", "1.5", "many"])
def test_with_a_schedule_of_no_length(command: list[str], value: str) -> None:
    with pytest.raises(SystemExit) as ended:
        train.main([*command, "--epochs", value])
    assert ended.value.code == 2


def test_on_a_gpu_that_is_not_there(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_trainer.torch.cuda, "is_available", lambda: False)
    assert "torch finds no GPU" in refusal([*command, "--device", "cuda"], capsys)


@pytest.mark.parametrize("option", ["--out", "--runs"])
def test_into_a_folder_that_cannot_be_made(
    command: list[str], option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    error = refusal([*command, option, str(tmp_path / "file" / "folder")], capsys)
    assert "cannot be written: Not a directory" in error


@pytest.mark.parametrize("damage", ["cut off", "empty", "another file", "another network"])
def test_from_a_damaged_checkpoint(
    damage: str,
    command: list[str],
    tiny_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    preprocessing = get_model_spec("multiclass").preprocessing
    assert preprocessing is not None
    widths = [8, 8, 8, 8] if damage == "another network" else SMALL["widths"]
    network = build("multiclass", widths=widths, hidden=16)
    run = tmp_path / "runs" / "multiclass"
    run.mkdir(parents=True)
    recipe, data = train.RECIPES["multiclass"], load_data(tiny_data)
    TorchTrainer(network, preprocessing, recipe, data, run, torch.device("cpu")).save()
    content = (run / "last.pt").read_bytes()
    damaged = {"cut off": content[: len(content) // 2], "empty": b"", "another file": b"<html>"}
    (run / "last.pt").write_bytes(damaged.get(damage, content))
    error = refusal([*command, "--resume"], capsys)
    assert "last.pt is damaged or of another recipe: delete it" in error


def test_pretrained_weights_without_a_network(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    monkeypatch.setattr(train, "build", offline)
    error = refusal(["efficientnet_b5", *command[1:], "--pretrained"], capsys)
    assert "--pretrained needs the network" in error


def test_pretrained_weights_that_do_not_exist(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main([*command, "--pretrained"]) == 2
    assert "multiclass has no published weights" in capsys.readouterr().err


def test_weights_that_will_be_replaced_are_named_first(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command += ["--data", str(tmp_path / "nowhere")]
    assert train.main(command) == 1
    assert "replaced" not in capsys.readouterr().err
    (tmp_path / "weights" / "multiclass.safetensors").write_bytes(b"")
    assert train.main(command) == 1
    assert "multiclass.safetensors will be replaced" in capsys.readouterr().err
