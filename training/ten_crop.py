"""Measure test-time augmentation with ten crops: python -m training.ten_crop MODEL|all.

A network predicts ten views of each chip, and the ten probabilities are averaged. Run it after
`training.evaluate` with the same weights: the averages are added to the model's results file, and
a row to the ledger of PrivateTest's scorings.
Ensembles and stacking have none, because they are fitted to predictions for whole chips.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torchvision.transforms.v2.functional import resize, ten_crop

from fer_core.artifacts import private_test_ledger, store, summaries, weights_file
from fer_core.artifacts.predictions import SPLITS, Predictions, load_predictions, npz_bytes
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.errors import ResultsError
from fer_core.faces.align import CHIP_SIZE
from fer_core.models.networks.torch_loading import ChipNetwork, load_network
from fer_core.models.onnx_network import BATCH_SIZE
from fer_core.models.predictors import load
from fer_core.registry import ModelSpec, get_model_spec, list_networks
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data

CROP_SIZE = 44  # px per side, of 48


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ten_crop", description=__doc__)
    parser.add_argument(
        "model",
        metavar="MODEL",
        choices=[*list_networks(), "all"],
        help=f"one of {', '.join(list_networks())}, or all",
    )
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    prepare_folder(private_test_ledger.path().parent)
    data = load_data(args.data, SPLITS, whole=True)
    for model_name in list_networks() if args.model == "all" else [args.model]:
        accuracies = add_ten_crop(get_model_spec(model_name), data)
        for split, (single, ten_crops) in accuracies.items():
            print(f"{model_name:16} {split:11} accuracy {single:.4f}  ten crops {ten_crops:.4f}")
    return 0


def add_ten_crop(model: ModelSpec, data: FerData) -> dict[str, tuple[float, float]]:
    """Add `ten_crop` (N, 7) float16 to the model's results file.

    Args:
        model: A network.
        data: FER2013.

    Returns:
        Split → accuracy with one view and with ten.

    Raises:
        ResultsError: The results are of other weights or other images.
    """
    summaries.require_summary(model)
    weights_file.verify(weights_file.path(model))
    predictions = load_predictions(model.name)
    parts = [data.split(split) for split in SPLITS]
    if not np.array_equal(np.concatenate([part.ids for part in parts]), predictions.ids):
        raise ResultsError(f"{model.name} was evaluated on other images.")
    chips = np.concatenate([part.chips for part in parts])
    averages = mean_probabilities(model, chips).astype(np.float16)
    predictions = replace(predictions, ten_crop=averages)
    accuracies = {split: _accuracies(predictions.split(split)) for split in SPLITS}
    private_test_ledger.record(
        model,
        len(predictions.split("PrivateTest")),
        accuracies["PrivateTest"][1],
        "training.ten_crop",
        views=10,
    )
    path = summaries.predictions_path(model)
    with np.load(path, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    store.write_files({path: npz_bytes(arrays | {"ten_crop": averages})})
    return accuracies


def _accuracies(predictions: Predictions) -> tuple[float, float]:
    assert predictions.ten_crop_accuracy is not None
    return float(predictions.correct.mean()), predictions.ten_crop_accuracy


def mean_probabilities(model: ModelSpec, chips: np.ndarray) -> np.ndarray:
    """(N, 48, 48) uint8 → (N, 7) float32, the mean of the ten views' probabilities."""
    predict = _view_predictor(model)
    return np.asarray(sum(predict(view) for view in ten_views(chips)) / 10, np.float32)


def ten_views(chips: np.ndarray) -> list[np.ndarray]:
    """(N, 48, 48) uint8 → ten arrays (N, 44, 44).

    The views are the four corners and the centre of each chip, and their mirror images (Krizhevsky
    et al. 2012).
    """
    return [view[:, 0].numpy() for view in ten_crop(torch.from_numpy(chips)[:, None], CROP_SIZE)]


def _view_predictor(model: ModelSpec) -> Callable[[np.ndarray], np.ndarray]:
    """Return a function from views (N, 44, 44) uint8 to probabilities (N, 7).

    A network with an input size above 48 px gets its views resized directly from 44 px to that
    size, as in training. Resizing to 48 px first would blur them and lower ResNet-101's accuracy.
    """
    if model.preprocessing is not None and model.preprocessing.size > CHIP_SIZE:
        network = load_network(model.name).to(memory_format=torch.channels_last)
        return partial(_probabilities, network)
    predictor = load(model.name)
    return lambda view: predictor.predict_proba(
        resize(torch.from_numpy(view)[:, None], [CHIP_SIZE, CHIP_SIZE])[:, 0].numpy()
    )


@torch.inference_mode()
def _probabilities(network: ChipNetwork, view: np.ndarray) -> np.ndarray:
    batches = torch.from_numpy(view).split(BATCH_SIZE)
    return torch.cat([network(batch).softmax(1) for batch in batches]).numpy()


if __name__ == "__main__":
    sys.exit(main())
