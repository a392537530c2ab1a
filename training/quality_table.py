"""How accurate the default model is on the faces that look unlike Training's, as Markdown."""

from collections.abc import Mapping

import numpy as np

from fer_core.datasets.fer2013_appearance import MEASURES, load_appearance, percentiles
from fer_core.errors import NotTrainedError
from fer_core.evaluation.default_model import SPLIT, default_model_name
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.evaluation.split_gap import independent_difference
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.quality import OUTSIDE, outside_words
from fer_core.reports.format import format_points_interval, percent_with_interval, points
from fer_core.reports.markdown import table

ANY, NONE = "any of these", "none of these"


def outside_table() -> str:
    """The faces of PublicTest by the words of `OUTSIDE`, and the accuracy by both labels."""
    name = default_model_name()
    if name is None:
        raise NotTrainedError("No model is trained yet.")
    columns = [_column(name, by_crowd=by_crowd) for by_crowd in (False, True)]
    heads = [
        f"faces of {SPLIT}",
        "number",
        f"`{name}` by label",
        "with a clear majority",
        f"`{name}` by FER+ majority",
    ]
    body = [
        [group, *(cell for column in columns for cell in _cells(*column[group]))]
        for group in columns[0]
    ]
    differences = [cell for column in columns for cell in ("", _difference(column))]
    return table(heads, [*body, [f"{ANY} minus {NONE}, points", *differences]])


def _column(name: str, *, by_crowd: bool) -> dict[str, tuple[int, int]]:
    """Kind of face → how many of them the model answers as labelled, and their number."""
    predictions = committed_set(SPLIT, by_crowd=by_crowd).predictions(name)
    looks = load_appearance()
    shares = percentiles(np.array([looks[face] for face in predictions.ids.tolist()]))
    words = [outside_words(dict(zip(MEASURES, row, strict=True))) for row in shares.tolist()]
    is_outside = np.array([bool(each) for each in words])
    masks = {word: np.array([word in each for each in words]) for word in OUTSIDE.values()}
    masks |= {ANY: is_outside, NONE: ~is_outside}
    return {
        group: (int(predictions.correct[mask].sum()), int(mask.sum()))
        for group, mask in masks.items()
    }


def _difference(column: Mapping[str, tuple[int, int]]) -> str:
    (correct, n), (other_correct, other_n) = column[ANY], column[NONE]
    interval = independent_difference(correct, n, other_correct, other_n)
    return f"{points(correct / n - other_correct / other_n)} ({format_points_interval(interval)})"


def _cells(correct: int, n: int) -> tuple[str, str]:
    return f"{n:,}", percent_with_interval(correct / n, wilson_interval(correct, n)) if n else ""
