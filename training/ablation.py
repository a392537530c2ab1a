"""Ablation study of the multi-class CNN's recipe: python -m training.ablation.

Each short run changes one ingredient of the recipe; every change is run with several seeds and
scored on PublicTest. A finished run becomes one row of docs/ablation.csv, and a new call continues
where the last one stopped. `python -m training.docs_tables` turns the file into the table of
docs/models/results.md.
"""

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from fer_core.artifacts.provenance import collect_provenance
from fer_core.cli.command import report_errors
from fer_core.cli.inputs import path_type
from fer_core.cli.output import check_writable, prepare_folder
from fer_core.models.networks.torch_loading import build
from fer_core.registry import get_model_spec
from training.engine.arguments import add_data_argument, positive_int, positive_number
from training.engine.cpu_speed import keep_freed_memory
from training.engine.csv_records import read_records, write_records
from training.engine.data import FerData, load_data
from training.engine.torch_trainer import TorchTrainer, resolve_device
from training.engine.trainer import Progress
from training.recipes import RECIPES, Recipe

CSV_PATH = Path(__file__).parents[1] / "docs/ablation.csv"
EPOCHS, SEEDS = 12, 3
BASE = "as it is"
MODEL_NAME = "multiclass"
#: Name of a change → the fields of the recipe, or of its augmentation, that it sets. The names are
#: stored in docs/ablation.csv.
CHANGES: dict[str, dict[str, Any]] = {
    BASE: {},
    "without mirror": {"flip": False},
    "without rotation, zoom and shift": {"degrees": 0, "scale": 0, "shift": 0},
    "without brightness and contrast": {"brightness": 0, "contrast": 0},
    "without blanked rectangle": {"erase": 0},
    "without label smoothing": {"label_smoothing": 0},
    "without averaged weights": {"ema": 0},
    "with mixup 0.2": {"mixup": 0.2},
}


@dataclass(frozen=True)
class Run:
    """One row of the CSV file: the result of one finished run."""

    change: str  # a key of CHANGES
    epochs: int
    seed: int
    public_accuracy: float  # PublicTest accuracy of the best epoch, 0 to 1
    minutes: float
    device: str
    date: str
    git_commit: str


def changed_recipe(change: str, epochs: int, seed: int) -> Recipe:
    """Return the multi-class CNN's recipe with one change and without early stopping."""
    recipe, fields = RECIPES[MODEL_NAME], CHANGES[change]
    augmentation_fields = {
        key: value for key, value in fields.items() if hasattr(recipe.augmentation, key)
    }
    recipe_fields: dict[str, Any] = {
        "epochs": epochs,
        "patience": epochs,
        "seed": seed,
        "augmentation": replace(recipe.augmentation, **augmentation_fields),
    }
    recipe_fields |= {k: value for k, value in fields.items() if k not in augmentation_fields}
    return replace(recipe, **recipe_fields)


def read_runs(path: Path | None = None) -> list[Run]:
    """Read the finished runs; empty if there is no file yet."""
    return read_records(path or CSV_PATH, Run)


def missing_runs(
    runs: Sequence[Run], changes: Sequence[str], epochs: int
) -> Iterator[tuple[str, int]]:
    """Yield (change, seed) of the runs still to do: all changes with one seed before the next."""
    finished = {(run.change, run.seed) for run in runs if run.epochs == epochs}
    for seed in range(SEEDS):
        for change in changes:
            if (change, seed) not in finished:
                yield change, seed


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    add_data_argument(parser)
    parser.add_argument("--epochs", type=positive_int, default=EPOCHS, help="length of each run")
    parser.add_argument(
        "--only", nargs="+", choices=list(CHANGES), default=list(CHANGES), help="changes to run"
    )
    parser.add_argument("--max-minutes", type=positive_number, default=math.inf, help="time limit")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--runs", type=path_type, default=Path("runs/ablation"), help="checkpoints")
    parser.add_argument("--out", type=path_type, default=CSV_PATH, help="CSV file, one row per run")
    args = parser.parse_args(arguments)
    device = resolve_device(args.device)
    started = time.monotonic()
    runs = read_runs(args.out)
    check_writable(args.out)
    prepare_folder(args.runs)
    data = load_data(args.data, ("Training", "PublicTest"))
    for change, seed in list(missing_runs(runs, args.only, args.epochs)):
        recipe = changed_recipe(change, args.epochs, seed)
        minutes_left = args.max_minutes - (time.monotonic() - started) / 60
        folder = args.runs / f"{change} {args.epochs} {seed}".replace(" ", "_")
        progress = fit(recipe, data, folder, device, minutes_left)
        if progress is None:
            print(f"Time limit reached in “{change}”, seed {seed}; call again to continue.")
            return 0
        provenance = collect_provenance(device)
        run = Run(
            change=change,
            epochs=args.epochs,
            seed=seed,
            public_accuracy=round(progress.best_score, 5),
            minutes=round(progress.seconds / 60, 1),
            device=provenance["device"],
            date=provenance["date"],
            git_commit=provenance["git_commit"] or "",
        )
        runs.append(run)
        write_records(args.out, runs)
        print(f"{change}, seed {seed}: {run.public_accuracy:.4f} in {run.minutes:g} minutes")
    return 0


def fit(
    recipe: Recipe, data: FerData, folder: Path, device: str, minutes: float
) -> Progress | None:
    """Train by `recipe`, from the checkpoint in `folder` if there is one.

    Returns None if `minutes` were not enough; a later call continues from the checkpoint.
    """
    torch.manual_seed(recipe.seed)
    preprocessing = get_model_spec(MODEL_NAME).preprocessing
    assert preprocessing is not None
    network = build(MODEL_NAME, **recipe.network)
    trainer = TorchTrainer(network, preprocessing, recipe, data, folder, torch.device(device))
    trainer.resume()
    progress = trainer.fit(minutes)
    return progress if progress.step == trainer.total_steps else None


def format_table(runs: Sequence[Run]) -> str:
    """Format a Markdown table with mean and standard deviation per change, in percent.

    The last column is the mean difference, in points, from the unchanged recipe over the seeds that
    both have.
    """
    lines = [
        "| epochs | recipe | seeds | PublicTest, mean | sd | difference |",
        "|---|---|---|---|---|---|",
    ]
    for epochs in sorted({run.epochs for run in runs}):
        by_change = {
            change: {
                run.seed: 100 * run.public_accuracy
                for run in runs
                if (run.change, run.epochs) == (change, epochs)
            }
            for change in CHANGES
        }
        base = by_change[BASE]
        for change, by_seed in by_change.items():
            if by_seed:
                scores = list(by_seed.values())
                spread = f"{np.std(scores, ddof=1):.2f}" if len(scores) > 1 else "–"
                gaps = [by_seed[seed] - base[seed] for seed in by_seed if seed in base]
                gap = f"{np.mean(gaps):+.2f}".replace("-", "−") if gaps and change != BASE else ""
                lines.append(
                    f"| {epochs} | {change} | {len(scores)} | {np.mean(scores):.2f} | {spread} "
                    f"| {gap} |"
                )
    return "\n".join(lines) if runs else "No runs yet."


if __name__ == "__main__":
    keep_freed_memory()
    sys.exit(main())
