"""Train a variant by its recipe and write its weights: python -m training.train VARIANT."""

import argparse
import dataclasses
import math
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.store import artifacts
from fer_core.cli.command import report_errors
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.models.networks.torch_loading import build, load_network
from fer_core.registry import MODELS, ModelSpec, Preprocessing, get_model_spec
from training.engine.calibration import fit_platt_scaling, fit_temperature
from training.engine.cpu_speed import keep_freed_memory
from training.engine.data import DEFAULT_DATA, FerData, load_data
from training.engine.torch_trainer import TorchTrainer, resolve_device
from training.engine.trainer import Progress, Trainer
from training.recipes import RECIPES, Recipe

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel


VOTES_TEXT = "{:.0%} of the crowd's votes (FER+)"
TEACHER_TEXT = "{:.0%} of what {} answers"


@report_errors
def main(arguments: list[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    variant = get_model_spec(chosen.variant)
    data = load_data(chosen.data)
    if variant.members:
        from training.engine import ensembles  # needs ONNX Runtime, unlike training a network

        ensembles.train(variant, data, chosen.out)
    else:
        _train_network(variant, data, chosen)
    return 0


def _train_network(model: ModelSpec, data: FerData, chosen: argparse.Namespace) -> None:
    assert model.preprocessing is not None
    device = resolve_device(chosen.device)
    recipe = RECIPES[model.name]
    if chosen.epochs is not None:
        recipe = dataclasses.replace(recipe, epochs=chosen.epochs)
    how = model.preprocessing.at(recipe.size)
    trainer = _trainer(model, how, recipe, data, device, chosen)
    if chosen.resume:
        trainer.resume()
    progress = trainer.fit(chosen.max_minutes)
    if trainer.rank == 0:
        provenance = {
            "variant": model.name,
            "initialisation": recipe.start
            or ("ImageNet (timm)" if chosen.pretrained else "random"),
            "labels": _describe_targets(recipe),
            "recipe": dataclasses.asdict(recipe),
            "epochs": round(progress.step / trainer.steps_per_epoch, 3),
            "best_epoch": progress.best_epoch,
            "best_public_score": progress.best_score,
            "minutes": round(progress.seconds / 60, 1),
            "trained_on": "Training",
            "chosen_on": "PublicTest",
        } | collect_provenance(device)
        for key, other in (("started_from", recipe.start), ("taught_by", recipe.teacher)):
            if other:
                provenance[key] = {other: store.sha256(weights_file.path(get_model_spec(other)))}
        tensors, fitted = _tensors(model, recipe, progress, data, device)
        path = chosen.out / weights_file.path(model).name
        weights_file.save(path, tensors, provenance | fitted)
        store.record_checksums(shutil.copyfile(trainer.run / "log.csv", path.with_suffix(".log.csv")))
        print(
            f"{model.name}: best PublicTest score {progress.best_score:.4f} "
            f"in epoch {progress.best_epoch:g}; weights in {path}"
        )
        if find_spec("onnx"):
            from training.export_onnx import write_graph

            write_graph(model, chosen.out)
        else:
            print(
                f"No graph without onnx: run `python -m training.export_onnx {model.name}` later."
            )


def _describe_targets(recipe: Recipe) -> str:
    """What the network was told to answer, for people to read; shares are of all of it."""
    mixed = []
    if recipe.votes:
        mixed.append(VOTES_TEXT.format(recipe.votes * (1 - recipe.teacher_share)))
    if recipe.teacher:
        mixed.append(TEACHER_TEXT.format(recipe.teacher_share, recipe.teacher))
    return "FER2013's own" + (f", mixed with {' and '.join(mixed)}" if mixed else "")


def _trainer(
    variant: ModelSpec,
    how: Preprocessing,
    recipe: Recipe,
    data: FerData,
    device: str,
    chosen: argparse.Namespace,
) -> Trainer:
    run = chosen.runs / variant.name
    if variant.framework == "keras":
        import keras

        from fer_core.models.networks.keras_cnn import build as build_keras
        from training.engine.keras_trainer import KerasTrainer

        keras.utils.set_random_seed(recipe.seed)
        keras.config.set_dtype_policy("mixed_bfloat16")
        return KerasTrainer(build_keras(), how, recipe, data, run)
    torch.manual_seed(recipe.seed)
    network = build(variant.name, pretrained=chosen.pretrained, **recipe.network)
    if recipe.start:
        trained = cast(ScratchCNN, load_network(recipe.start).network)
        cast(YesNoModels, network).start_from(trained)
    return TorchTrainer(network, how, recipe, data, run, torch.device(device))


def _tensors(
    variant: ModelSpec, recipe: Recipe, progress: Progress, data: FerData, device: str
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """The best weights by name, as they are to be stored, and what was fitted on PublicTest."""
    fitted: dict[str, Any] = {}
    if variant.framework == "keras":
        from training.engine.keras_trainer import fit_keras_temperature

        tensors = progress.best_state
        if recipe.temperature:
            tensors, found = fit_keras_temperature(tensors, data.split("PublicTest"))
            fitted["temperature"] = round(found, 4)
        return tensors, fitted
    assert variant.preprocessing is not None
    network = build(variant.name, **recipe.network)
    network.load_state_dict(progress.best_state)
    network.to(device).eval()
    how, public = variant.preprocessing.at(recipe.size), data.split("PublicTest")
    if isinstance(network, YesNoModels):
        fit_platt_scaling(network, how, public)
    if recipe.temperature:
        found = fit_temperature(cast("FaceModel", network), how, public)
        fitted["temperature"] = round(found, 4)
    tensors = {
        key: tensor.cpu().numpy()
        for key, tensor in network.state_dict().items()
        if tensor.is_floating_point()  # batch counters play no part in prediction
    }
    return tensors, fitted


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("variant", choices=list(MODELS))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--epochs", type=int, help="another length of the whole schedule")
    parser.add_argument("--max-minutes", type=float, default=math.inf, help="stop cleanly after")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--pretrained", action="store_true", help="ImageNet start (downloads)")
    parser.add_argument(
        "--out", type=Path, default=artifacts().weights, help="folder for the weights"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="logs and checkpoints")
    return parser


if __name__ == "__main__":
    keep_freed_memory()
    sys.exit(main())
