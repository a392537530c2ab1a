"""Compute a fingerprint of every FER2013 image: python -m training.image_hashes.

By them the library recognises FER2013's images among a user's own faces. They are written to
fer_core/results.
"""

import argparse
import sys
from collections import defaultdict

import numpy as np

from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets.fer2013_hashes import fingerprints, hashes_path, write_hashes
from fer_core.datasets.fer2013_ids import ROWS, SPLITS, official_id
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.image_hashes", description=__doc__)
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    prepare_folder(hashes_path().parent)
    data = load_data(args.data, SPLITS, whole=True)
    write_hashes(hashes_by_row(data))
    print(f"{hashes_path().name}: {len(data):,} images")
    return 0


def hashes_by_row(data: FerData) -> np.ndarray:
    """The images' fingerprints by row of fer2013.csv, (35887,) uint64.

    Of the few images that share an id, either may come first, and those whose row is unknown take
    the rows of their split that are left over.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row in reversed(range(ROWS)):
        image_id = official_id(row)
        split, _, number = image_id.partition("_")
        rows[split if number.startswith("row") else image_id].append(row)
    hashes = np.zeros(ROWS, np.uint64)
    for image_id, value in zip(data.ids.tolist(), fingerprints(data.chips), strict=True):
        hashes[(rows[image_id] or rows[image_id.partition("_")[0]]).pop()] = value
    return hashes


if __name__ == "__main__":
    sys.exit(main())
