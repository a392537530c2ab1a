"""Record training runs of several seeds: python -m training.seeds FOLDER...

`python -m training.train MODEL --seed N --out FOLDER` makes such a run. Each folder's weights tell
in their header how they were made; one row per run goes to fer_core/results/seeds.csv, from which
the app tells how far a model's score varies between runs. The weights themselves are not kept.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fer_core.artifacts import seed_runs, summaries, weights_file
from fer_core.artifacts.seed_runs import SeedRun
from fer_core.cli.command import report_errors
from fer_core.cli.inputs import path_type
from fer_core.cli.output import prepare_folder
from fer_core.errors import FerError
from fer_core.registry import MODELS
from training.recipes import RECIPES

#: What the runs of one recipe have in common, besides the recipe itself.
SAME = ("initialisation", "started_from", "taught_by")


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.seeds", description=__doc__)
    parser.add_argument(
        "folders", metavar="FOLDER", nargs="+", type=path_type, help="--out of training.train"
    )
    args = parser.parse_args(arguments)
    prepare_folder(seed_runs.path().parent)
    new = [run for folder in args.folders for run in read_folder(folder)]
    known = seed_runs.read() if seed_runs.path().exists() else ()
    seed_runs.write({run.key: run for run in (*known, *new)}.values())
    for run in new:
        print(f"{run.model}, seed {run.seed}: {run.public_score:.4f} in {run.minutes:g} minutes")
    return 0


def read_folder(folder: Path) -> list[SeedRun]:
    """Read the runs behind a folder's weights.

    Args:
        folder: Has one `<model>.safetensors` or several.

    Returns:
        One run per file.

    Raises:
        FerError: It has no such file, or one that `training.train` did not write or that is no
            complete run of its model's recipe.
    """
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise FerError(f"{folder} has no weights: give the --out folder of a finished training.")
    return [_read_run(file) for file in files]


def _read_run(file: Path) -> SeedRun:
    try:
        provenance = weights_file.read_provenance(file)
        run = seed_runs.of_provenance(provenance)
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise FerError(f"{file} does not tell how it was trained: train it again.") from error
    if problem := _problem(provenance):
        raise FerError(f"{file} is no further run of {run.model}'s recipe: {problem}.")
    return run


def _problem(provenance: Mapping[str, Any]) -> str:
    """Why a run must not stand beside the committed one, as part of a sentence; else empty."""
    recipe = RECIPES.get(provenance["variant"])
    if recipe is None:
        return "there is no such recipe"
    if recipe.yes_no:
        return "its epoch is chosen by average precision, not by accuracy"
    expected: dict[str, Any] = json.loads(json.dumps(asdict(recipe)))
    trained = {**provenance["recipe"], "seed": recipe.seed}
    if trained != expected:
        return "settings other than the seed were changed"
    if provenance["epochs"] < recipe.epochs:
        return "the training was stopped early"
    committed = summaries.load_summary(MODELS[provenance["variant"]]) or provenance
    if any(provenance.get(key) != committed.get(key) for key in SAME):
        return "it started from, or was taught by, other weights"
    return ""


if __name__ == "__main__":
    sys.exit(main())
