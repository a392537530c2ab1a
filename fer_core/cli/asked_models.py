"""The models that `classify` asks, loaded before the first photo or frame."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fer_core.artifacts import summaries
from fer_core.cli.model_choice import loadable, selected_models
from fer_core.cli.own_model import own_model
from fer_core.models.precision import PrecisionChoice
from fer_core.registry import MODELS

if TYPE_CHECKING:  # imported only when the command runs, to keep the other commands fast
    from fer_core.bulk.job import Job
    from fer_core.models.own_onnx import OwnOnnx


def asked_models(args: argparse.Namespace) -> tuple[list[str], "OwnOnnx | None"]:
    """Names of the models that the options name, and the user's own file, if it is among them."""
    own = own_model(args)
    names = selected_models(args.model) if args.model or not own else []
    if own and own.name not in names:  # `all` has it
        names.append(own.name)
    return names, own


def load_job(model_names: Sequence[str], args: argparse.Namespace, own: "OwnOnnx | None") -> "Job":
    """What is asked about each face, after its models were loaded once."""
    from fer_core.bulk.job import Job
    from fer_core.models.cache import MODEL_CACHE

    precision: PrecisionChoice = args.precision
    if args.device == "cuda" and precision == "auto":
        precision = "fp32"  # int8 is quicker on processors only
    Job((), device=args.device).prepare()
    names = tuple(loadable(model_names, precision, args.model == "all"))
    if args.workers > 1 or args.engine == "ray":
        MODEL_CACHE.clear()  # each worker loads its own
    for name in names:
        if outdated := summaries.retraining_problem(MODELS[name]):
            print(f"note: {outdated}", file=sys.stderr)
    return Job(names, args.whole_picture, precision, args.device, own)
