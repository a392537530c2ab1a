"""Compute the statistics of FER2013: python -m training.dataset_stats.

Counts images, duplicates and conflicting labels, and writes them to fer_core/results.
"""

import argparse
import sys

from fer_core.artifacts import store
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets import fer2013_stats
from fer_core.datasets.fer2013_ids import SPLITS
from training.engine.arguments import add_data_argument
from training.engine.data import load_data


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.dataset_stats", description=__doc__)
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    prepare_folder(fer2013_stats.path().parent)
    data = load_data(args.data, SPLITS, whole=True)
    stats = fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    content = fer2013_stats.to_json(stats, collect_provenance("cpu"))
    store.write_files({fer2013_stats.path(): content.encode()})
    print(
        f"{fer2013_stats.path().name}: {stats.groups} groups of identical images, "
        f"{len(stats.train_duplicates)} PrivateTest images with a duplicate in Training"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
