"""What each ingredient of the multi-class CNN's recipe gives on PublicTest: short runs, each with
one thing changed, from several seeds: python -m training.ablation.

A run that has ended is a line of docs/ablation.csv, and a call goes on where the last one stopped.
`--only "as it is" --epochs 100` repeats the recipe at full length: its spread over seeds.
`python -m training.docs_tables` makes the table of docs/training.md from the file.
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
from fer_core.models.networks.torch_loading import build
from fer_core.registry import get_model_spec
from training.engine.cpu_speed import keep_freed_memory
from training.engine.csv_records import read_records, write_records
from training.engine.data import DEFAULT_DATA, FerData, load_data
from training.engine.torch_trainer import TorchTrainer, resolve_device
from training.engine.trainer import Progress
from training.recipes import RECIPES, Recipe

CSV_PATH = Path(__file__).parents[1] / "docs/ablation.csv"
EPOCHS, SEEDS = 12, 3
BASE = "as it is"
MODEL_NAME = "multiclass"
#: What is changed in the recipe or its augmentation; every line of the table is one of these.
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
    """A line of the file: what a run from `seed` reached."""

    change: str  # a key of CHANGES
    epochs: int
    seed: int
    public_accuracy: float  # of the best epoch, a fraction
    minutes: float
    device: str
    date: str
    git_commit: str


def changed_recipe(change: str, epochs: int, seed: int) -> Recipe:
    """The multi-class CNN's recipe with one thing changed, never stopped early."""
    recipe, wanted = RECIPES[MODEL_NAME], CHANGES[change]
    inner = {key: value for key, value in wanted.items() if hasattr(recipe.augmentation, key)}
    outer = {key: value for key, value in wanted.items() if key not in inner}
    augmentation = replace(recipe.augmentation, **inner)
    own: dict[str, Any] = {
        "epochs": epochs,
        "patience": epochs,
        "seed": seed,
        "augmentation": augmentation,
    }
    return replace(recipe, **own | outer)


def read_runs(path: Path | None = None) -> list[Run]:
    """The runs that have ended, none where there is no file yet."""
    return read_records(path or CSV_PATH, Run)


def missing_runs(done: Sequence[Run], changes: Sequence[str], epochs: int) -> Iterator[tuple[str, int]]:
    """(change, seed) of what has not run yet, every change once before any has a second seed."""
    known = {(run.change, run.seed) for run in done if run.epochs == epochs}
    for seed in range(SEEDS):
        for change in changes:
            if (change, seed) not in known:
                yield change, seed


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="length of every run")
    parser.add_argument("--only", nargs="+", choices=list(CHANGES), default=list(CHANGES))
    parser.add_argument("--max-minutes", type=float, default=math.inf, help="stop cleanly after")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--runs", type=Path, default=Path("runs/ablation"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=CSV_PATH, help="file that takes a line a run")
    chosen = parser.parse_args(arguments)
    device = resolve_device(chosen.device)
    started = time.monotonic()
    data = load_data(chosen.data)
    done = read_runs(chosen.out)
    for change, seed in list(missing_runs(done, chosen.only, chosen.epochs)):
        recipe = changed_recipe(change, chosen.epochs, seed)
        left = chosen.max_minutes - (time.monotonic() - started) / 60
        folder = chosen.runs / f"{change} {chosen.epochs} {seed}".replace(" ", "_")
        progress = fit(recipe, data, folder, device, left)
        if progress is None:
            print(f"Out of time within “{change}”, seed {seed}: call again to go on.")
            return 0
        made = collect_provenance(device)
        run = Run(
            change=change,
            epochs=chosen.epochs,
            seed=seed,
            public_accuracy=round(progress.best_score, 5),
            minutes=round(progress.seconds / 60, 1),
            device=made["device"],
            date=made["date"],
            git_commit=made["git_commit"] or "",
        )
        done.append(run)
        write_records(chosen.out, done)
        print(f"{change}, seed {seed}: {run.public_accuracy:.4f} in {run.minutes:g} minutes")
    return 0


def fit(
    recipe: Recipe, data: FerData, folder: Path, device: str, minutes: float
) -> Progress | None:
    """Run a recipe to its end, from the checkpoint in `folder` if there is one; None where the
    time was too short."""
    torch.manual_seed(recipe.seed)
    how = get_model_spec(MODEL_NAME).preprocessing
    assert how is not None
    network = build(MODEL_NAME, **recipe.network)
    trainer = TorchTrainer(network, how, recipe, data, folder, torch.device(device))
    trainer.resume()
    progress = trainer.fit(minutes)
    return progress if progress.step == trainer.total_steps else None


def format_table(runs: Sequence[Run]) -> str:
    """Mean and standard deviation a change, and the mean difference from the recipe as it is over
    the seeds that both have, as Markdown; in percent and points."""
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
        for change, found in by_change.items():
            if found:
                scores = list(found.values())
                spread = f"{np.std(scores, ddof=1):.2f}" if len(scores) > 1 else "–"
                both = [found[seed] - base[seed] for seed in found if seed in base]
                off = f"{np.mean(both):+.2f}".replace("-", "−") if both and change != BASE else ""
                lines.append(
                    f"| {epochs} | {change} | {len(scores)} | {np.mean(scores):.2f} | {spread} "
                    f"| {off} |"
                )
    return "\n".join(lines) if runs else "No run has been made yet."


if __name__ == "__main__":
    keep_freed_memory()
    sys.exit(main())
