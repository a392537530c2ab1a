"""Heat maps side by side as HTML cards of one size; the columns adapt to the window."""

from collections.abc import Sequence
from html import escape

import numpy as np

from fer_core.emotions import COLOURS
from fer_core.explain import METHODS, Contribution, render
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult, heat_to_draw

MAX_MEMBER_MAPS = 4


def colour_bar(opacity: float) -> str:
    """The page's colour bar, labelled at both ends."""
    source = data_uri(render.colour_bar(480, 16, opacity), "JPEG")
    alt = "Colour bar from 0, no colour, to 1, yellow"
    return (
        f'<div class="heatbar"><img src="{source}" '
        f'alt="{alt}" style="max-width: 100%"><div><span>0: no evidence</span>'
        "<span>1: this map's hottest point</span></div></div>"
    )


def method_cards(face: SelectedFace, results: Sequence[MapResult], opacity: float) -> str:
    """The bare face, then one card per method, all of one model."""
    cards = [_card(face, r, opacity, METHODS[r.method].title) for r in results]
    return _face_and_cards(face, cards, "Input of the model.")


def model_cards(face: SelectedFace, results: Sequence[MapResult], opacity: float) -> str:
    """The bare face, then one card per model, all of one method."""
    cards = [_card(face, result, opacity, result.title) for result in results]
    return _face_and_cards(face, cards, "Input of every model.")


def _face_and_cards(face: SelectedFace, cards: Sequence[str], note: str) -> str:
    source = _image_source(face, None, 0)
    alt = f"{escape(face.name)}, the models' input: 48 by 48 grey pixels"
    first = f'<li><h3>The face</h3><img src="{source}" alt="{alt}"><p>{note}</p></li>'
    return f'<ul class="maps">{first}{"".join(cards)}</ul>'


def emotion_cards(face: SelectedFace, results: Sequence[MapResult], opacity: float) -> str:
    """One card per emotion, all of one model and method."""
    cards = "".join(_card(face, result, opacity) for result in results)
    return f'<ul class="maps short">{cards}</ul>'


def _card(face: SelectedFace, result: MapResult, opacity: float, heading: str = "") -> str:
    """A card with a heading and the model's answer, or headed by its emotion."""
    answer_line, answer, by_emotion = "", result.answer, not heading
    if heading:
        answer_line = (
            f'<p class="says" style="--emotion:{COLOURS[answer.emotion]}">says {answer.emotion}, '
            f"{percent(answer.probabilities[answer.emotion])}</p>"
        )
    image = map_image(face, result, opacity)
    title = escape(heading or result.emotion)
    return f"<li><h3>{title}</h3>{image}{answer_line}{_notes(result, by_emotion)}</li>"


def map_image(face: SelectedFace, result: MapResult, opacity: float) -> str:
    """The chip under its map; without colours if the map is flat or missing."""
    source = _image_source(face, heat_to_draw(result), opacity)
    return f'<img src="{source}" alt="{escape(map_alt(result))}">'


def map_alt(result: MapResult) -> str:
    """Alternative text of a map: model, method, emotion, peak and hottest region."""
    explanation = result.explanation
    if explanation is None:
        return f"{result.title}: no map. {result.reason}"
    target = text.target_text(explanation.emotion, explanation.contrast)
    method = METHODS[result.method].title
    subject = f"{result.title}, {method} heat map of the evidence for {target}"
    if explanation.flat:
        return f"{subject}. {text.FLAT}."
    return f"{subject}, {text.peak_text(explanation)}, {text.location_text(explanation.map)}"


def _notes(result: MapResult, by_emotion: bool) -> str:
    explanation = result.explanation
    if explanation is None:
        return f'<p class="nothing">{escape(result.reason)}</p>'
    probability = percent(result.answer.probabilities[explanation.emotion])
    line = ""
    if by_emotion:
        line = f"{probability}{', its answer' if result.is_own_answer else ''}"
    elif not result.is_own_answer or explanation.contrast:
        target = text.target_text(explanation.emotion, explanation.contrast)
        line = f"evidence for {target}, {probability}"
    peak = (
        f'<p class="nothing">{text.FLAT}.</p>'
        if explanation.flat
        else f'<p class="pale">{text.peak_text(explanation)}</p>'
    )
    return (f"<p>{line}</p>" if line else "") + peak


def member_cards(face: SelectedFace, parts: Sequence[Contribution], opacity: float) -> str:
    """The share of each member of an ensemble, and the maps of those with the largest shares."""
    rows = "".join(
        f'<li style="--share:{part.share:.4f}"><span>{escape(text.member_text(part))}</span>'
        f"<span></span><b>{percent(part.share)}</b></li>"
        for part in parts
    )
    cards = "".join(
        f"<li><h3>{escape(text.member_text(part))}, {percent(part.share)}</h3>"
        f'<img src="{_image_source(face, _visible_heat(part), opacity)}" '
        f'alt="Heat map of {escape(text.member_text(part))}"></li>'
        for part in parts[:MAX_MEMBER_MAPS]
    )
    return f'<ul class="parts">{rows}</ul><ul class="maps short">{cards}</ul>'


def _visible_heat(part: Contribution) -> np.ndarray | None:
    return part.map if part.map.any() else None


def _image_source(face: SelectedFace, heat: np.ndarray | None, opacity: float) -> str:
    return data_uri(overlays.overlay_chip(face.chip, heat, opacity), "JPEG")
