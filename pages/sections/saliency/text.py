"""Texts of the Saliency page: no drawing, no widgets."""

from collections.abc import Sequence

import numpy as np

from fer_core.evaluation import accuracy
from fer_core.explain import METHODS, Contribution, Explanation, list_methods, regions
from fer_core.explain.faithfulness import HOT_FRACTION, RANDOM_DRAWS, Faithfulness
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent

FLAT = "Flat: this map shows nothing"
LIMITS = (
    "A heat map (saliency map) shows where in the image a model found evidence. It does not show "
    "what the model saw there, why that counts, or whether the answer is right: a wrong answer has "
    "a map as convincing as a right one. Some well-known methods even give much the same map for a "
    "network with random weights ([Adebayo et al. 2018](https://arxiv.org/abs/1810.03292)), so "
    "each map above is tested: blur the area it marks and see whether the probability drops."
)
PEAK = (
    "The peak is a map's largest value before it is scaled to 1. In logits (a model's scores "
    "before they become probabilities), it is how far the emotion's score would move if the whole "
    "face were like the hottest point. Compare peaks between models only roughly."
)
MIN_PROBABILITY = 0.1  # a less probable emotion cannot lose much by blurring


def target_text(emotion: str, contrast: str | None) -> str:
    """'happy', or 'happy rather than sad'."""
    return f"{emotion} rather than {contrast}" if contrast else emotion


def peak_text(explanation: Explanation) -> str:
    """'peak 4.2 logits, layer 3 of 4'."""
    unit = METHODS[explanation.method].unit
    return f"peak {explanation.peak:.2g} {unit}, layer {explanation.depth} of 4"


def unsupported(model_name: str, method: str) -> str:
    """Sentence for a model that the method does not support, with the methods that do."""
    titles = [supported.title for supported in list_methods(model_name)]
    return (
        f"{METHODS[method].title} does not support this model. Available: {join_words(titles)}"
        f"{' only' if len(titles) == 1 else ''}."
    )


def member_text(part: Contribution) -> str:
    """'Multi-class CNN', or 'happy model, its yes'."""
    if part.emotion is None:
        return MODELS[part.member].title
    return f"{part.emotion} model, its {part.answer}"


def faithfulness_text(faithfulness: Faithfulness, emotion: str) -> tuple[str, str]:
    """Result of the blur test: what happens to the probability, and what that says of the map."""
    area = percent(HOT_FRACTION)
    before = faithfulness.probability
    after = before - faithfulness.confidence_drop
    change = (
        f"drops from {percent(before)} to {percent(after)}"
        if faithfulness.confidence_drop > 0
        else f"does not drop ({percent(before)} before, {percent(after)} after)"
    )
    fact = (
        f"With the hottest {area} of the face blurred, the probability of {emotion} {change}. "
        f"Blurring random areas of the same size {_random_change(faithfulness.random_drop)} "
        f"({RANDOM_DRAWS} tries)."
    )
    as_large = int((faithfulness.random_drops >= faithfulness.confidence_drop).sum())
    if before < MIN_PROBABILITY:
        conclusion = (
            f"The model gives {emotion} a low probability to begin with, so this says little about "
            "the map."
        )
    elif faithfulness.confidence_drop <= max(faithfulness.random_drop, 0.005):
        conclusion = (
            "So the answer does not depend on the marked region; treat this map with caution."
        )
    elif as_large == 0:
        conclusion = "No random area had as large an effect: the answer depends on what is marked."
    else:
        conclusion = (
            f"That is more than the average random area, but {as_large} of "
            f"{RANDOM_DRAWS} had as large "
            "an effect: treat this map with caution."
        )
    return fact, conclusion


def _random_change(drop: float) -> str:
    """'lowers it by 3 points on average', or that it does not change."""
    points = round(100 * abs(drop))
    if not points:
        return "does not change it on average"
    unit = "point" if points == 1 else "points"
    return f"{'lowers' if drop > 0 else 'raises'} it by {points} {unit} on average"


def location_text(heat: np.ndarray) -> str:
    """'strongest at the mouth: 48 % of the heat on 13 % of the area', or that no region stands out.

    The regions are those of the average face.
    """
    name = regions.dominant_region(heat)
    if name is None:
        return "spread over the image, no region stands out"
    share, area = percent(regions.heat_fractions(heat)[name]), percent(regions.AREA_FRACTIONS[name])
    return (
        f"strongest at the {regions.REGION_TITLES[name]}: {share} of the heat on {area} of the area"
    )


def baseline_cautions(model_names: Sequence[str]) -> list[str]:
    """A sentence on the models that do not beat the no-skill baseline, if there are any."""
    titles = [MODELS[name].title for name in accuracy.not_above_baseline(model_names)]
    if not titles:
        return []
    verb, maps = ("does", "its map explains") if len(titles) == 1 else ("do", "their maps explain")
    return [f"{join_words(titles)} {verb} not beat the no-skill baseline, so {maps} a guess."]
