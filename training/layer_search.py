"""Measure at which layer of each network the heat maps of each method are truest:
python -m training.layer_search.

The measure is that of `training.saliency`, at every depth instead of the default one, and on other
faces: those of each emotion that come after the ones measured there, so that a depth is not chosen
on the faces that the app's numbers are of. The variant's own answer is explained. A line of
docs/layers.csv is one method at one depth, Score-CAM left out; what is there for the committed
weights is not measured again. `python -m training.docs_tables` makes the table of docs/saliency.md
from the file.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fer_core.artifacts import store, weights_file
from fer_core.cli.command import report_errors
from fer_core.evaluation.explanation_results import SPLIT
from fer_core.evaluation.explanations import CENTRE_BASELINE
from fer_core.evaluation.uncertainty import mean_interval
from fer_core.explain.faithfulness import measure_drops
from fer_core.explain.layers import DEPTHS
from fer_core.explain.methods import METHODS, default_depth, list_methods
from fer_core.models.predictors import load
from fer_core.registry import MODELS, list_networks
from training.engine.csv_records import read_records, write_records
from training.engine.data import DEFAULT_DATA, FerData, load_data
from training.saliency import FACES_PER_EMOTION, select_images, first_faces, explain_predictions

CSV_PATH = Path(__file__).parents[1] / "docs/layers.csv"
METHOD_NAMES = tuple(name for name in METHODS if name != "score_cam")  # that takes a pass a channel


@dataclass(frozen=True)
class LayerResult:
    """How much further the answer's probability falls when a map's hottest places are blurred than
    when the same area is blurred elsewhere: mean over the `n` faces whose map was not flat, with
    its 95 % interval, in points. Depth 0 is that of `CENTRE`, the no-skill map."""

    variant: str
    method: str
    depth: int
    n: int
    flat: int
    difference: float
    low: float
    high: float
    weights: str  # the first digits of their SHA-256


@report_errors
def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.layer_search", description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder or .tar.xz")
    parser.add_argument("--variants", nargs="+", choices=list_networks(), default=list(list_networks()))
    parser.add_argument("--methods", nargs="+", choices=METHOD_NAMES, default=METHOD_NAMES)
    parser.add_argument("--faces", type=int, default=FACES_PER_EMOTION, help="an emotion")
    parser.add_argument("--out", type=Path, default=CSV_PATH, help="file that takes a line a depth")
    chosen = parser.parse_args(arguments)
    faces = search_faces(load_data(chosen.data).split(SPLIT), chosen.faces)
    for name in chosen.variants:
        for method, depth in method_depths(name, chosen.methods):
            known = read_results(chosen.out)
            if any(
                (each.variant, each.method, each.depth) == (name, method, depth) for each in known
            ):
                continue
            found = measure_layer(name, method, depth, faces.chips)
            write_records(chosen.out, sorted([*known, found], key=_place))
            print(found, flush=True)
    return 0


def method_depths(name: str, methods: Sequence[str]) -> Iterator[tuple[str, int]]:
    """(method, depth) of all that is measured of a network, the no-skill map first."""
    yield CENTRE_BASELINE, 0
    for method in list_methods(name):
        if method.name in methods:
            for depth in DEPTHS:
                yield method.name, depth


def search_faces(data: FerData, each: int) -> FerData:
    """The `each` faces of each emotion that follow those of `training.saliency`."""
    taken = first_faces(data, FACES_PER_EMOTION).ids
    return first_faces(select_images(data, ~np.isin(data.ids, taken)), each)


def measure_layer(name: str, method: str, depth: int, chips: np.ndarray) -> LayerResult:
    """How true the maps of `chips` (N, 48, 48) are at one depth, for the variant's own answers."""
    predict = load(name).predict_proba
    gains = []
    for chip, answer, heat, flat in explain_predictions(name, method, chips, depth):
        if not flat:
            fall, elsewhere = measure_drops(chip, heat, predict, answer)
            gains.append(100 * (fall - elsewhere))
    spread = mean_interval(np.array(gains)) if gains else (0.0, 0.0)
    return LayerResult(
        variant=name,
        method=method,
        depth=depth,
        n=len(gains),
        flat=len(chips) - len(gains),
        difference=round(float(np.mean(gains)), 2) if gains else 0.0,
        low=round(spread[0], 2),
        high=round(spread[1], 2),
        weights=_weights(name),
    )


def read_results(path: Path | None = None) -> list[LayerResult]:
    """What is known of the committed weights, none where there is no file yet."""
    lines = read_records(path or CSV_PATH, LayerResult)
    present = {name: _weights(name) for name in {line.variant for line in lines}}
    return [line for line in lines if line.weights == present[line.variant]]


def format_table(lines: Sequence[LayerResult]) -> str:
    """A row a method and network, a column a depth, as Markdown; the default depth in bold."""
    head = [
        "| method | variant | layer 1 | 2 | 3 | 4 | spot in the middle |",
        "|---|---|---|---|---|---|---|",
    ]
    known = {(each.variant, each.method, each.depth): each for each in lines}
    rows = []
    for method in METHODS.values():
        for name in list_networks():
            found = [known.get((name, method.name, depth)) for depth in DEPTHS]
            if any(found):
                usual = default_depth(name, method.name)
                cells = [_cell(each, each is not None and each.depth == usual) for each in found]
                cells.append(_cell(known.get((name, CENTRE_BASELINE, 0))))
                rows.append(f"| {method.title} | `{name}` | {' | '.join(cells)} |")
    return "\n".join([*head, *rows]) if rows else "Nothing has been measured yet."


def _cell(line: LayerResult | None, usual: bool = False) -> str:
    if line is None:
        return "–"
    if not line.n:
        return "all flat"
    mean = f"**{round(line.difference)}**" if usual else f"{round(line.difference)}"
    flat = f", {line.flat} flat" if line.flat else ""
    return f"{mean} ({round(line.low)} to {round(line.high)}{flat})".replace("-", "−")


def _place(line: LayerResult) -> tuple[int, int, int]:
    methods = [CENTRE_BASELINE, *METHODS]
    return list(MODELS).index(line.variant), methods.index(line.method), line.depth


def _weights(name: str) -> str:
    return store.sha256(weights_file.path(MODELS[name]))[:12]


if __name__ == "__main__":
    sys.exit(main())
