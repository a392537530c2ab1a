"""Compare each model's committed predictions with the FER+ votes: python -m training.ferplus.

Ten annotators voted on each image of FER2013; their votes are in `fer2013new.csv` of
github.com/microsoft/FERPlus. Only summary numbers, the majorities and
the entropies are written, to fer_core/results.
"""

import argparse
import sys
from pathlib import Path

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import SPLITS, load_predictions, split_predictions
from fer_core.artifacts.provenance import collect_provenance
from fer_core.artifacts.summaries import evaluated_models
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id
from fer_core.datasets.ferplus import VOTES_FILE, Votes, find_votes, votes_path
from fer_core.errors import DataError
from fer_core.evaluation import (
    copy_agreement,
    ferplus_agreement,
    ferplus_entropy,
    ferplus_majorities,
    ferplus_protocol,
)


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ferplus", description=__doc__)
    parser.add_argument("--data", type=Path, help=f"FER2013 folder; {VOTES_FILE} is next to it")
    parser.add_argument(
        "--votes", type=Path, help=f"path of the file, if it is not {VOTES_FILE} there"
    )
    args = parser.parse_args(arguments)
    prepare_folder(ferplus_agreement.path().parent)
    path = args.votes or votes_path(args.data)
    votes = find_votes(path)
    if votes is None:
        raise DataError(f"there is no {path}: get it from github.com/microsoft/FERPlus")
    agreement = measure_agreement(votes)
    content = ferplus_agreement.to_json(agreement, collect_provenance("cpu"))
    ids = load_predictions(evaluated_models()[0].name).ids
    majorities = ferplus_majorities.to_npz(ids, votes.for_images(ids))
    test_ids = map(official_id, TEST_ROWS)
    store.write_files(
        {
            ferplus_agreement.path(): content.encode(),
            ferplus_majorities.path(): majorities,
            ferplus_entropy.path(): ferplus_entropy.to_npy(votes.for_images(test_ids)),
        }
    )
    copy_agreement.write(copy_agreement.measure(votes))
    for split, rows in agreement.models.items():
        for model_name, row in rows.items():
            print(
                f"{model_name:16} {split:11} n {row.n}  accuracy against FER2013's label "
                f"{row.label_accuracy:.4f}  against the FER+ majority {row.majority_accuracy:.4f}"
                f"  by FER+'s protocol {row.protocol.accuracy:.4f} (n {row.protocol.n})"
            )
    return 0


def measure_agreement(votes: Votes) -> ferplus_agreement.FerPlusAgreement:
    """Compute the content of `results/crowd.json` from the committed predictions."""
    labels: dict[str, ferplus_agreement.LabelAgreement] = {}
    models: dict[str, dict[str, ferplus_agreement.ModelAgreement]] = {split: {} for split in SPLITS}
    protocol: dict[str, ferplus_protocol.ProtocolFaces] = {}
    for split in SPLITS:
        for model in evaluated_models():
            predictions = split_predictions(model.name, split)
            summary = summaries.load_summary(model)
            assert summary is not None
            counts = votes.for_images(predictions.ids)
            labels.setdefault(split, ferplus_agreement.label_agreement(predictions.labels, counts))
            protocol.setdefault(split, ferplus_protocol.protocol_faces(counts))
            models[split][model.name] = ferplus_agreement.model_agreement(
                predictions.labels, counts, predictions.predicted, summary["sha256"]
            )
    return ferplus_agreement.FerPlusAgreement(labels, models, protocol)


if __name__ == "__main__":
    sys.exit(main())
