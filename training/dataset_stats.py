"""Compute the statistics of FER2013: python -m training.dataset_stats.

Counts images, duplicates and conflicting labels, and writes them to fer_core/results.
"""

import argparse
import sys
from pathlib import Path

from fer_core.artifacts import store
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.store import artifacts
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets import fer2013_stats
from training.engine.data import DEFAULT_DATA, load_data


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.dataset_stats", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    args = parser.parse_args(arguments)
    prepare_folder(artifacts().results)
    data = load_data(args.data)
    stats = fer2013_stats.compute_stats(data.ids, data.labels, data.chips)
    fer2013_stats.path().write_text(fer2013_stats.to_json(stats, collect_provenance("cpu")))
    store.record_checksums(fer2013_stats.path())
    print(
        f"{fer2013_stats.path().name}: {stats.groups} groups of identical images, "
        f"{len(stats.train_duplicates)} PrivateTest images with a duplicate in Training"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
