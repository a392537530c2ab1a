"""What the Saliency page says: no drawing, no widgets."""

from collections.abc import Sequence

import numpy as np

from fer_core.evaluation import accuracy
from fer_core.explain import METHODS, Explanation, Contribution, list_methods, regions
from fer_core.explain.faithfulness import RANDOM_DRAWS, HOT_FRACTION, Faithfulness
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent

FLAT = "Flat: this map shows nothing"
LIMITS = (
    "A saliency map shows where in the picture a model found evidence. It doesn't show what it saw "
    "there, nor why it counts, nor whether the answer is right: a wrong answer has a map as "
    "convincing as a right one. Some well-known methods even give much the same map for a network "
    "with random weights ([Adebayo et al. 2018](https://arxiv.org/abs/1810.03292)), so each map "
    "here is put to the test above: hide what it marks, and see whether the answer falls."
)
PEAK = (
    "Strength is a map's largest value before it is scaled to 1. In logits (a model's scores "
    "before they become probabilities) it is how far the emotion's score would move if the whole "
    "face were like the hottest place; between models it compares only roughly."
)
MIN_PROBABILITY = 0.1  # of an emotion less probable than this, hiding cannot take much away


def target_text(emotion: str, against: str | None) -> str:
    """'happy', or 'happy rather than sad'."""
    return f"{emotion} rather than {against}" if against else emotion


def peak_text(told: Explanation) -> str:
    """'strength 4.2 logits, layer 3 of 4'."""
    unit = METHODS[told.method].unit
    return f"strength {told.peak:.2g} {unit}, layer {told.depth} of 4"


def unsupported(variant: str, method: str) -> str:
    """Why a variant has no map by that method, and which methods it has."""
    can = [each.title for each in list_methods(variant)]
    return (
        f"No {METHODS[method].title} for this model. It can be asked by {join_words(can)}"
        f"{' only' if len(can) == 1 else ''}."
    )


def member_text(told: Contribution) -> str:
    """'Multi-class CNN', or 'happy model, its yes'."""
    if told.emotion is None:
        return MODELS[told.member].title
    return f"{told.emotion} model, its {told.answer}"


def faithfulness_text(told: Faithfulness, emotion: str) -> tuple[str, str]:
    """What hiding the hottest places does to the answer, and what that says of the map."""
    area = percent(HOT_FRACTION)
    before, after = told.probability, told.probability - told.confidence_drop
    moved = (
        f"falls from {percent(before)} to {percent(after)}"
        if told.confidence_drop > 0
        else f"doesn't fall: {percent(before)} before, {percent(after)} after"
    )
    random = 100 * told.random_drop
    elsewhere = f"falls by {random:.0f}" if random > -0.5 else f"rises by {-random:.0f}"
    fact = (
        f"Blur the hottest {area} of the face, and the probability of {emotion} {moved}. "
        f"Blur as much elsewhere, at random, and it {elsewhere} points on average over {RANDOM_DRAWS} "
        "tries."
    )
    as_much = int((told.random_drops >= told.confidence_drop).sum())
    if before < MIN_PROBABILITY:
        sense = (
            f"The model gives {emotion} so little to begin with that this says little of the map."
        )
    elif told.confidence_drop <= max(told.random_drop, 0.005):
        sense = "So the answer doesn't hang on what this map marks: don't read much into it."
    elif as_much == 0:
        sense = "No random place did as much: the answer does hang on what this map marks."
    else:
        sense = (
            f"That is more than chance on average, but {as_much} of {RANDOM_DRAWS} random places did as "
            "much: read this map with care."
        )
    return fact, sense


def location_text(heat: np.ndarray) -> str:
    """'densest on the mouth: 48 % of the heat on 13 % of the picture', or that nothing stands out;
    as faces lie on average."""
    name = regions.dominant_region(heat)
    if name is None:
        return "spread over the picture, no region stands out"
    share, area = percent(regions.heat_fractions(heat)[name]), percent(regions.AREA_FRACTIONS[name])
    return f"densest on the {regions.REGION_TITLES[name]}: {share} of the heat on {area} of the picture"


def baseline_cautions(names: Sequence[str]) -> list[str]:
    """A sentence on the variants that are not better than no skill, where there are some."""
    told = [MODELS[name].title for name in accuracy.not_above_baseline(names)]
    if not told:
        return []
    verb, what = ("is", "its map explains") if len(told) == 1 else ("are", "their maps explain")
    return [f"{join_words(told)} {verb} no better than no skill, so {what} a guess."]
