"""Texts and table of "Your face": no widgets."""

import hashlib
from typing import Any, NamedTuple

import numpy as np
from markupsafe import Markup

from fer_core.corruptions.photo import hidden_area
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import explanation_results
from fer_core.evaluation.explanation_results import MIN_FACES
from fer_core.registry import MODELS
from fer_core.reports.drawing import MAX_LONG_SIDE
from fer_core.reports.format import percent, points
from pages.sections.robustness.lab_answers import Experiment, Outcome
from pages.session import explanation_cache
from pages.text import markup
from pages.text.markup import Cell, tag

METHOD = "layer_cam"  # the most faithful maps, docs/saliency.md
INTRODUCTION = (
    "Corrupt a photo, and all models answer at once. Corruptions are applied in this order: what "
    "hides the face, rotation, shift, brightness, contrast, gamma, blur, resolution, noise, JPEG. "
    f"The session keeps a photo only as a JPEG of at most {MAX_LONG_SIDE} px, and that is what is "
    "corrupted here, so answers before can differ a little from those on other pages. Nothing is "
    "kept beyond the visit."
)
NOT_IN_KEPT_PHOTO = (
    "The detector does not find this face in the smaller photo that the session keeps. Choose the "
    "face's 48 px picture above."
)


class Claim(NamedTuple):
    """What a model's heat map said of the hidden area."""

    share: float  # of its heat
    is_own: bool  # of this face's map; otherwise of the mean map of other faces


def detector_text(result: Outcome, experiment: Experiment) -> str:
    """Whether the detector still finds the face, and how many models change their answer."""
    if result.after is None:
        others = f" It finds {result.faces} other in the photo." if result.faces == 1 else ""
        return (
            "**The detector no longer finds this face**, so no model is asked: a photo like this "
            f"fails before any model sees it.{others}"
        )
    changed = sum(
        after is not None and after.emotion != before.emotion
        for before, after in result.answers.values()
    )
    sentence = f"**{changed} of {len(result.answers)} models** change their answer."
    if experiment.whole_photo and result.score is not None and result.score_after is not None:
        sentence += (
            " The detector still finds the face; its score goes from "
            f"{result.score:.2f} to {result.score_after:.2f} of 1."
        )
    return sentence


def claims(chip: np.ndarray, experiment: Experiment, result: Outcome) -> dict[str, Claim]:
    """The share of each model's heat that lies in the hidden area; empty if nothing is hidden.

    It is that of this face's LayerCAM map, if the session has one for the model's answer before;
    otherwise that of the committed mean map for that answer.
    """
    area = hidden_area(experiment.amounts, experiment.box)
    if not area.any():
        return {}
    digest = hashlib.sha256(chip.tobytes()).hexdigest()
    shares = {}
    for name, (before, _) in result.answers.items():
        own = explanation_cache.cached_map(digest, name, METHOD, before.emotion)
        heat = own.map if own is not None else _mean_map(name, before.emotion)
        if heat is not None and heat.sum() > 0:
            shares[name] = Claim(float(heat[area].sum() / heat.sum()), own is not None)
    return shares


def _mean_map(model_name: str, emotion: str) -> np.ndarray | None:
    try:
        model = explanation_results.load_results().models.get(model_name)
    except ResultsError:
        return None
    if model is None or METHOD not in model.mean_maps:
        return None
    means = model.mean_maps[METHOD]
    row = EMOTIONS.index(emotion)
    heat: np.ndarray = means.maps[row]
    return heat if means.n[row] >= MIN_FACES else None


def table(result: Outcome, shares: dict[str, Claim]) -> Markup:
    """A row per model, the largest drop first: answer before and after, the change, the claim."""
    head = ["Model", "Before", "After", "Change of the first answer, points"]
    labels = ["Before", "After", "Change"]
    if shares:
        head.append("Its heat in the hidden part")
        labels.append("Heat map")
    body = []
    for row in rows(result, shares):
        cells: list[object] = [
            _bar(row["before"], row["before_probability"]),
            "—" if row["after"] is None else _bar(row["after"], row["after_probability"]),
            "—" if row["change"] is None else points(row["change"]),
        ]
        if shares:
            cells.append(_claim_text(shares.get(row["model"])))
        labelled = [
            Cell(tag("div", cell), {"data_label": label})
            for label, cell in zip(labels, cells, strict=True)
        ]
        body.append([MODELS[row["model"]].title, *labelled])
    caption = "Answers of all models before and after"
    return markup.table(head, body, "models", caption)


def rows(result: Outcome, shares: dict[str, Claim]) -> list[dict[str, Any]]:
    """The table's numbers; `change` is that of the probability of the answer before."""
    lines = []
    for name, (before, after) in result.answers.items():
        start = before.probabilities[before.emotion]
        lines.append(
            {
                "model": name,
                "before": before.emotion,
                "before_probability": start,
                "after": after.emotion if after else None,
                "after_probability": after.probabilities[after.emotion] if after else None,
                "change": after.probabilities[before.emotion] - start if after else None,
                "heat_share": shares[name].share if name in shares else None,
            }
        )
    return sorted(lines, key=lambda line: 0.0 if line["change"] is None else line["change"])


def _bar(emotion: str, probability: float) -> Markup:
    bar = tag("span", class_="meter bare", style=f"--value:{probability:.4f}")
    return markup.concat((tag("b", emotion), f" {percent(probability)}", bar))


def _claim_text(claim: Claim | None) -> str:
    if claim is None:
        return "—"
    return f"{percent(claim.share)} ({'this face' if claim.is_own else 'mean map'})"


def note(experiment: Experiment, shares: dict[str, Claim]) -> str:
    """How to read the table."""
    sentence = (
        "Change: how the probability of the answer before the corruption changes, in percentage "
        "points, the largest drop first."
    )
    if shares:
        area = percent(float(hidden_area(experiment.amounts, experiment.box).mean()))
        sentence += (
            f" The hidden part is {area} of the chip, and a map that marks nothing would have that "
            "share of its heat there. A model that loses much where its map claimed little did "
            "not use the face as the map says, or was disturbed by the grey patch itself. “This "
            "face”: the LayerCAM map computed on the page Saliency in this visit; “mean map”: "
            "that of PublicTest faces with this answer."
        )
    return sentence
