"""Maps side by side as HTML cards of one size, which fall into as many columns as fit."""

from collections.abc import Sequence
from html import escape

import numpy as np

from fer_core.emotions import COLOURS
from fer_core.explain import Part, render
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from pages.sections.saliency import overlays, text
from pages.sections.saliency.face_source import Subject
from pages.sections.saliency.maps import Shown, heat

LARGEST = 4  # maps of parts that are shown


def bar(opacity: float) -> str:
    """The one colour bar of the page, with words at its ends."""
    strip = data_uri(render.colour_bar(480, 16, opacity), "JPEG")
    alt = "Colour bar from 0, no colour, to 1, yellow"
    return (
        f'<div class="heatbar"><img src="{strip}" '
        f'alt="{alt}" style="max-width: 100%"><div><span>0: no evidence</span>'
        "<span>1: this map's strongest place</span></div></div>"
    )


def models(subject: Subject, shown: Sequence[Shown], opacity: float) -> str:
    """A card a variant, after the face as all of them get it."""
    bare = _address(subject, None, 0)
    alt = f"{escape(subject.name)}, as the models see it: 48 by 48 grey pixels"
    first = (
        f'<li><h3>The face</h3><img src="{bare}" alt="{alt}"><p>As every model gets it.</p></li>'
    )
    cards = "".join(_card(subject, each, opacity, seven=False) for each in shown)
    return f'<ul class="maps">{first}{cards}</ul>'


def emotions(subject: Subject, shown: Sequence[Shown], opacity: float) -> str:
    """A card an emotion, all of one variant."""
    cards = "".join(_card(subject, each, opacity, seven=True) for each in shown)
    return f'<ul class="maps short">{cards}</ul>'


def _card(subject: Subject, shown: Shown, opacity: float, *, seven: bool) -> str:
    """Headed by the emotion where the seven of one variant are shown, else by the variant."""
    said, answer = "", shown.answer
    if not seven:
        said = (
            f'<p class="says" style="--emotion:{COLOURS[answer.emotion]}">says {answer.emotion}, '
            f"{percent(answer.probabilities[answer.emotion])}</p>"
        )
    head = shown.emotion if seven else escape(shown.title)
    below = _below(shown, seven)
    return f"<li><h3>{head}</h3>{picture(subject, shown, opacity)}{said}{below}</li>"


def picture(subject: Subject, shown: Shown, opacity: float) -> str:
    """The chip with its map; without colours where the map is flat or there is none."""
    address = _address(subject, heat(shown), opacity)
    return f'<img src="{address}" alt="{escape(described(shown))}">'


def described(shown: Shown) -> str:
    """A map for somebody who hears it: what it is of, and where its strongest place lies."""
    told = shown.told
    if told is None:
        return f"{shown.title}: no map. {shown.instead}"
    of = f"{shown.title}, heat map of {text.asked(told.emotion, told.against)}"
    if told.flat:
        return f"{of}. {text.FLAT}."
    return f"{of}, {text.strength(told)}, {text.place(told.map)}"


def _below(shown: Shown, seven: bool) -> str:
    told = shown.told
    if told is None:
        return f'<p class="nothing">{escape(shown.instead)}</p>'
    chance = percent(shown.answer.probabilities[told.emotion])
    line = ""
    if seven:
        line = f"{chance}{', its answer' if shown.its_answer else ''}"
    elif not shown.its_answer or told.against:
        line = f"map of {text.asked(told.emotion, told.against)}, {chance}"
    below = (
        f'<p class="nothing">{text.FLAT}.</p>'
        if told.flat
        else f'<p class="pale">{text.strength(told)}</p>'
    )
    return (f"<p>{line}</p>" if line else "") + below


def parts(subject: Subject, told: Sequence[Part], opacity: float) -> str:
    """The shares of a composite's parts, and the maps of the largest of them."""
    rows = "".join(
        f'<li style="--share:{each.share:.4f}"><span>{escape(text.part(each))}</span><span></span>'
        f"<b>{percent(each.share)}</b></li>"
        for each in told
    )
    cards = "".join(
        f"<li><h3>{escape(text.part(each))}, {percent(each.share)}</h3>"
        f'<img src="{_address(subject, _visible(each), opacity)}" '
        f'alt="Heat map of the part {escape(text.part(each))}"></li>'
        for each in told[:LARGEST]
    )
    return f'<ul class="parts">{rows}</ul><ul class="maps short">{cards}</ul>'


def _visible(part: Part) -> np.ndarray | None:
    return part.map if part.map.any() else None


def _address(subject: Subject, heat: np.ndarray | None, opacity: float) -> str:
    return data_uri(overlays.chip(subject.chip, heat, opacity), "JPEG")
