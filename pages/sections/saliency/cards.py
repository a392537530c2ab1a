"""Maps side by side as HTML cards of one size, which fall into as many columns as fit."""

from collections.abc import Sequence
from html import escape

import numpy as np

from fer_core.emotions import COLOURS
from fer_core.explain import Contribution, render
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import SelectedFace
from pages.sections.saliency.maps import MapResult, heat_to_draw

MAX_MEMBER_MAPS = 4  # maps of parts that are shown


def colour_bar(opacity: float) -> str:
    """The one colour bar of the page, with words at its ends."""
    strip = data_uri(render.colour_bar(480, 16, opacity), "JPEG")
    alt = "Colour bar from 0, no colour, to 1, yellow"
    return (
        f'<div class="heatbar"><img src="{strip}" '
        f'alt="{alt}" style="max-width: 100%"><div><span>0: no evidence</span>'
        "<span>1: this map's strongest place</span></div></div>"
    )


def model_cards(subject: SelectedFace, shown: Sequence[MapResult], opacity: float) -> str:
    """A card a variant, after the face as all of them get it."""
    bare = _address(subject, None, 0)
    alt = f"{escape(subject.name)}, as the models see it: 48 by 48 grey pixels"
    first = (
        f'<li><h3>The face</h3><img src="{bare}" alt="{alt}"><p>As every model gets it.</p></li>'
    )
    cards = "".join(_card(subject, each, opacity, seven=False) for each in shown)
    return f'<ul class="maps">{first}{cards}</ul>'


def emotion_cards(subject: SelectedFace, shown: Sequence[MapResult], opacity: float) -> str:
    """A card an emotion, all of one variant."""
    cards = "".join(_card(subject, each, opacity, seven=True) for each in shown)
    return f'<ul class="maps short">{cards}</ul>'


def _card(subject: SelectedFace, shown: MapResult, opacity: float, *, seven: bool) -> str:
    """Headed by the emotion where the seven of one variant are shown, else by the variant."""
    said, answer = "", shown.answer
    if not seven:
        said = (
            f'<p class="says" style="--emotion:{COLOURS[answer.emotion]}">says {answer.emotion}, '
            f"{percent(answer.probabilities[answer.emotion])}</p>"
        )
    head = shown.emotion if seven else escape(shown.title)
    below = _below(shown, seven)
    return f"<li><h3>{head}</h3>{map_image(subject, shown, opacity)}{said}{below}</li>"


def map_image(subject: SelectedFace, shown: MapResult, opacity: float) -> str:
    """The chip with its map; without colours where the map is flat or there is none."""
    address = _address(subject, heat_to_draw(shown), opacity)
    return f'<img src="{address}" alt="{escape(map_alt(shown))}">'


def map_alt(shown: MapResult) -> str:
    """A map for somebody who hears it: what it is of, and where its strongest place lies."""
    told = shown.told
    if told is None:
        return f"{shown.title}: no map. {shown.instead}"
    of = f"{shown.title}, heat map of {text.target_text(told.emotion, told.contrast)}"
    if told.flat:
        return f"{of}. {text.FLAT}."
    return f"{of}, {text.peak_text(told)}, {text.location_text(told.map)}"


def _below(shown: MapResult, seven: bool) -> str:
    told = shown.told
    if told is None:
        return f'<p class="nothing">{escape(shown.instead)}</p>'
    chance = percent(shown.answer.probabilities[told.emotion])
    line = ""
    if seven:
        line = f"{chance}{', its answer' if shown.its_answer else ''}"
    elif not shown.its_answer or told.contrast:
        line = f"map of {text.target_text(told.emotion, told.contrast)}, {chance}"
    below = (
        f'<p class="nothing">{text.FLAT}.</p>'
        if told.flat
        else f'<p class="pale">{text.peak_text(told)}</p>'
    )
    return (f"<p>{line}</p>" if line else "") + below


def contributions(subject: SelectedFace, told: Sequence[Contribution], opacity: float) -> str:
    """The shares of a composite's parts, and the maps of the largest of them."""
    rows = "".join(
        f'<li style="--share:{each.share:.4f}"><span>{escape(text.member_text(each))}</span><span></span>'
        f"<b>{percent(each.share)}</b></li>"
        for each in told
    )
    cards = "".join(
        f"<li><h3>{escape(text.member_text(each))}, {percent(each.share)}</h3>"
        f'<img src="{_address(subject, _visible(each), opacity)}" '
        f'alt="Heat map of the part {escape(text.member_text(each))}"></li>'
        for each in told[:MAX_MEMBER_MAPS]
    )
    return f'<ul class="parts">{rows}</ul><ul class="maps short">{cards}</ul>'


def _visible(part: Contribution) -> np.ndarray | None:
    return part.map if part.map.any() else None


def _address(subject: SelectedFace, heat: np.ndarray | None, opacity: float) -> str:
    return data_uri(overlays.overlay_chip(subject.chip, heat, opacity), "JPEG")
