"""Score variants from their committed weights: python -m training.evaluate VARIANT|all.

Without `--split` both test splits are scored and the result files written; with it one split is
scored and printed, and nothing is written.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.artifacts import store, summaries, weights_file
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.evaluation import baselines, classification, thresholds
from fer_core.models.predictors import load, load_yes_no, member_predictions
from fer_core.probability import normalize_scores
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from training.engine import ensembles
from training.engine.data import DEFAULT_DATA, FerData, load_data

TEST_SPLITS = ("PublicTest", "PrivateTest")
#: The largest half-precision number below 1. No yes/no model is certain, but some are so sure that
#: rounding would make them so, and no threshold could turn their yes into a no.
MAX_SCORE = np.nextafter(np.float16(1), np.float16(0))


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("variant", choices=[*MODELS, "all"])
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--split", choices=TEST_SPLITS, help="score this one and write nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args(arguments)
    names = list(MODELS) if chosen.variant == "all" else [chosen.variant]
    reports = []
    data = load_data(chosen.data)
    for name in names:
        if chosen.split:
            rows = [score_split(get_model_spec(name), data, chosen.split)]
        else:
            summary = write_results(get_model_spec(name), data)
            rows = [{"variant": name, "split": s} | summary["splits"][s] for s in TEST_SPLITS]
        reports += rows
        if not chosen.json:
            print("\n".join(format_line(row) for row in rows))
    if chosen.json:
        print(json.dumps(reports[0] if len(reports) == 1 else reports, indent=1))
    return 0


def predict_split(model: ModelSpec, data: FerData, split: str) -> dict[str, np.ndarray]:
    """`probabilities`, of yes/no models also `scores`, (N, 7) float16 as the result files hold
    them, so that every number computed from either is the same.

    Composites are fitted on PublicTest, so there their answers are out of fold.
    """
    if model.members and split == "PublicTest":
        answers = ensembles.out_of_fold(model, member_predictions(model, data.chips), data.labels)
        return {"probabilities": answers.astype(np.float16)}
    if model.yes_no:
        scores = np.minimum(load_yes_no(model.name).scores(data.chips), MAX_SCORE)
        found = {"probabilities": normalize_scores(scores), "scores": scores}
    else:
        found = {"probabilities": load(model.name).predict_proba(data.chips)}
    return {key: answers.astype(np.float16) for key, answers in found.items()}


def score_split(model: ModelSpec, data: FerData, split: str) -> dict[str, Any]:
    """One split's report, computed anew from the weights."""
    part = data.split(split)
    start = time.perf_counter()
    found = predict_split(model, part, split)
    seconds = time.perf_counter() - start
    report = {
        "variant": model.name,
        "split": split,
        "no_skill": baselines.majority_accuracy_of(part.labels),
    }
    report |= classification.compute_metrics(part.labels, found["probabilities"]) | {
        "seconds": round(seconds, 2)
    }
    if "scores" in found:
        summary = summaries.load_summary(model)
        if summary is not None:  # the thresholds were chosen on PublicTest
            report["yes_no"] = thresholds.yes_no_summary(
                part.labels, found["scores"], summary["thresholds"]
            )
    return report


def write_results(model: ModelSpec, data: FerData) -> dict[str, Any]:
    """Predict both test splits and write `<variant>.npz` and `<variant>.json`."""
    parts = {split: data.split(split) for split in TEST_SPLITS}
    found = {split: predict_split(model, part, split) for split, part in parts.items()}
    summary = _provenance(model) | {"evaluated": collect_provenance("cpu"), "splits": {}, "no_skill": {}}
    if model.yes_no:
        public = found["PublicTest"]["scores"]
        summary["thresholds"] = thresholds.best_thresholds(parts["PublicTest"].labels, public)
    twins = is_train_duplicate(parts["PrivateTest"], data.split("Training"))
    for split, part in parts.items():
        report = classification.compute_metrics(part.labels, found[split]["probabilities"])
        if split == "PrivateTest":
            alone = found[split]["probabilities"][~twins]
            report["accuracy_without_twins"] = classification.compute_metrics(part.labels[~twins], alone)[
                "accuracy"
            ]
            report["n_without_twins"] = int((~twins).sum())
        if "thresholds" in summary:
            scores = found[split]["scores"]
            report["yes_no"] = thresholds.yes_no_summary(part.labels, scores, summary["thresholds"])
        summary["splits"][split] = report
        summary["no_skill"][split] = baselines.majority_accuracy_of(part.labels)
    arrays: dict[str, Any] = {
        "ids": np.concatenate([part.ids for part in parts.values()]),
        "labels": np.concatenate([part.labels for part in parts.values()]),
    }
    for key in found["PublicTest"]:
        arrays[key] = np.concatenate([found[split][key] for split in TEST_SPLITS])
    summaries.path(model).parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(summaries.path(model).with_suffix(".npz"), **arrays)
    summaries.path(model).write_text(json.dumps(summary, indent=1) + "\n")
    store.record_checksums(summaries.path(model), summaries.path(model).with_suffix(".npz"))
    return summary


def is_train_duplicate(images: FerData, training: FerData) -> np.ndarray:
    """(N,) bool: whether a pixel-identical image is in Training."""
    known = {chip.tobytes() for chip in training.chips}
    return np.array([chip.tobytes() in known for chip in images.chips])


def format_line(row: dict[str, Any]) -> str:
    return (
        f"{row['variant']:16} {row['split']:11} n {row['n']}  accuracy {row['accuracy']:.4f}  "
        f"macro-F1 {row['macro_f1']:.4f}  balanced accuracy {row['balanced_accuracy']:.4f}"
    )


def _provenance(model: ModelSpec) -> dict[str, Any]:
    """How the weights came about, from the weights file itself, and which file it is."""
    digest = {"sha256": store.sha256(weights_file.verify(weights_file.path(model)))}
    if model.members:
        fitted: dict[str, Any] = json.loads(weights_file.path(model).read_text())
        made: dict[str, Any] = fitted["provenance"]
    else:
        made = weights_file.read_provenance(weights_file.path(model))
    return made | {"chosen_on": "PublicTest", "scored_on": "PrivateTest"} | digest


if __name__ == "__main__":
    sys.exit(main())
