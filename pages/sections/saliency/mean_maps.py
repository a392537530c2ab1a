"""Mean heat maps as HTML: a map, its words, a row a model, and the colour bar of them all."""

from collections.abc import Mapping
from html import escape

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation.explanation_results import MeanMaps
from fer_core.explain import regions, render
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from fer_core.reports.format import percent
from pages.style import STYLES

EVENLY_SPREAD = "evenly spread"
STYLE = STYLES / "mean_maps.css"


def densest_region_text(heat: np.ndarray) -> str:
    """'mouth 48 % of the heat on 13 % of the area', of the region where the heat is densest,
    or that none stands out."""
    name = regions.dominant_region(heat)
    if name is None:
        return EVENLY_SPREAD
    share = regions.heat_fractions(heat)[name]
    return (
        f"{regions.REGION_TITLES[name]} {percent(share)} of the heat "
        f"on {percent(regions.AREA_FRACTIONS[name])} of the area"
    )


def densest_regions(found: Mapping[str, MeanMaps]) -> str:
    """For each emotion the region that is densest for most models: the answer in one sentence."""
    told = []
    for i, emotion in enumerate(EMOTIONS):
        seen = [regions.dominant_region(each.maps[i]) for each in found.values() if each.has_map(i)]
        if seen:
            first = max((*regions.REGIONS, None), key=seen.count)
            where = EVENLY_SPREAD if first is None else regions.REGION_TITLES[first]
            told.append(f"**{emotion}**: {where} ({seen.count(first)} of {len(seen)})")
    return "; ".join(told)


def model_rows(found: Mapping[str, MeanMaps]) -> str:
    """A row of seven small maps a model; each row's colours end at its hottest place."""
    rows = "".join(
        f'<div class="row"><h3>{escape(MODELS[name].title)}'
        f"<small>colours to {colour_maximum(each):.2f}</small></h3>"
        + "".join(_figure(each, name, i, detailed=False) for i in range(len(EMOTIONS)))
        + "</div>"
        for name, each in found.items()
    )
    return f'<div class="mean-maps">{rows}</div>'


def emotion_cards(found: MeanMaps, name: str) -> str:
    """The seven maps of one model, larger, with the regions' outlines and shares in words."""
    every = "".join(_figure(found, name, i, detailed=True) for i in range(len(EMOTIONS)))
    return f'<div class="mean-maps"><div class="cards">{every}</div></div>'


def colour_bar(end: str) -> str:
    """The colours from 0 to what `end` says."""
    strip = _address(np.tile(np.linspace(0, 1, 128), (8, 1)))
    return (
        f'<div class="heat-bar"><span>0</span><img src="{strip}" alt="colours from dark purple '
        f'(0) over green to yellow (most heat)"><span>{end}</span></div>'
    )


def colour_maximum(found: MeanMaps) -> float:
    """Mean heat of a model's hottest place, where its colours end; 1 where it has no map."""
    return float(found.maps.max()) or 1.0


def _figure(found: MeanMaps, name: str, i: int, detailed: bool) -> str:
    emotion, n, heat = EMOTIONS[i], int(found.n[i]), found.maps[i]
    faces = "1 face" if n == 1 else f"{n} faces"
    if not found.has_map(i):
        seen = n + int(found.flat[i])
        why = "too few faces" if n else "all maps flat" if seen else "never recognised"
        return (
            f'<figure><div class="map none"><span>{why}</span></div>'
            f"<figcaption>{_name(emotion, detailed)}<br><small>{faces}</small></figcaption>"
            "</figure>"
        )
    told = densest_region_text(heat)
    alt = f"{MODELS[name].title}, {emotion}, mean of {n} maps: {told}"
    flat = f", {found.flat[i]} flat left out" if detailed and found.flat[i] else ""
    words = f"<br>{told}" if detailed else ""
    return (
        f'<figure><div class="map"><img src="{_address(heat / colour_maximum(found))}" alt="{escape(alt)}">'
        f"{_outlines() if detailed else ''}</div><figcaption>{_name(emotion, detailed)}"
        f"<br><small>{faces}{flat}</small>{words}</figcaption></figure>"
    )


def _name(emotion: str, detailed: bool) -> str:
    return f"<b>{emotion}</b>" if detailed else emotion


def _outlines() -> str:
    """Thin white frames around eyes, nose and mouth."""

    def share(pixels: int) -> str:
        return f"{100 * pixels / 48:.2f}%"

    return "".join(
        f'<i style="left:{share(left)};top:{share(above)};width:{share(right - left)};'
        f'height:{share(below - above)}"></i>'
        for (above, below), (left, right) in regions.BOXES.values()
    )


def _address(shares: np.ndarray) -> str:
    """(H, W) in [0, 1] → a picture in colour; CSS enlarges it smoothly."""
    return data_uri(render.COLOUR_MAP[np.rint(shares.clip(0, 1) * 255).astype(int)])
