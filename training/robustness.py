"""Measure how models bear corrupted faces: python -m training.robustness.

All models answer a fixed sample of PrivateTest, drawn with each emotion's share of the split, clean
and under five severities of each corruption of `fer_core.corruptions`. One severity after the other
is stored below `runs/`, so an interrupted run continues where it stopped; a stored severity is
measured again if the weights, the amount or the faces have changed. The results are written to
fer_core/results whenever a corruption is complete. Answering the clean faces adds a row per model
to the ledger of PrivateTest's scorings.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core import pipeline
from fer_core.artifacts import private_test_ledger, summaries
from fer_core.artifacts.predictions import npz_bytes
from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.corruptions.records import CORRUPTIONS
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import robustness_results
from fer_core.evaluation.robustness_results import (
    SEVERITIES,
    SPLIT,
    MeasuredCorruption,
    RobustnessResults,
)
from fer_core.registry import get_model_spec
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, load_data

FACES = 1000
SEED = 2013  # of the sample
CLEAN = "clean"


@dataclass(frozen=True)
class Task:
    """The faces to answer, the models, and where their answers are kept until all are there."""

    faces: FerData
    checksums: dict[str, str]  # model name → SHA-256 of its weights
    folder: Path


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.robustness", description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--corruptions", nargs="+", choices=list(CORRUPTIONS), default=list(CORRUPTIONS)
    )
    parser.add_argument(
        "--runs",
        type=Path,
        metavar="FOLDER",
        default=Path("runs/robustness"),
        help="where the answers are kept until a corruption is complete",
    )
    args = parser.parse_args(arguments)
    prepare_folder(robustness_results.files()[0].parent)
    prepare_folder(args.runs)
    faces = sample(load_data(args.data, [SPLIT], whole=True).split(SPLIT), FACES)
    checksums = {
        model.name: checksum
        for model in summaries.evaluated_models()
        if (checksum := summaries.weights_checksum(model.name))
    }
    task = Task(faces, checksums, args.runs)
    measure(task, CLEAN, 0)
    for name in args.corruptions:
        for severity in range(1, SEVERITIES + 1):
            measure(task, name, severity)
        robustness_results.save(collect(task))
    return 0


def sample(data: FerData, count: int) -> FerData:
    """Draw faces of a split at random, each emotion with its share (largest remainders)."""
    random = np.random.default_rng(SEED)
    n = np.bincount(data.labels, minlength=len(EMOTIONS))
    shares = n * count / len(data)
    counts = np.floor(shares).astype(int)
    counts[np.argsort(counts - shares, kind="stable")[: count - counts.sum()]] += 1
    rows = [
        random.permutation(np.flatnonzero(data.labels == emotion))[: counts[emotion]]
        for emotion in range(len(EMOTIONS))
    ]
    return data.select(np.sort(np.concatenate(rows)))


def measure(task: Task, name: str, severity: int) -> None:
    """Answer the faces at one severity, or none, and store it; skips what is stored already."""
    if read(task, name, severity) is not None:
        return
    start = time.perf_counter()
    amount = _amount(name, severity)
    chips = task.faces.chips
    if name != CLEAN:
        corruption = CORRUPTIONS[name]
        chips = np.stack([corruption.apply(chip, amount, seed=i) for i, chip in enumerate(chips)])
    answers = pipeline.classify_chips(chips, list(task.checksums))
    # Half precision, as in the files of predictions, so that both agree on the clean faces.
    probabilities = np.array(
        [
            [[row[model].probabilities[emotion] for emotion in EMOTIONS] for row in answers]
            for model in task.checksums
        ]
    ).astype(np.float16)
    correct = probabilities.argmax(axis=2) == task.faces.labels
    arrays = _identity(task, amount) | {
        "correct": correct,
        "confidence": probabilities.max(axis=2).astype(float).mean(axis=1),
    }
    part = task.folder / f".{name}.part"
    part.write_bytes(npz_bytes(arrays))
    part.replace(_path(task, name, severity))
    accuracies = dict(zip(task.checksums, correct.mean(axis=1).tolist(), strict=True))
    if name == CLEAN:
        for model, accuracy in accuracies.items():
            note = f"training.robustness: {len(chips):,} faces, also corrupted"
            private_test_ledger.record(get_model_spec(model), len(chips), accuracy, note)
    line = "  ".join(f"{model} {accuracy:.3f}" for model, accuracy in accuracies.items())
    seconds = time.perf_counter() - start
    print(f"{name:12} {severity}  {line}  {seconds:.0f} s", flush=True)


def read(task: Task, name: str, severity: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Read a stored severity: (M, N) bool and (M,) mean confidence; None if it must be measured."""
    try:
        with np.load(_path(task, name, severity), allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except FileNotFoundError:
        return None
    identity = _identity(task, _amount(name, severity))
    if any(not np.array_equal(arrays[key], value) for key, value in identity.items()):
        return None
    return arrays["correct"], arrays["confidence"]


def collect(task: Task) -> RobustnessResults:
    """The results of every corruption all of whose severities are stored."""
    clean = read(task, CLEAN, 0)
    corruptions, correct, confidence = {}, [], []
    for name, record in CORRUPTIONS.items():
        parts = [clean, *(read(task, name, severity) for severity in range(1, SEVERITIES + 1))]
        complete = [part for part in parts if part is not None]
        if len(complete) < len(parts):
            continue
        corruptions[name] = MeasuredCorruption(
            record.title, record.unit, record.none, record.severities
        )
        correct.append(np.stack([answers for answers, _ in complete], axis=1))
        confidence.append(np.stack([means for _, means in complete], axis=1))
    return RobustnessResults(
        task.faces.ids,
        task.faces.labels,
        task.checksums,
        corruptions,
        np.stack(correct, axis=1),
        np.stack(confidence, axis=1),
        collect_provenance("cpu"),
    )


def _amount(name: str, severity: int) -> float:
    return 0.0 if name == CLEAN else float(CORRUPTIONS[name].severities[severity - 1])


def _identity(task: Task, amount: float) -> dict[str, np.ndarray]:
    """What stored answers depend on."""
    return {
        "ids": task.faces.ids,
        "models": np.array(list(task.checksums)),
        "checksums": np.array(list(task.checksums.values())),
        "amount": np.array(amount),
    }


def _path(task: Task, name: str, severity: int) -> Path:
    return task.folder / f"{name}-{severity}.npz"


if __name__ == "__main__":
    sys.exit(main())
