"""Write a network's int8 graph: python -m training.quantize MODEL.

Post-training quantisation (Jacob et al. 2018) with ONNX Runtime: convolutions compute with 8-bit
weights, one scale per filter, and 8-bit activations, whose ranges are measured on Training. The
8-bit weights are not stored: `<model>.int8.onnx` computes them, when it is loaded, from the same
bytes of `<model>.safetensors` that the other graph uses. Then both precisions answer PublicTest. An
ensemble, which has no graph, only answers: run it after its members.
"""

import argparse
import sys

import numpy as np

from fer_core.artifacts import int8, store, summaries, weights_file
from fer_core.cli.command import report_errors
from fer_core.cli.output import prepare_folder
from fer_core.evaluation import uncertainty
from fer_core.models.precision import Precision
from fer_core.models.predictors import load
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from training.engine.arguments import add_data_argument
from training.engine.data import FerData, labelled_by_majority, load_data
from training.engine.int8_graph import write_int8_graph

CHIPS = 256  # of Training, whose activations set the ranges
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.quantize", description=__doc__)
    parser.add_argument(
        "model", metavar="MODEL", choices=list(MODELS), help=f"one of {', '.join(MODELS)}"
    )
    add_data_argument(parser)
    args = parser.parse_args(arguments)
    model = get_model_spec(args.model)
    prepare_folder(weights_file.path(model).parent)
    prepare_folder(int8.path().parent)
    data = load_data(args.data, ("Training", int8.SPLIT))
    if not model.members:
        training = data.split("Training")
        chosen = np.random.default_rng(0).permutation(len(training))[:CHIPS]
        write_int8_graph(model, training.chips[chosen])
    public_test = data.split(int8.SPLIT)
    if summaries.trained_by_votes(model):
        public_test = labelled_by_majority(public_test)
    comparison = compare(model, public_test)
    previous = int8.load_comparisons() if int8.path().exists() else {}
    store.write_files({int8.path(): int8.to_json(previous | {model.name: comparison})})
    print(
        f"{model.name}: {-100 * comparison.loss:+.2f} points of accuracy on {int8.SPLIT}, the same "
        f"answer for {comparison.same_answer / comparison.n:.2%}"
    )
    return 0


def compare(model: ModelSpec, data: FerData) -> int8.Int8Comparison:
    """Answer the images in both precisions."""
    single, whole = (load(model.name, p).predict_proba(data.chips).argmax(1) for p in PRECISIONS)
    pairs = uncertainty.compare(single == data.labels, whole == data.labels)
    return int8.Int8Comparison(
        n=pairs.n,
        same_answer=int((single == whole).sum()),
        both_correct=pairs.both_correct,
        fp32_only=pairs.only_first,
        int8_only=pairs.only_second,
        sha256=store.sha256(weights_file.path(model)),
    )


if __name__ == "__main__":
    sys.exit(main())
