"""Test-time augmentation, as numbers of their own: python -m training.ten_crop VARIANT|all.

A network answers ten views of each chip, and the ten answers are averaged. Of the committed weights
that were evaluated; the answers join the variant's results file. Ensembles and stacking have none:
they are fitted to answers about whole chips.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torchvision.transforms.v2.functional import resize, ten_crop

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.predictions import SPLITS, Predictions, load_predictions
from fer_core.cli.command import report_errors
from fer_core.errors import ResultsError
from fer_core.faces.align import CHIP_SIZE
from fer_core.models.networks.torch_loading import ChipNetwork, load_network
from fer_core.models.onnx_network import BATCH_SIZE
from fer_core.models.predictors import load
from fer_core.registry import ModelSpec, get_model_spec, list_networks
from training.engine.data import DEFAULT_DATA, FerData, load_data

CROP_SIZE = 44  # pixels a side, of 48


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ten_crop", description=__doc__)
    parser.add_argument("variant", choices=[*list_networks(), "all"])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    chosen = parser.parse_args(arguments)
    data = load_data(chosen.data)
    for name in list_networks() if chosen.variant == "all" else [chosen.variant]:
        for split, (once, ten) in add_ten_crop(get_model_spec(name), data).items():
            print(f"{name:16} {split:11} accuracy {once:.4f}  with ten crops {ten:.4f}")
    return 0


def add_ten_crop(model: ModelSpec, data: FerData) -> dict[str, tuple[float, float]]:
    """Write `ten_crop` (N, 7) float16 into the variant's `.npz`; gives, a split, the accuracy of
    one view and of ten.

    Raises `ResultsError` where the committed weights are not those that were evaluated.
    """
    summary = summaries.load_summary(model)
    if summary is None or summary["sha256"] != store.sha256(
        weights_file.verify(weights_file.path(model))
    ):
        raise ResultsError(
            f"{model.name} has other weights than were evaluated: run "
            f"python -m training.evaluate {model.name} first."
        )
    known = load_predictions(model.name)
    parts = [data.split(split) for split in SPLITS]
    if not np.array_equal(np.concatenate([part.ids for part in parts]), known.ids):
        raise ResultsError(f"{model.name} was evaluated on other images.")
    chips = np.concatenate([part.chips for part in parts])
    answers = mean_probabilities(model, chips).astype(np.float16)
    path = summaries.path(model).with_suffix(".npz")
    with np.load(path, allow_pickle=False) as saved:
        arrays = {key: saved[key] for key in saved.files}
    np.savez_compressed(path, **arrays | {"ten_crop": answers})
    store.record_checksums(path)
    joined = replace(known, ten_crop=answers)
    return {split: _accuracies(joined.split(split)) for split in SPLITS}


def _accuracies(found: Predictions) -> tuple[float, float]:
    assert found.ten_crop_accuracy is not None
    return float(found.correct.mean()), found.ten_crop_accuracy


def mean_probabilities(model: ModelSpec, chips: np.ndarray) -> np.ndarray:
    """(N, 48, 48) uint8 → (N, 7) float32, the mean of ten views' probabilities."""
    ask = _asked(model)
    return np.asarray(sum(ask(view) for view in ten_views(chips)) / 10, np.float32)


def ten_views(chips: np.ndarray) -> list[np.ndarray]:
    """Four corners and the middle of each chip, each also mirrored (Krizhevsky et al. 2012).

    (N, 48, 48) uint8 → ten arrays (N, 44, 44).
    """
    return [view[:, 0].numpy() for view in ten_crop(torch.from_numpy(chips)[:, None], CROP_SIZE)]


def _asked(variant: ModelSpec) -> Callable[[np.ndarray], np.ndarray]:
    """Views (N, 44, 44) uint8 → probabilities (N, 7), each view enlarged once.

    A network that wants more than a chip's 48 pixels gets its views from 44 to that size at one go,
    as its training did; over 48 they would arrive blurred, and ResNet-101 minds that.
    """
    if variant.preprocessing is not None and variant.preprocessing.size > CHIP_SIZE:
        network = load_network(variant.name).to(memory_format=torch.channels_last)
        return partial(_probabilities, network)
    predictor = load(variant.name)
    return lambda view: predictor.predict_proba(
        resize(torch.from_numpy(view)[:, None], [CHIP_SIZE, CHIP_SIZE])[:, 0].numpy()
    )


@torch.inference_mode()
def _probabilities(network: ChipNetwork, view: np.ndarray) -> np.ndarray:
    parts = torch.from_numpy(view).split(BATCH_SIZE)
    return torch.cat([network(part).softmax(1) for part in parts]).numpy()


if __name__ == "__main__":
    sys.exit(main())
