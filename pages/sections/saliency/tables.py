"""How true the methods' maps are, as the words and cells of a table."""

from collections.abc import Mapping

import pandas as pd

from fer_core.evaluation import explanations
from fer_core.evaluation.explanation_results import ModelResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, Summary
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import percent, points, format_points_interval

#: Methods in the order they are shown, the no-skill map first.
COLUMN_TITLES = {CENTRE_BASELINE: "No skill: centre"} | {m.name: m.title for m in METHODS.values()}
METHOD_HELP = {
    CENTRE_BASELINE: "No map at all: a round spot in the middle of the picture, where faces are"
} | {m.name: m.summary for m in METHODS.values()}
COLUMN_HELP = {
    "Fall": "Mean fall of the probability of the model's own answer when the 20 % of the pixels "
    "that the map calls hottest are blurred, in percentage points",
    "At random": "Mean fall when the same area is blurred elsewhere: what a map that knows "
    "nothing gets",
    "Difference": "Fall minus fall at random: above 0, the map points at what the model uses",
    "From": "Lower end of the difference's 95 % interval (bootstrap over faces, paired)",
    "To": "Upper end of the difference's 95 % interval",
    "Deletion": "Area below the probability's curve while more and more of the hottest pixels are "
    "blurred, 0 to 1: lower is better",
    "Insertion": "Area below the curve while they come back into a blurred face: higher is better",
    "Flat": "Share of the faces whose map showed nothing. Such maps are in no mean",
    "Faces": "Number of faces whose map was not flat",
    "Layer": "1 is an early layer with a fine grid, 4 a late one with a coarse grid",
}


def summarise_methods(found: ModelResults) -> dict[str, Summary]:
    known = found.measurements
    return {name: explanations.summarise(known[name]) for name in COLUMN_TITLES if name in known}


def counts_text(found: Mapping[str, ModelResults]) -> str:
    """The section's answer: how many maps beat chance, and how many a spot in the middle."""
    told = explanations.count_faithful_pairs([each.measurements for each in found.values()])
    return (
        f"**{told.beat_random} of {told.pairs} pairs of model and method point at what the model "
        f"uses**, by more than chance explains; {told.beat_centre} of them do so better "
        "than a spot in the middle of the face."
    )


def most_faithful_text(found: ModelResults) -> str:
    """'Grad-CAM; about as good: LayerCAM', or that none is any good."""
    best = explanations.most_faithful(found.measurements)
    if best is None:
        return "not measured"
    if not best.beats_random:
        return "none beats random"
    level = [COLUMN_TITLES[name] for name in best.not_clearly_worse if name in COLUMN_TITLES]
    also = f"; about as good: {', '.join(level)}" if level else ""
    doubt = "; none clearly beats the centre" if best.beats_centre is False else ""
    return COLUMN_TITLES[best.method] + also + doubt


def most_faithful_by_model(found: Mapping[str, ModelResults]) -> str:
    """A line a model: its truest method, and those that are not clearly worse."""
    return "Truest maps, on the same faces:\n\n" + "\n".join(
        f"- **{MODELS[name].title}**: {most_faithful_text(each)}" for name, each in found.items()
    )


def centre_bias_text(found: Mapping[str, ModelResults], method: str) -> str:
    """For how many models a method's maps are truer than a spot in the middle of the face."""
    beat, known = explanations.count_above_centre([v.measurements for v in found.values()], method)
    return (
        f"{COLUMN_TITLES[method]} points at what the model uses clearly better than a spot in the middle "
        f"of the face for {beat} of {known} models."
    )


def format_cell(row: Summary | None, name: str, method: str) -> str:
    if row is None:
        works = method == CENTRE_BASELINE or name in METHODS[method].model_names
        return "not measured" if works else "–"
    if not row.n:
        return "all flat"
    flat = f", {percent(row.flat / (row.n + row.flat))} flat" if row.flat else ""
    return f"{points(row.difference)} ({format_points_interval(row.interval)}){flat}"


def table_alt(told: Mapping[str, Mapping[str, Summary]]) -> str:
    return "Difference of the falls in points. " + "; ".join(
        f"{MODELS[name].title}: "
        + ", ".join(f"{COLUMN_TITLES[m]} {points(row.difference)}" for m, row in rows.items())
        for name, rows in told.items()
    )


def long_table(told: Mapping[str, Mapping[str, Summary]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Model": MODELS[name].title,
                "Method": COLUMN_TITLES[method],
                "Fall": 100 * row.confidence_drop,
                "At random": 100 * row.random_drop,
                "Difference": 100 * row.difference,
                "From": 100 * row.interval.low,
                "To": 100 * row.interval.high,
                "Deletion": row.deletion,
                "Insertion": row.insertion,
                "Flat": 100 * row.flat / (row.n + row.flat),
                "Faces": row.n,
                "Layer": row.depth or None,
            }
            for name, rows in told.items()
            for method, row in rows.items()
        ]
    )
