"""Training on synthetic data: it learns, stops, resumes exactly and writes usable weights."""

import itertools
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import ferplus_file
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from fer_core import get_model_spec
from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.store import Artifacts
from fer_core.datasets import near_copies
from fer_core.datasets.fer2013_ids import FIRST_ROW, official_id
from fer_core.datasets.ferplus import COLUMNS
from fer_core.datasets.near_copies import NearCopy
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.models.networks.torch_loading import ChipNetwork, build, load_network
from fer_core.models.onnx_network import OnnxNetwork
from training import evaluate, train
from training.engine.augment import Augmentation
from training.engine.data import FerData, load_data
from training.engine.torch_trainer import TorchTrainer
from training.engine.trainer import Trainer
from training.recipes import RECIPES, Recipe


def torch_trainer(data: Path | FerData, run: Path, recipe: Recipe) -> TorchTrainer:
    torch.manual_seed(recipe.seed)
    network = build("multiclass", widths=[4, 8, 8, 8], hidden=16)
    preprocessing = get_model_spec("multiclass").preprocessing
    assert preprocessing is not None
    images = data if isinstance(data, FerData) else load_data(data)
    return TorchTrainer(network, preprocessing, recipe, images, run, torch.device("cpu"))


def keras_trainer(data: Path, run: Path, recipe: Recipe) -> Trainer:
    import keras

    from training.engine.keras_trainer import KerasTrainer

    keras.utils.set_random_seed(recipe.seed)
    layers = [keras.Input((48, 48, 1)), keras.layers.AveragePooling2D(6), keras.layers.Flatten()]
    layers += [keras.layers.Dropout(0.2), keras.layers.Dense(7, name="logits")]
    preprocessing = get_model_spec("keras_cnn").preprocessing
    assert preprocessing is not None
    return KerasTrainer(keras.Sequential(layers), preprocessing, recipe, load_data(data), run)


TRAINERS = {
    "multiclass": (torch_trainer, replace(RECIPES["multiclass"], epochs=6, batch=35, mixup=0.2)),
    "keras_cnn": (keras_trainer, replace(RECIPES["keras_cnn"], epochs=6, batch=35)),
}


@pytest.mark.parametrize("kind", TRAINERS)
def test_a_resumed_run_equals_an_uninterrupted_one(
    kind: str, tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.engine.trainer.CHECKPOINT_SECONDS", 0.0)  # after every step
    make, recipe = TRAINERS[kind]
    whole = make(tiny_data, tmp_path / "whole", recipe)
    whole.fit()

    interrupted = make(tiny_data, tmp_path / "interrupted", recipe)
    train_step = interrupted.train_step

    def fail_within_an_epoch(rate: float) -> float:
        if interrupted.progress.step == 13:
            raise KeyboardInterrupt
        return train_step(rate)

    interrupted.train_step = fail_within_an_epoch  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        interrupted.fit()

    resumed = make(tiny_data, tmp_path / "interrupted", recipe)
    resumed.resume()
    assert resumed.progress.step == 13
    resumed.fit()
    state = resumed.evaluated_state()
    for key, value in whole.evaluated_state().items():
        np.testing.assert_array_equal(np.array(value), np.array(state[key]), key)
    losses = [[row["training_loss"] for row in run.progress.log] for run in (whole, resumed)]
    assert losses[0] == losses[1]


def test_a_killed_command_resumes_to_the_same_weights(tiny_data: Path, tmp_path: Path) -> None:
    def command(out: str, *more: str) -> list[str]:
        arguments = ["multiclass", "--data", str(tiny_data), "--epochs", "5", *more]
        arguments += ["--out", str(tmp_path / out), "--runs", str(tmp_path / f"{out}-runs")]
        return [sys.executable, "-m", "training.train", *arguments]

    subprocess.run(command("whole"), check=True, capture_output=True)
    process = subprocess.Popen(command("killed"), stderr=subprocess.DEVNULL)
    checkpoint = tmp_path / "killed-runs/multiclass/last.pt"
    while not checkpoint.is_file() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it finished before it could be killed"
    subprocess.run(command("killed", "--resume"), check=True, capture_output=True)
    whole, killed = (
        load_file(tmp_path / out / "multiclass.safetensors") for out in ("whole", "killed")
    )
    for key, value in whole.items():
        np.testing.assert_array_equal(value, killed[key], key)
    logs = [(tmp_path / out / "multiclass.log.csv").read_text() for out in ("whole", "killed")]
    assert [len(log.splitlines()) for log in logs] == [6, 6]


def test_it_learns_and_the_weights_are_usable(
    tiny_data: Path, tmp_path: Path, no_artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole pipeline on synthetic stripes: train, export, ensembles and evaluation."""
    paths = ["--data", str(tiny_data), "--out", str(no_artifacts.weights)]
    paths += ["--runs", str(tmp_path / "runs")]
    for name in ("multiclass", "individual"):
        no_teacher = {"teacher": "", "teacher_share": 0.0}
        small = replace(RECIPES[name], batch=35, augmentation=PLAIN, network=SMALL, **no_teacher)
        monkeypatch.setitem(train.RECIPES, name, small)
        assert train.main([name, "--epochs", "12", *paths]) == 0
    data = load_data(tiny_data)
    for name in ("ensemble_single", "ensemble_full", "stacking"):
        assert train.main([name, *paths]) == 0
    for name in ("multiclass", "individual", "ensemble_single", "ensemble_full", "stacking"):
        summary = evaluate.write_results(get_model_spec(name), data, no_artifacts.results)
        assert summary["splits"]["PrivateTest"]["accuracy"] > 0.6, name
        assert summary["no_skill"]["PrivateTest"] == pytest.approx(1 / 7)
        saved = np.load(summaries.path(get_model_spec(name)).with_suffix(".npz"))
        assert saved["probabilities"].shape == (140, 7)
        assert set(saved["ids"]) == {*data.split("PublicTest").ids, *data.split("PrivateTest").ids}
    provenance = weights_file.read_provenance(weights_file.path(get_model_spec("multiclass")))
    assert provenance["epochs"] == 12
    assert provenance["recipe"]["batch"] == 35
    assert provenance["initialisation"] == "random"
    provenance = weights_file.read_provenance(weights_file.path(get_model_spec("individual")))
    assert provenance["initialisation"] == "multiclass"
    assert provenance["started_from"] == {
        "multiclass": store.sha256(weights_file.path(get_model_spec("multiclass")))
    }


def test_yes_no_models_start_as_the_multi_class_network(chips: np.ndarray) -> None:
    multiclass = load_network("multiclass")
    yes_no = YesNoModels(**RECIPES["individual"].network)
    yes_no.start_from(multiclass.network)
    copied = ChipNetwork(yes_no, multiclass.preprocessing).eval()
    with torch.no_grad():
        torch.testing.assert_close(
            copied(torch.from_numpy(chips)), multiclass(torch.from_numpy(chips))
        )


@pytest.mark.usefixtures("no_artifacts")
def test_missing_start_weights_give_one_line(
    tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = ["--data", str(tiny_data), "--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    assert train.main(["individual", *paths]) == 1
    assert "multiclass is not trained yet" in capsys.readouterr().err


PLAIN = Augmentation(degrees=0, scale=0, shift=0, flip=False, brightness=0, contrast=0, erase=0)
SMALL = {"widths": [8, 8, 16, 16], "depth": 1, "hidden": 32}


def test_max_minutes_stops_cleanly_with_weights(tiny_data: Path, tmp_path: Path) -> None:
    paths = ["--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    arguments = ["multiclass", "--data", str(tiny_data), "--epochs", "500", *paths]
    assert train.main([*arguments, "--max-minutes", "0.01"]) == 0
    provenance = weights_file.read_provenance(tmp_path / "w/multiclass.safetensors")
    assert 0 < provenance["epochs"] < 500


def test_slow_checkpoints_are_written_less_often(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a GPU an epoch may be faster than the checkpoint after it."""
    seconds = itertools.count()
    clock = SimpleNamespace(monotonic=lambda: next(seconds))
    monkeypatch.setattr("training.engine.trainer.time", clock)
    trainer = torch_trainer(tiny_data, tmp_path, TRAINERS["multiclass"][1])
    saved_epochs: list[int] = []

    def save_slowly() -> None:
        saved_epochs.append(trainer.progress.step // trainer.steps_per_epoch)
        for _ in range(1000):
            next(seconds)

    monkeypatch.setattr(trainer, "save", save_slowly)
    assert len(trainer.fit().log) == 6
    assert saved_epochs == [1, 6], "after the first epoch and at the end"


def test_images_with_a_copy_in_training_choose_no_epoch(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_copies, "has_training_copy", lambda ids: np.arange(len(ids)) % 2 == 0)
    trainer = torch_trainer(tiny_data, tmp_path, TRAINERS["multiclass"][1])
    public_test = load_data(tiny_data).split("PublicTest")
    assert trainer.public_test.ids.tolist() == public_test.ids[1::2].tolist()
    assert len(trainer.public_logits()) == 35


def test_early_stopping(tiny_data: Path, tmp_path: Path) -> None:
    recipe = replace(TRAINERS["multiclass"][1], epochs=50, learning_rate=0.0, patience=3)
    trainer = torch_trainer(tiny_data, tmp_path, recipe)
    assert len(trainer.fit().log) == 4


def test_two_processes_under_torchrun(tiny_data: Path, tmp_path: Path) -> None:
    paths = ["--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    launcher = ["torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    command = [sys.executable, "-m", *launcher, "-m", "training.train", "multiclass"]
    command += ["--data", str(tiny_data), "--epochs", "2", "--device", "cpu", *paths]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    assert weights_file.read_provenance(tmp_path / "w/multiclass.safetensors")["epochs"] == 2


def test_half_precision_overflow_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="logits/bias does not fit into half precision"):
        weights_file.save(tmp_path / "a.safetensors", {"logits/bias": np.full(7, 1e6)}, {})


def test_onnx_graph_equals_keras_network(no_artifacts: Artifacts, chips: np.ndarray) -> None:
    """Also with running statistics that differ from the initial ones."""
    from fer_core.models.networks.keras_cnn import build as build_keras
    from fer_core.models.networks.keras_cnn import load_network
    from training.engine.keras_trainer import keras_tensors
    from training.export_onnx import write_graph

    model = build_keras()
    random = np.random.default_rng(0)
    for layer in model.layers:
        layer.set_weights([w + random.uniform(0, 0.05, w.shape) for w in layer.get_weights()])
    weights_file.save(weights_file.path(get_model_spec("keras_cnn")), keras_tensors(model), {})
    write_graph(get_model_spec("keras_cnn"), no_artifacts.weights)
    expected = load_network("keras_cnn").predict(
        chips[..., None].astype(np.float32) / 255, verbose=0
    )
    logits = OnnxNetwork(get_model_spec("keras_cnn")).logits(chips)
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-3)


def test_training_needs_no_app_and_no_inference_packages(tiny_data: Path, tmp_path: Path) -> None:
    """A GPU machine may have only torch; the ONNX graph is then exported elsewhere."""
    absent = ["streamlit", "tensorflow", "keras", "onnx", "onnxruntime", "cv2", "plotly"]
    program = (
        "import sys, importlib.util as util; find = util.find_spec\n"
        f"sys.modules.update(dict.fromkeys({absent}))\n"
        f"util.find_spec = lambda name, *a: None if name in {absent} else find(name, *a)\n"
        "from training import train; sys.exit(train.main(sys.argv[1:]))"
    )
    arguments = ["multiclass", "--data", str(tiny_data), "--epochs", "1"]
    arguments += ["--out", str(tmp_path / "w"), "--runs", str(tmp_path / "r")]
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert "python -m training.export_onnx multiclass" in result.stdout
    assert (tmp_path / "w/multiclass.safetensors").is_file()


def test_a_recipe_by_votes_learns_from_the_votes_alone(
    tiny_data: Path, tmp_path: Path, copied_results: Path
) -> None:
    """Of the Training images every second has votes, for the next emotion; one is a test copy."""
    drawn = load_data(tiny_data)
    is_training, is_public = (
        np.char.startswith(drawn.ids, split) for split in ("Training", "Public")
    )
    rows = np.arange(len(drawn.ids))
    rows[is_training] = np.arange(is_training.sum())
    rows[is_public] = FIRST_ROW["PublicTest"] + np.arange(is_public.sum())
    has_votes = is_public | (is_training & (rows % 2 == 0))
    ids = np.where(has_votes | is_training, [official_id(row) for row in rows], drawn.ids)
    data = FerData(ids, drawn.labels, drawn.chips, tmp_path / "fer2013")
    votes = {
        int(row): {COLUMNS[(label + 1) % 7]: 10}
        for row, label in zip(rows[has_votes], data.labels[has_votes], strict=True)
    }
    ferplus_file.write(tmp_path / "fer2013new.csv", votes)
    near_copies.write_matches([])
    near_copies.write_training_copies(
        [NearCopy("PublicTest_1", official_id(0), 1.0, mirrored=False, training_label="angry")]
    )
    recipe = replace(TRAINERS["multiclass"][1], by_votes=True)
    trainer = torch_trainer(data, tmp_path / "run", recipe)
    used = is_training & (rows % 2 == 0) & (rows > 0)
    assert len(trainer.chips) == used.sum()
    np.testing.assert_array_equal(
        trainer.targets.argmax(1).numpy(), (data.labels[used].astype(int) + 1) % 7
    )
    np.testing.assert_array_equal(
        trainer.public_test.labels, (data.labels[is_public].astype(int) + 1) % 7
    )


def test_a_network_starts_from_the_weights_of_another() -> None:
    first, second = (ScratchCNN([4, 8, 8, 8], hidden=16) for _ in range(2))
    second.start_from(first)
    for key, value in first.state_dict().items():
        torch.testing.assert_close(second.state_dict()[key], value)
