"""Command-line arguments that several commands share."""

import argparse
import math
from pathlib import Path

from fer_core.datasets.fer2013 import default_folder


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--data`; its default is the folder that the app shows images from."""
    parser.add_argument(
        "--data",
        type=Path,
        default=default_folder(),
        help="folder, .tar (compressed or not) or .zip; default: FER2013_DIR or data/fer2013",
    )


def positive_int(text: str) -> int:
    """Parse a whole number from 1 up, for `argparse`."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: it must be at least 1")
    return number


def whole_number(text: str) -> int:
    """Parse a whole number from 0 up, for `argparse`."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text} is below 0")
    return number


def positive_number(text: str) -> float:
    """Parse a number above 0, for `argparse`."""
    number = float(text)
    if math.isnan(number) or number <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number
