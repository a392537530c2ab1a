"""Faithfulness of the explanation methods, as sentences and table cells."""

from collections.abc import Mapping

import pandas as pd

from fer_core.evaluation import explanations
from fer_core.evaluation.explanation_results import ModelResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, Summary
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import format_points_interval, percent, points

#: Column heads of the methods in display order, the baseline first.
COLUMN_TITLES = {CENTRE_BASELINE: "Centre-bias baseline"} | {
    m.name: m.title for m in METHODS.values()
}
METHOD_HELP = {
    CENTRE_BASELINE: (
        "Not an explanation: a fixed round spot in the middle of the image, where faces are"
    )
} | {m.name: m.summary for m in METHODS.values()}
COLUMN_HELP = {
    "Confidence drop": "Mean drop in the probability of the model's own answer when the 20 % of "
    "the pixels that are hottest on the map are blurred, in percentage points",
    "Random drop": "Mean drop when random areas of the same size are blurred instead, in "
    "percentage points",
    "Difference": "Confidence drop minus random drop: above 0, the map marks what the model uses",
    "95 % low": "Lower end of the difference's 95 % interval (paired bootstrap over faces)",
    "95 % high": "Upper end of the difference's 95 % interval",
    "Deletion": "Area under the probability curve while the hottest pixels are blurred step by "
    "step, 0 to 1: lower is better",
    "Insertion": "Area under the curve while they are restored in a blurred face: higher is better",
    "Flat": "Share of the faces whose map showed nothing. Such maps are in none of the means",
    "Faces": "Number of faces whose map was not flat",
    "Layer": "1 is an early layer with a fine grid, 4 a late one with a coarse grid",
}


def summarise_methods(results: ModelResults) -> dict[str, Summary]:
    """Method name → mean faithfulness, for one model, in display order."""
    measured = results.measurements
    return {
        name: explanations.summarise(measured[name]) for name in COLUMN_TITLES if name in measured
    }


def counts_text(results: Mapping[str, ModelResults]) -> str:
    """In how many model–method pairs the map beats a random one, and the centre-bias baseline."""
    counts = explanations.count_faithful_pairs([model.measurements for model in results.values()])
    return (
        f"**In {counts.beat_random} of {counts.pairs} model–method pairs, the map beats a random "
        f"one; in {counts.beat_centre}, it also beats a fixed spot in the middle of the face** "
        "(the centre-bias baseline). Only statistically significant differences count."
    )


def most_faithful_text(results: ModelResults) -> str:
    """'Grad-CAM; not significantly worse: LayerCAM', or that no method beats random maps."""
    best = explanations.most_faithful(results.measurements)
    if best is None:
        return "not measured"
    if not best.beats_random:
        return "none beats random maps"
    similar = [COLUMN_TITLES[name] for name in best.not_clearly_worse if name in COLUMN_TITLES]
    others = f"; not significantly worse: {', '.join(similar)}" if similar else ""
    caution = (
        "; none significantly beats the centre-bias baseline" if best.beats_centre is False else ""
    )
    return COLUMN_TITLES[best.method] + others + caution


def most_faithful_by_model(results: Mapping[str, ModelResults]) -> str:
    """One line per model: its most faithful method, and those not significantly worse."""
    return "Most faithful method per model, on the same faces:\n\n" + "\n".join(
        f"- **{MODELS[name].title}**: {most_faithful_text(model)}"
        for name, model in results.items()
    )


def centre_bias_text(results: Mapping[str, ModelResults], method: str) -> str:
    """For how many models a method's maps are more faithful than a spot in the middle."""
    measured = [model.measurements for model in results.values()]
    better, total = explanations.count_above_centre(measured, method)
    title = COLUMN_TITLES[method]
    if not better:
        return (
            f"In our test, {title} did not significantly beat a fixed spot in the middle of the "
            f"face for any of the {total} models."
        )
    return (
        f"In our test, {title} significantly beat a fixed spot in the middle of the face for "
        f"{better} of {total} models."
    )


def format_cell(summary: Summary | None, model_name: str, method: str) -> str:
    """'+12.3 (+5.1 to +18.9), 3 % flat', or why there is no number."""
    if summary is None:
        supported = method == CENTRE_BASELINE or model_name in METHODS[method].model_names
        return "not measured" if supported else "–"
    if not summary.n:
        return "all flat"
    flat = f", {percent(summary.flat / (summary.n + summary.flat))} flat" if summary.flat else ""
    return f"{points(summary.difference)} ({format_points_interval(summary.interval)}){flat}"


def table_alt(summaries: Mapping[str, Mapping[str, Summary]]) -> str:
    """Alternative text of the table of methods × models."""
    return "Confidence drop minus random drop, in percentage points. " + "; ".join(
        f"{MODELS[name].title}: "
        + ", ".join(
            f"{COLUMN_TITLES[method]} {points(summary.difference)}"
            for method, summary in by_method.items()
        )
        for name, by_method in summaries.items()
    )


def long_table(summaries: Mapping[str, Mapping[str, Summary]]) -> pd.DataFrame:
    """One row per model and method; columns as in COLUMN_HELP."""
    return pd.DataFrame(
        [
            {
                "Model": MODELS[name].title,
                "Method": COLUMN_TITLES[method],
                "Confidence drop": 100 * summary.confidence_drop,
                "Random drop": 100 * summary.random_drop,
                "Difference": 100 * summary.difference,
                "95 % low": 100 * summary.interval.low,
                "95 % high": 100 * summary.interval.high,
                "Deletion": summary.deletion,
                "Insertion": summary.insertion,
                "Flat": 100 * summary.flat / (summary.n + summary.flat),
                "Faces": summary.n,
                "Layer": summary.depth or None,
            }
            for name, by_method in summaries.items()
            for method, summary in by_method.items()
        ]
    )
