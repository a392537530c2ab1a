"""Find the most faithful layer per network and explanation method: python -m training.layer_search.

The measure is that of `training.saliency`, at every depth instead of the default one only. The
faces are others, so that no depth is chosen on the faces behind the app's numbers, and none has a
copy in Training. The model's own prediction is explained. Each row of docs/layers.csv is one method
at one depth. Rows of the committed weights are not measured again.
`python -m training.docs_tables` turns the file into the table of docs/saliency.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.artifacts import store, weights_file
from fer_core.cli.command import report_errors
from fer_core.cli.inputs import path_type
from fer_core.cli.output import check_writable
from fer_core.evaluation.explanation_results import SPLIT
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.evaluation.uncertainty import mean_interval
from fer_core.explain.faithfulness import measure_faithfulness
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, default_depth, list_methods
from fer_core.models.predictors import load
from fer_core.registry import MODELS, list_networks
from training.engine.arguments import add_data_argument
from training.engine.csv_records import read_records, write_records
from training.engine.data import load_data
from training.engine.explained_faces import DRAWS, NO_CURVES, search_faces
from training.saliency import explain_predictions

CSV_PATH = Path(__file__).parents[1] / "docs/layers.csv"


@dataclass(frozen=True)
class LayerResult:
    """Faithfulness of one method at one depth: one row of the CSV file.

    `difference` is the drop in the prediction's probability when a map's hottest areas are blurred,
    minus the drop when random areas of the same size are: the mean over the `n` faces whose map is
    not flat, in percentage points, with its 95 % interval. Depth 0 belongs to the centre-bias
    baseline (`CENTRE_BASELINE`).
    """

    variant: str  # the model's name
    method: str
    depth: int
    n: int
    flat: int  # faces with a flat map, left out
    difference: float
    low: float
    high: float
    weights: str  # first digits of the weights file's SHA-256


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.layer_search", description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--models",
        "--variants",
        nargs="+",
        choices=list_networks(),
        default=list(list_networks()),
        help="networks to measure",
    )
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument(
        "--out", type=path_type, default=CSV_PATH, help="CSV file, one row per depth"
    )
    args = parser.parse_args(arguments)
    read_results(args.out)
    check_writable(args.out)
    data = load_data(args.data, [SPLIT], whole=True)
    faces = search_faces(data.split(SPLIT))
    for model_name in args.models:
        for method, depth in method_depths(model_name, args.methods):
            results = read_results(args.out)
            key = (model_name, method, depth)
            if any((row.variant, row.method, row.depth) == key for row in results):
                continue
            result = measure_layer(model_name, method, depth, faces.chips)
            write_records(args.out, sorted([*results, result], key=_sort_key))
            print(result, flush=True)
    return 0


def method_depths(model_name: str, methods: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield each (method, depth) to measure for a network, the centre-bias baseline first."""
    yield CENTRE_BASELINE, 0
    for method in list_methods(model_name):
        if method.name in methods:
            for depth in DEPTHS:
                yield method.name, depth


def measure_layer(model_name: str, method: str, depth: int, chips: np.ndarray) -> LayerResult:
    """Measure the faithfulness of the maps of one method at one depth.

    The maps explain the model's own predictions for `chips` (N, 48, 48).
    """
    predict = load(model_name).predict_proba
    gains = []
    for chip, predicted, heat, is_flat in explain_predictions(model_name, method, chips, depth):
        if not is_flat:
            faithfulness = measure_faithfulness(
                chip, heat, predict, predicted, draws=DRAWS, fractions=NO_CURVES
            )
            gains.append(100 * (faithfulness.confidence_drop - faithfulness.random_drop))
    low, high = mean_interval(np.array(gains)) if gains else (0.0, 0.0)
    return LayerResult(
        variant=model_name,
        method=method,
        depth=depth,
        n=len(gains),
        flat=len(chips) - len(gains),
        difference=round(float(np.mean(gains)), 2) if gains else 0.0,
        low=round(low, 2),
        high=round(high, 2),
        weights=_weights_digest(model_name),
    )


def read_results(path: Path | None = None) -> list[LayerResult]:
    """Read the results of the committed weights; empty if there is no file yet."""
    results = read_records(path or CSV_PATH, LayerResult)
    digests = {name: _weights_digest(name) for name in {row.variant for row in results}}
    return [row for row in results if row.weights == digests[row.variant]]


def format_table(results: Sequence[LayerResult]) -> str:
    """Format a Markdown table, one row per method and network and one column per depth.

    The default depth is bold.
    """
    head = [
        "| method | model | layer 1 | 2 | 3 | 4 | centre-bias baseline |",
        "|---|---|---|---|---|---|---|",
    ]
    by_key = {(row.variant, row.method, row.depth): row for row in results}
    rows = []
    for method in METHODS.values():
        for name in list_networks():
            by_depth = {depth: by_key.get((name, method.name, depth)) for depth in DEPTHS}
            if any(by_depth.values()):
                default = default_depth(name, method.name)
                cells = [_cell(row, depth == default) for depth, row in by_depth.items()]
                cells.append(_cell(by_key.get((name, CENTRE_BASELINE, 0))))
                rows.append(f"| {method.title} | `{name}` | {' | '.join(cells)} |")
    return "\n".join([*head, *rows]) if rows else "No results yet."


def _cell(row: LayerResult | None, is_default: bool = False) -> str:
    if row is None:
        return "–"
    if not row.n:
        return "all flat"
    mean = f"**{round(row.difference)}**" if is_default else f"{round(row.difference)}"
    flat = f", {row.flat} flat" if row.flat else ""
    return f"{mean} ({round(row.low)} to {round(row.high)}{flat})".replace("-", "−")


def _sort_key(row: LayerResult) -> tuple[int, int, int]:
    methods = [CENTRE_BASELINE, *METHODS]
    return list(MODELS).index(row.variant), methods.index(row.method), row.depth


def _weights_digest(model_name: str) -> str:
    return store.sha256(weights_file.path(MODELS[model_name]))[:12]


if __name__ == "__main__":
    sys.exit(main())
