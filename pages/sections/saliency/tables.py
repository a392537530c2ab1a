"""Faithfulness of the explanation methods, as sentences and table cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from fer_core.evaluation import explanations
from fer_core.evaluation.explanation_results import ModelResults
from fer_core.evaluation.explanations import CENTRE_BASELINE, PairTest, Summary
from fer_core.explain.methods import METHODS
from fer_core.registry import MODELS
from fer_core.reports.format import format_points_interval, join_words, percent, points

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
    "Random drop": "Mean drop when random areas of the same size within the face are blurred "
    "instead, in percentage points",
    "Difference": "Confidence drop minus random drop: above 0, the map marks more than any part of "
    "the face would",
    "95 % low": "Lower end of the difference's 95 % interval (paired bootstrap over faces)",
    "95 % high": "Upper end of the difference's 95 % interval",
    "Against the spot": "Difference minus that of the centre-bias baseline, on the same faces, in "
    "percentage points: above 0, the map is better than a fixed spot in the middle",
    "p, corrected": "Paired t-test against the centre-bias baseline, Holm-corrected for the number "
    "of model–method pairs",
    "Deletion": "Area under the probability curve while the hottest pixels are blurred step by "
    "step, 0 to 1: lower is better. Measured on the first few faces of each emotion",
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


def centre_tests(results: Mapping[str, ModelResults]) -> list[PairTest]:
    """Every model–method pair, tested against the centre-bias baseline."""
    return explanations.centre_tests({name: model.measurements for name, model in results.items()})


def counts_text(results: Mapping[str, ModelResults]) -> str:
    """In how many model–method pairs the map beats the spot in the middle, and a random one."""
    tests = centre_tests(results)
    alone = sum(test.comparison.is_better for test in tests)
    better = [test for test in tests if test.beats_centre]
    by_method = [
        f"{METHODS[method].title} for {sum(test.method == method for test in better)} of "
        f"{sum(test.method == method for test in tests)} models"
        for method in METHODS
        if any(test.method == method for test in better)
    ]
    which = f": {join_words(by_method)}" if by_method else ""
    beats_random = {
        (name, method): explanations.summarise(measurement).interval.low > 0
        for name, model in results.items()
        for method, measurement in model.measurements.items()
    }
    pairs = sum(beats_random[test.model_name, test.method] for test in tests)
    spots = [value for (_, method), value in beats_random.items() if method == CENTRE_BASELINE]
    return (
        f"**Of {len(tests)} model–method pairs, {len(better)} mark what the answer depends on "
        f"better than a fixed spot in the middle of the face does{which}** (paired t-tests, "
        f"Holm-corrected for {len(tests)} tests; judged one by one, {alone} do). That random areas "
        f"are beaten says little: {pairs} pairs beat them, and "
        f"so does the spot itself for {sum(spots)} of {len(spots)} models."
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
    head = "Most faithful method per model, on the same faces, each difference judged alone:\n\n"
    return head + "\n".join(
        f"- **{MODELS[name].title}**: {most_faithful_text(model)}"
        for name, model in results.items()
    )


def centre_bias_text(results: Mapping[str, ModelResults], methods: Sequence[str]) -> str:
    """For how many models each method's maps are more faithful than a spot in the middle."""
    tests = centre_tests(results)
    counts = []
    for method in methods:
        of_method = [test for test in tests if test.method == method]
        better = sum(test.beats_centre for test in of_method)
        counts.append(f"{METHODS[method].title} for {better or 'none'} of {len(of_method)} models")
    return (
        "In our test, these beat a fixed spot in the middle of the face significantly: "
        f"{join_words(counts)}."
    )


def slow_methods_text(results: Mapping[str, ModelResults]) -> str:
    """'Score-CAM, which is slow, on 35 of them; ', or nothing if every face was measured."""
    few = {
        method: int((~np.isnan(measurement.faces[:, -1])).sum())
        for model in results.values()
        for method, measurement in model.measurements.items()
        if np.isnan(measurement.faces[:, -1]).any()
    }
    return "".join(
        f"{METHODS[method].title}, which is slow, on {n} of them; " for method, n in few.items()
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


def long_table(
    summaries: Mapping[str, Mapping[str, Summary]], tests: Sequence[PairTest]
) -> pd.DataFrame:
    """One row per model and method; columns as in COLUMN_HELP."""
    by_pair = {(test.model_name, test.method): test for test in tests}
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
                **_against_spot(by_pair.get((name, method))),
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


def csv_rows(
    summaries: Mapping[str, Mapping[str, Summary]], tests: Sequence[PairTest]
) -> list[dict[str, Any]]:
    """The same numbers for a spreadsheet: ids, and fractions instead of percentage points."""
    by_pair = {(test.model_name, test.method): test for test in tests}
    rows = []
    for name, by_method in summaries.items():
        for method, summary in by_method.items():
            test = by_pair.get((name, method))
            rows.append(
                {
                    "model": name,
                    "method": method,
                    "split": "PublicTest",
                    "faces": summary.n,
                    "flat": summary.flat,
                    "layer": summary.depth or None,
                    "confidence_drop": summary.confidence_drop,
                    "random_drop": summary.random_drop,
                    "difference": summary.difference,
                    "difference_low": summary.interval.low,
                    "difference_high": summary.interval.high,
                    "against_spot": test and test.comparison.gain,
                    "against_spot_corrected_p": test and test.corrected_p,
                    "deletion": summary.deletion,
                    "insertion": summary.insertion,
                }
            )
    return rows


def _against_spot(test: PairTest | None) -> dict[str, float | None]:
    if test is None:
        return {"Against the spot": None, "p, corrected": None}
    return {"Against the spot": 100 * test.comparison.gain, "p, corrected": test.corrected_p}
