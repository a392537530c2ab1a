"""Mean heat maps as HTML: one row per model, one card per emotion, and the colour bar."""

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
    """'mouth: 48 % of the heat on 13 % of the area', or that no region stands out."""
    name = regions.dominant_region(heat)
    if name is None:
        return EVENLY_SPREAD
    share = regions.heat_fractions(heat)[name]
    return (
        f"{regions.REGION_TITLES[name]}: {percent(share)} of the heat "
        f"on {percent(regions.AREA_FRACTIONS[name])} of the area"
    )


def densest_regions(means: Mapping[str, MeanMaps]) -> str:
    """For each emotion the densest region of most models: '**happy**: mouth (8 of 8)'."""
    parts = []
    for i, emotion in enumerate(EMOTIONS):
        names = [
            regions.dominant_region(model.maps[i]) for model in means.values() if model.has_map(i)
        ]
        if names:
            most_frequent = max((*regions.REGIONS, None), key=names.count)
            region = (
                EVENLY_SPREAD if most_frequent is None else regions.REGION_TITLES[most_frequent]
            )
            parts.append(f"**{emotion}**: {region} ({names.count(most_frequent)} of {len(names)})")
    return "; ".join(parts)


def model_rows(means: Mapping[str, MeanMaps]) -> str:
    """One row of seven small maps per model; each row has its own colour scale."""
    rows = "".join(
        f'<div class="row"><h3>{escape(MODELS[name].title)}'
        f"<small>colour scale 0–{colour_maximum(model):.2f}</small></h3>"
        + "".join(_figure(model, name, i, detailed=False) for i in range(len(EMOTIONS)))
        + "</div>"
        for name, model in means.items()
    )
    return f'<div class="mean-maps">{rows}</div>'


def emotion_cards(means: MeanMaps, name: str) -> str:
    """The seven maps of one model, larger, with outlined regions and their heat in words."""
    figures = "".join(_figure(means, name, i, detailed=True) for i in range(len(EMOTIONS)))
    return f'<div class="mean-maps"><div class="cards">{figures}</div></div>'


def colour_bar(end: str) -> str:
    """The colours from 0 to `end`, a text."""
    source = _image_source(np.tile(np.linspace(0, 1, 128), (8, 1)))
    return (
        f'<div class="heat-bar"><span>0</span><img src="{source}" alt="colours from dark purple '
        f'(0) through green to yellow (most heat)"><span>{end}</span></div>'
    )


def colour_maximum(means: MeanMaps) -> float:
    """Upper end of a model's colour scale: its largest mean heat, or 1 if it has no map."""
    return float(means.maps.max()) or 1.0


def _figure(means: MeanMaps, name: str, i: int, detailed: bool) -> str:
    emotion, n, heat = EMOTIONS[i], int(means.n[i]), means.maps[i]
    faces = "1 face" if n == 1 else f"{n} faces"
    if not means.has_map(i):
        recognised = n + int(means.flat[i])
        reason = "too few faces" if n else "all maps flat" if recognised else "never recognised"
        return (
            f'<figure><div class="map none"><span>{reason}</span></div>'
            f"<figcaption>{_name(emotion, detailed)}<br><small>{faces}</small></figcaption>"
            "</figure>"
        )
    region = densest_region_text(heat)
    alt = f"{MODELS[name].title}, {emotion}, mean of {n} maps: {region}"
    flat = f", {means.flat[i]} flat left out" if detailed and means.flat[i] else ""
    region_line = f"<br>{region}" if detailed else ""
    source = _image_source(heat / colour_maximum(means))
    return (
        f'<figure><div class="map"><img src="{source}" alt="{escape(alt)}">'
        f"{_outlines() if detailed else ''}</div><figcaption>{_name(emotion, detailed)}"
        f"<br><small>{faces}{flat}</small>{region_line}</figcaption></figure>"
    )


def _name(emotion: str, detailed: bool) -> str:
    return f"<b>{emotion}</b>" if detailed else emotion


def _outlines() -> str:
    """Thin white outlines of eyes, nose and mouth."""

    def css_percent(pixels: int) -> str:
        return f"{100 * pixels / 48:.2f}%"

    return "".join(
        f'<i style="left:{css_percent(left)};top:{css_percent(above)};'
        f'width:{css_percent(right - left)};height:{css_percent(below - above)}"></i>'
        for (above, below), (left, right) in regions.BOXES.values()
    )


def _image_source(heat: np.ndarray) -> str:
    """(H, W) in [0, 1] → data URI of a colour image; CSS enlarges it smoothly."""
    return data_uri(render.COLOUR_MAP[np.rint(heat.clip(0, 1) * 255).astype(int)])
