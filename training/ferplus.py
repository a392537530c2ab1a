"""Hold every variant's committed predictions against ten people's votes, and record the summary in
fer_core/results: python -m training.ferplus.

The votes are `fer2013new.csv` of github.com/microsoft/FERPlus. Only summary numbers are written.
"""

import argparse
import sys
from pathlib import Path

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import SPLITS, split_predictions
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.summaries import evaluated_models
from fer_core.cli.command import report_errors
from fer_core.datasets.ferplus import VOTES_FILE, Votes, find_votes
from fer_core.errors import DataError
from fer_core.evaluation import ferplus_agreement


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ferplus", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of FER2013, beside which the votes lie")
    parser.add_argument("--votes", type=Path, help=f"the file itself, if it is not {VOTES_FILE} there")
    chosen = parser.parse_args(arguments)
    beside = chosen.data.parent / VOTES_FILE if chosen.data else None
    votes = find_votes(chosen.votes or beside)
    if votes is None:
        raise DataError(f"no {VOTES_FILE} found: get it from github.com/microsoft/FERPlus, see --help")
    seen = measure_agreement(votes)
    ferplus_agreement.path().write_text(ferplus_agreement.to_json(seen, collect_provenance("cpu")))
    store.record_checksums(ferplus_agreement.path())
    for split, rows in seen.models.items():
        for name, row in rows.items():
            print(f"{name:16} {split:11} n {row.n}  own {row.label_accuracy:.4f}  crowd {row.majority_accuracy:.4f}")
    return 0


def measure_agreement(votes: Votes) -> ferplus_agreement.FerPlusAgreement:
    """What `results/crowd.json` records, from the committed predictions."""
    labels: dict[str, ferplus_agreement.LabelAgreement] = {}
    variants: dict[str, dict[str, ferplus_agreement.ModelAgreement]] = {split: {} for split in SPLITS}
    for split in SPLITS:
        for variant in evaluated_models():
            found = split_predictions(variant.name, split)
            summary = summaries.load_summary(variant)
            assert summary is not None
            cast = votes.for_images(found.ids)
            labels.setdefault(split, ferplus_agreement.label_agreement(found.labels, cast))
            variants[split][variant.name] = ferplus_agreement.model_agreement(
                found.labels, cast, found.predicted, summary["sha256"]
            )
    return ferplus_agreement.FerPlusAgreement(labels, variants)


if __name__ == "__main__":
    sys.exit(main())
