"""Train a variant: `python -m training.train VARIANT [--epochs N] [--max-minutes M] [--resume]`."""

import argparse
import dataclasses
import math
import sys
from pathlib import Path

import torch

from fer_core.errors import FerError
from fer_core.models.torch_models import build
from fer_core.variants import VARIANTS, get
from training.data import DEFAULT_DATA, FerData, load_data
from training.loop import Trainer
from training.recipes import RECIPES, Recipe

RUNS = Path("runs")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("variant", choices=list(VARIANTS))
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--epochs", type=int, help="shorten or lengthen the whole schedule")
    parser.add_argument("--max-minutes", type=float, default=math.inf, help="stop cleanly after")
    parser.add_argument("--resume", action="store_true", help="take up the last checkpoint")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--pretrained", action="store_true", help="ImageNet start (downloads)")
    chosen = parser.parse_args(arguments)
    recipe = RECIPES[chosen.variant]
    if chosen.epochs is not None:
        recipe = dataclasses.replace(recipe, epochs=chosen.epochs)
    data = load_data(chosen.data)
    run = RUNS / chosen.variant
    how = get(chosen.variant).preprocessing
    network = build(chosen.variant, pretrained=chosen.pretrained, **recipe.network)
    trainer = Trainer(network, how, recipe, data, run, torch.device("cpu"))
    if chosen.resume:
        trainer.resume()
    trainer.fit(chosen.max_minutes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
