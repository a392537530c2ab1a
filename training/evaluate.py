"""Evaluate models with their committed weights: python -m training.evaluate MODEL|all.

Without `--split` the command scores both test splits of the whole FER2013 and writes the results
files. With `--split` it scores and prints that split. Every scoring of PrivateTest adds a row to
its ledger.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.artifacts import private_test_ledger, store, summaries, weights_file
from fer_core.artifacts.predictions import npz_bytes
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.evaluation import baselines, classification, thresholds
from fer_core.models.predictors import load, load_yes_no, member_predictions
from fer_core.probability import normalize_scores
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from training.engine import ensembles
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data

TEST_SPLITS = ("PublicTest", "PrivateTest")
#: The largest half-precision number below 1. Rounding would lift some yes/no scores to exactly 1,
#: and then no threshold could turn that "yes" into a "no".
MAX_SCORE = np.nextafter(np.float16(1), np.float16(0))


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    model_help = f"one of {', '.join(MODELS)}, or all"
    parser.add_argument("model", metavar="MODEL", choices=[*MODELS, "all"], help=model_help)
    add_data_argument(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--split", choices=TEST_SPLITS, help="score this split, write no results")
    form.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="write the results there, for example of a part of FER2013, instead of over the "
        "committed ones",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args(arguments)
    model_names = list(MODELS) if args.model == "all" else [args.model]
    results = summaries.path(get_model_spec(model_names[0])).parent
    folder = args.out or results
    if not args.split:
        prepare_folder(folder)
    if args.split != "PublicTest":
        prepare_folder(private_test_ledger.path().parent)
    reports = []
    is_committed = not args.split and folder.resolve() == results.resolve()
    data = load_data(args.data, [args.split] if args.split else TEST_SPLITS, whole=is_committed)
    for model_name in model_names:
        model = get_model_spec(model_name)
        if args.split:
            rows = [score_split(model, data, args.split)]
        else:
            splits = write_results(model, data, folder)["splits"]
            rows = [{"variant": model_name, "split": s} | splits[s] for s in TEST_SPLITS]
        reports += rows
        if not args.json:
            print("\n".join(format_line(row) for row in rows))
    if args.json:
        print(json.dumps(reports[0] if len(reports) == 1 else reports, indent=1))
    return 0


def predict_split(model: ModelSpec, data: FerData, split: str) -> dict[str, np.ndarray]:
    """Predict the images of one split.

    Ensembles are fitted on PublicTest, so their PublicTest predictions are out of fold.

    Returns:
        `probabilities` (N, 7) and, for yes/no models, `scores` (N, 7). Both are float16, as in the
        results files, so that metrics from either source are identical.
    """
    if model.members and split == "PublicTest":
        probabilities = ensembles.out_of_fold(
            model, member_predictions(model, data.chips), data.labels
        )
        return {"probabilities": probabilities.astype(np.float16)}
    if model.yes_no:
        scores = np.minimum(load_yes_no(model.name).scores(data.chips), MAX_SCORE)
        arrays = {"probabilities": normalize_scores(scores), "scores": scores}
    else:
        arrays = {"probabilities": load(model.name).predict_proba(data.chips)}
    return {key: array.astype(np.float16) for key, array in arrays.items()}


def score_split(model: ModelSpec, data: FerData, split: str) -> dict[str, Any]:
    """Predict one split and return its metrics."""
    part = data.split(split)
    start = time.perf_counter()
    arrays = predict_split(model, part, split)
    seconds = time.perf_counter() - start
    report: dict[str, Any] = {
        "variant": model.name,
        "split": split,
        "no_skill": baselines.majority_accuracy_of(part.labels),
    }
    report |= classification.compute_metrics(part.labels, arrays["probabilities"]) | {
        "seconds": round(seconds, 2)
    }
    if split == "PrivateTest":
        note = "training.evaluate --split PrivateTest"
        private_test_ledger.record(model, report["n"], report["accuracy"], note)
    if "scores" in arrays:
        summary = summaries.load_summary(model)
        if summary is not None:  # the thresholds were chosen on PublicTest
            report["yes_no"] = thresholds.yes_no_summary(
                part.labels, arrays["scores"], summary["thresholds"]
            )
    return report


def write_results(model: ModelSpec, data: FerData, folder: Path) -> dict[str, Any]:
    """Predict both test splits and write `<model>.npz` and `<model>.json`; return the latter."""
    parts = {split: data.split(split) for split in TEST_SPLITS}
    arrays = {split: predict_split(model, part, split) for split, part in parts.items()}
    summary = _provenance(model) | {
        "evaluated": collect_provenance("cpu"),
        "splits": {},
        "no_skill": {},
    }
    if model.yes_no:
        scores = arrays["PublicTest"]["scores"]
        summary["thresholds"] = thresholds.best_thresholds(parts["PublicTest"].labels, scores)
    for split, part in parts.items():
        probabilities = arrays[split]["probabilities"]
        report = classification.compute_metrics(part.labels, probabilities)
        if split == "PrivateTest":
            private_test_ledger.record(model, report["n"], report["accuracy"], "training.evaluate")
        if "thresholds" in summary:
            scores = arrays[split]["scores"]
            report["yes_no"] = thresholds.yes_no_summary(part.labels, scores, summary["thresholds"])
        summary["splits"][split] = report
        summary["no_skill"][split] = baselines.majority_accuracy_of(part.labels)
    columns: dict[str, Any] = {
        "ids": np.concatenate([part.ids for part in parts.values()]),
        "labels": np.concatenate([part.labels for part in parts.values()]),
    }
    for key in arrays["PublicTest"]:
        columns[key] = np.concatenate([arrays[split][key] for split in TEST_SPLITS])
    store.write_files(
        {
            folder / summaries.predictions_path(model).name: npz_bytes(columns),
            folder / summaries.path(model).name: store.json_bytes(summary),
        }
    )
    return summary


def format_line(row: dict[str, Any]) -> str:
    """Format the headline metrics of one report as a line of text."""
    return (
        f"{row['variant']:16} {row['split']:11} n {row['n']}  accuracy {row['accuracy']:.4f}  "
        f"macro-F1 {row['macro_f1']:.4f}  balanced accuracy {row['balanced_accuracy']:.4f}"
    )


def _provenance(model: ModelSpec) -> dict[str, Any]:
    """Return the provenance stored in the weights file, and the file's checksum."""
    digest = {"sha256": store.sha256(weights_file.verify(weights_file.path(model)))}
    if model.members:
        fitted: dict[str, Any] = json.loads(weights_file.path(model).read_text("utf-8"))
        members = {name: summaries.weights_checksum(name) for name in model.members}
        provenance: dict[str, Any] = fitted["provenance"] | {"members": members}
    else:
        provenance = weights_file.read_provenance(weights_file.path(model))
    return {"chosen_on": "PublicTest"} | provenance | {"scored_on": "PrivateTest"} | digest


if __name__ == "__main__":
    sys.exit(main())
