"""Train a model by its recipe and write its weights: python -m training.train MODEL."""

import argparse
import dataclasses
import math
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch import nn

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.store import artifacts
from fer_core.cli.command import report_errors
from fer_core.cli.inputs import path_type
from fer_core.cli.output import prepare_folder
from fer_core.errors import FerError, UsageError
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.models.networks.torch_loading import build, load_network
from fer_core.registry import MODELS, ModelSpec, Preprocessing, get_model_spec
from training.engine.arguments import (
    add_data_argument,
    positive_int,
    positive_number,
    whole_number,
)
from training.engine.calibration import (
    apply_logit_adjustment,
    apply_platt_scaling,
    apply_temperature_scaling,
)
from training.engine.cpu_speed import keep_freed_memory
from training.engine.data import (
    CHOICE_IMAGES,
    WITHOUT_TEST_COPIES,
    FerData,
    emotion_votes,
    load_data,
)
from training.engine.torch_trainer import TorchTrainer, resolve_device
from training.engine.trainer import Progress, Trainer
from training.recipes import RECIPES, Recipe

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel


# Phrases of the provenance's "labels"; the committed weights hold the same words.
BY_VOTES_TEXT = "the crowd's votes (FER+) alone"
VOTES_TEXT = "{:.0%} of the crowd's votes (FER+)"
TEACHER_TEXT = "{:.0%} of what {} answers"


@report_errors
def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    model = get_model_spec(args.model)
    args.device = resolve_device(args.device)
    if args.pretrained and not model.network.startswith("timm:"):
        raise UsageError(f"{model.name} has no published weights for --pretrained to start from.")
    prepare_folder(args.out)
    if not model.members:
        prepare_folder(args.runs / model.name)
    if (args.out / weights_file.path(model).name).exists():
        _warn_of_replacing(model, args.out)
    data = load_data(args.data, ("PublicTest",) if model.members else ("Training", "PublicTest"))
    if model.members:
        from training.engine import ensembles  # needs ONNX Runtime, unlike training a network

        ensembles.train(model, data, args.out)
    else:
        _train_network(model, data, args)
    return 0


def _warn_of_replacing(model: ModelSpec, folder: Path) -> None:
    """Say before training that it will end with other weights in the place of those there."""
    text = f"{folder / weights_file.path(model).name} will be replaced"
    if folder.resolve() == artifacts().weights.resolve():
        text += (
            "; the app shows no accuracy of the new weights until you run "
            f"`python -m training.evaluate {model.name}`"
        )
    print(f"{text}. --out FOLDER writes elsewhere.", file=sys.stderr)


def _train_network(model: ModelSpec, data: FerData, args: argparse.Namespace) -> None:
    assert model.preprocessing is not None
    device = args.device
    origin = collect_provenance(device)  # before training, so that it cannot fail afterwards
    recipe = RECIPES[model.name]
    if args.epochs is not None:
        recipe = dataclasses.replace(recipe, epochs=args.epochs)
    if args.seed is not None:
        recipe = dataclasses.replace(recipe, seed=args.seed)
    preprocessing = model.preprocessing.at(recipe.size)
    trainer = _make_trainer(model, preprocessing, recipe, data, device, args)
    ancestors = {
        key: {name: store.sha256(weights_file.path(get_model_spec(name)))}
        for key, name in (("started_from", recipe.start), ("taught_by", recipe.teacher))
        if name
    }
    if args.resume:
        trainer.resume()
    progress = trainer.fit(args.max_minutes)
    if trainer.rank == 0:
        provenance = {
            "variant": model.name,
            "initialisation": recipe.start or ("ImageNet (timm)" if args.pretrained else "random"),
            "labels": _describe_targets(recipe),
            "recipe": dataclasses.asdict(recipe),
            "epochs": round(progress.step / trainer.steps_per_epoch, 3),
            "best_epoch": progress.best_epoch,
            "best_public_score": progress.best_score,
            "minutes": round(progress.seconds / 60, 1),
            "trained_on": WITHOUT_TEST_COPIES if recipe.by_votes else "Training",
            "chosen_on": CHOICE_IMAGES,
        }
        provenance |= ancestors | origin
        tensors, fitted = _final_tensors(model, recipe, progress, data, device)
        path = args.out / weights_file.path(model).name
        weights_file.save(path, tensors, provenance | fitted)
        log = (trainer.run_dir / "log.csv").read_bytes()
        store.write_files({path.with_suffix(".log.csv"): log})
        print(
            f"{model.name}: best PublicTest score {progress.best_score:.4f} "
            f"in epoch {progress.best_epoch:g}; weights in {path}"
        )
        if find_spec("onnx"):
            from training.export_onnx import write_graph

            write_graph(model, args.out)
        else:
            print(
                "No ONNX graph was written because onnx is not installed: "
                f"run `python -m training.export_onnx {model.name}` later."
            )


def _describe_targets(recipe: Recipe) -> str:
    """Describe the training targets; percentages are of the whole target."""
    if recipe.by_votes:
        return BY_VOTES_TEXT
    parts = []
    if recipe.votes:
        parts.append(VOTES_TEXT.format(recipe.votes * (1 - recipe.teacher_share)))
    if recipe.teacher:
        parts.append(TEACHER_TEXT.format(recipe.teacher_share, recipe.teacher))
    return "FER2013's own" + (f", mixed with {' and '.join(parts)}" if parts else "")


def _make_trainer(
    model: ModelSpec,
    preprocessing: Preprocessing,
    recipe: Recipe,
    data: FerData,
    device: str,
    args: argparse.Namespace,
) -> Trainer:
    run_dir = args.runs / model.name
    if model.framework == "keras":
        import keras

        from fer_core.models.networks.keras_cnn import build as build_keras
        from training.engine.keras_trainer import KerasTrainer

        keras.utils.set_random_seed(recipe.seed)
        keras.config.set_dtype_policy("mixed_bfloat16")
        return KerasTrainer(build_keras(), preprocessing, recipe, data, run_dir)
    torch.manual_seed(recipe.seed)
    network = _build(model, recipe, args.pretrained)
    if recipe.start:
        start = cast(ScratchCNN, load_network(recipe.start).network)
        cast(YesNoModels | ScratchCNN, network).start_from(start)
    return TorchTrainer(network, preprocessing, recipe, data, run_dir, torch.device(device))


def _build(model: ModelSpec, recipe: Recipe, pretrained: bool) -> nn.Module:
    """Build the untrained network; raises `FerError` if its published weights are unavailable."""
    if not pretrained:
        return build(model.name, **recipe.network)
    try:
        return build(model.name, pretrained=True, **recipe.network)
    except Exception as error:  # of timm, Hugging Face or their HTTP client
        raise FerError(
            f"--pretrained needs the network: the published weights of {model.title} could not be "
            f"downloaded ({type(error).__name__})."
        ) from error


def _final_tensors(
    model: ModelSpec, recipe: Recipe, progress: Progress, data: FerData, device: str
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return the best weights by name, and the parameters fitted on PublicTest."""
    fitted: dict[str, Any] = {}
    if model.framework == "keras":
        from training.engine.keras_trainer import fit_keras_temperature

        tensors = progress.best_state
        if recipe.temperature:
            tensors, temperature = fit_keras_temperature(tensors, data.choice_images())
            fitted["temperature"] = round(temperature, 4)
        return tensors, fitted
    assert model.preprocessing is not None
    network = build(model.name, **recipe.network)
    network.load_state_dict(progress.best_state)
    network.to(device).eval()
    preprocessing = model.preprocessing.at(recipe.size)
    public_test = data.choice_images()
    if isinstance(network, YesNoModels):
        apply_platt_scaling(network, preprocessing, public_test)
    if recipe.temperature:
        temperature = apply_temperature_scaling(
            cast("FaceModel | ScratchCNN", network),
            preprocessing,
            public_test,
            emotion_votes(public_test) if recipe.by_votes else None,
        )
        fitted["temperature"] = round(temperature, 4)
    if recipe.logit_adjustment:
        fitted["logit_adjustment"] = apply_logit_adjustment(
            cast("FaceModel | ScratchCNN", network),
            preprocessing,
            public_test,
            data.split("Training").labels,
        )
    return tensors_to_save(network), fitted


def tensors_to_save(network: nn.Module) -> dict[str, np.ndarray]:
    """The network's tensors by name, without batch counters, which prediction does not need."""
    return {
        key: tensor.cpu().numpy()
        for key, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument(
        "model", metavar="MODEL", choices=list(MODELS), help=f"one of {', '.join(MODELS)}"
    )
    add_data_argument(parser)
    parser.add_argument("--epochs", type=positive_int, help="length of the schedule")
    parser.add_argument("--seed", type=whole_number, help="random seed; default: the recipe's")
    parser.add_argument("--max-minutes", type=positive_number, default=math.inf, help="time limit")
    parser.add_argument("--resume", action="store_true", help="continue from the last checkpoint")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--pretrained", action="store_true", help="start from ImageNet (download)")
    parser.add_argument(
        "--out", type=path_type, default=artifacts().weights, help="folder for the weights"
    )
    parser.add_argument("--runs", type=path_type, default=Path("runs"), help="logs and checkpoints")
    return parser


if __name__ == "__main__":
    keep_freed_memory()
    sys.exit(main())
