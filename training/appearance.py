"""Measure how bright, contrasty and sharp FER2013's images are: python -m training.appearance.

By these numbers of the test images the app finds the kinds of faces on which a model is worst; by
Training's it says how a user's face compares with those that the models learned from. They are
written to fer_core/results.
"""

import argparse
import sys

import numpy as np

from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets.fer2013_appearance import (
    appearance_path,
    measure,
    quantiles_path,
    write_appearance,
)
from fer_core.datasets.fer2013_ids import SPLITS, TEST_ROWS, official_id
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.appearance", description=__doc__)
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    prepare_folder(appearance_path().parent)
    data = load_data(args.data, SPLITS, whole=True)
    training = data.split("Training")
    write_appearance(measure_by_row(data), measure(training.chips))
    print(f"{appearance_path().name}: {len(TEST_ROWS):,} images")
    print(f"{quantiles_path().name}: {len(training):,} images")
    return 0


def measure_by_row(data: FerData) -> np.ndarray:
    """The test images' numbers in the order of `TEST_ROWS`, (7178, 3) float64."""
    index = {image_id: i for i, image_id in enumerate(data.ids.tolist())}
    return measure(data.chips[[index[official_id(row)] for row in TEST_ROWS]])


if __name__ == "__main__":
    sys.exit(main())
