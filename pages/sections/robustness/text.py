"""Texts and tables of the measured part: no widgets."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from fer_core.artifacts import summaries
from fer_core.evaluation import robustness
from fer_core.evaluation.rankings import Place
from fer_core.evaluation.robustness import CorruptionEffect, Swap
from fer_core.evaluation.robustness_results import SEVERITIES, SPLIT, WRITER, RobustnessResults
from fer_core.registry import MODELS
from fer_core.reports.format import format_interval, join_words, percent, percent_with_interval
from pages.text import markup

CONFIDENCE_NOTE = (
    "A model that notices becomes less sure as it becomes less often right. Where confidence stays "
    "above accuracy, its answers about such photos sound surer than they are."
)
EFFECTS_NOTE = (
    "Effective severity: the share of their clean accuracy that the models lose, averaged over "
    "the five severities and the models, with its 95 % interval (bootstrap over faces). The "
    "severities were chosen by us, so this compares our five steps, not blur with noise as such."
)


def baseline(results: RobustnessResults) -> float:
    """Accuracy of always giving the faces' most frequent label."""
    return float(np.bincount(results.labels).max() / len(results.labels))


def source(results: RobustnessResults) -> str:
    """Which faces these are, their baseline and the intervals."""
    return (
        f"{len(results.ids):,} faces of {SPLIT}, drawn once with each emotion's share, the same "
        f"for every model and severity. No-skill baseline {percent(baseline(results), 1)}. Bands: "
        "95 % Wilson intervals."
    )


def outdated(model_names: Sequence[str]) -> str:
    """That some models were measured with other weights."""
    titles = join_words([MODELS[name].title for name in model_names])
    return f"No measurement for the current weights of {titles}: run `python -m training.{WRITER}`."


def verdict(results: RobustnessResults, models: tuple[str, ...], corruption: str) -> str:
    """Who bears the corruption best, what is left at the end, and whether that could be chance."""
    measured = results.corruptions[corruption]
    places = robustness.ranking(results, models, (corruption,))
    first, last = places[0], places[-1]
    tied = [MODELS[place.name].title for place in places[1:] if place.tied]
    worst = robustness.curve(results, last.name, corruption)[-1]
    sentence = (
        f"Under **{measured.title.lower()}**, {MODELS[first.name].title} keeps "
        f"**{percent(first.value)}** of its clean accuracy over the five severities, "
        f"{MODELS[last.name].title} {percent(last.value)}: from "
        f"{percent(robustness.curve(results, last.name, corruption)[0].accuracy)} right on clean "
        f"faces to {percent(worst.accuracy)} at the strongest."
    )
    if tied:
        sentence += f" {join_words(tied)} cannot be told apart from the first."
    return sentence


def ranking_table(
    places: Sequence[Place],
    averages: Sequence[Place],
    results: RobustnessResults,
    corruption: str,
) -> Markup:
    """A row per model: clean accuracy, what it keeps under the corruption and on average."""
    overall = {place.name: place for place in averages}
    head = [
        "Model",
        "Clean accuracy",
        f"Kept under {results.corruptions[corruption].title.lower()}",
        "Difference from the first",
        f"Kept on average of {len(results.corruptions)}",
    ]
    rows = [
        (
            MODELS[place.name].title,
            percent(robustness.curve(results, place.name, corruption)[0].accuracy, 1),
            percent_with_interval(place.value, place.interval),
            "first" if i == 0 else "could be chance" if place.tied else "beyond chance",
            percent_with_interval(overall[place.name].value, overall[place.name].interval),
        )
        for i, place in enumerate(places)
    ]
    return markup.table(head, rows, caption="Models by the accuracy that they keep")


def training_note(models: Sequence[str]) -> str:
    """Which models have seen such faults in training; empty if none has."""
    titles = [MODELS[name].title for name in models if summaries.trained_with_faults(MODELS[name])]
    if not titles:
        return ""
    return (
        f"Only {join_words(titles)} was trained with photos made darker, blurred, noisy, small or "
        "compressed at random, so part of its lead under such faults comes from that."
        if len(titles) == 1
        else f"{join_words(titles)} were trained with photos made darker, blurred, noisy, small or "
        "compressed at random; the others were not."
    )


def ranking_note(results: RobustnessResults) -> str:
    """How the table was computed."""
    return (
        "Accuracy kept: a model's accuracy on corrupted faces divided by its own accuracy on the "
        f"same {len(results.ids):,} clean faces, averaged over the {SEVERITIES} severities. "
        "A model with low accuracy can keep much of it. In brackets 95 % intervals, from a "
        "bootstrap that draws the same faces for all models; differences from the first are tested "
        "by it, with Holm's correction."
    )


def swaps_text(results: RobustnessResults, models: tuple[str, ...], corruption: str) -> str:
    """One sentence per model that overtakes others and severity; or that none does."""
    title = results.corruptions[corruption].title.lower()
    swaps = robustness.rank_swaps(results, models, corruption)
    if not swaps:
        return (
            f"Under {title}, no two models swap places beyond chance: no model that is "
            "significantly better on clean faces is significantly worse at any severity "
            "(McNemar's exact test, Bonferroni's correction for all pairs and severities)."
        )
    groups: dict[tuple[str, int], list[Swap]] = {}
    for swap in sorted(swaps, key=lambda swap: swap.severity):
        groups.setdefault((swap.better_corrupted, swap.severity), []).append(swap)
    return "\n".join(f"- {_swap_sentence(group, results, corruption)}" for group in groups.values())


def _swap_sentence(swaps: Sequence[Swap], results: RobustnessResults, corruption: str) -> str:
    """Of swaps with the same better model at the same severity."""
    measured, severity = results.corruptions[corruption], swaps[0].severity
    better = join_words([f"**{MODELS[swap.better_clean].title}**" for swap in swaps])
    clean = [swap.clean.only_first - swap.clean.only_second for swap in swaps]
    corrupted = [swap.corrupted.only_second - swap.corrupted.only_first for swap in swaps]
    return (
        f"**{MODELS[swaps[0].better_corrupted].title}** is right less often than {better} on clean "
        f"faces, by {_range(clean)} of {len(results.ids):,}, but more often at severity {severity} "
        f"({measured.amounts[severity]:g} {measured.unit}), by {_range(corrupted)}. Every "
        "difference is beyond chance."
    )


def _range(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    return str(low) if low == high else f"{low} to {high}"


def effects_table(effects: Sequence[CorruptionEffect]) -> Markup:
    """The corruptions, the hardest first, with their five amounts."""
    rows = [
        (
            effect.corruption.title,
            f"{percent(effect.severity, 1)} ({format_interval(effect.interval)})",
            ", ".join(f"{amount:g}" for amount in effect.corruption.severities)
            + f" {effect.corruption.unit}",
        )
        for effect in effects
    ]
    return markup.table(("Corruption", "Effective severity", "Severities 1 to 5"), rows)


def all_rows(results: RobustnessResults, models: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every number of the results, a row per model, corruption and severity."""
    return [
        {"model": model, "corruption": name, "unit": corruption.unit} | point.columns
        for name, corruption in results.corruptions.items()
        for model in models
        for point in robustness.curve(results, model, name)
    ]
