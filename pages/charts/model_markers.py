"""A mark a variant: a shape and a tone that are not an emotion's colour, the same all over a page.

The same shape is drawn by Plotly in charts and by CSS (`pages/style/compare.css`) in tables and
legends.
"""

import streamlit as st

from fer_core.registry import MODELS
from pages.charts import theme

#: Plotly's names of the shapes; `pages/style/compare.css` draws the same ones.
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")
#: Tones after the themes' own ink, on light and on dark; all at least 4.5:1 against their theme's
#: background.
EXTRA_COLOURS = (
    {"light": "#8A4B10", "dark": "#E0A060"},
    {"light": "#1B6B73", "dark": "#7CC7CE"},
    {"light": "#5A3EA6", "dark": "#BBA8F5"},
)


def marker_shape(name: str) -> str:
    """The variant's shape, dealt out in the order of the registry."""
    return SHAPES[_place(name) % len(SHAPES)]


def marker_colours(name: str) -> dict[str, str]:
    """The variant's tone by theme; where the shapes repeat, the tones move on by one."""
    place, ink = _place(name), {scheme: theme.ink(scheme) for scheme in ("light", "dark")}
    return (ink, *EXTRA_COLOURS)[(place + place // len(SHAPES)) % (1 + len(EXTRA_COLOURS))]


def marker_colour(name: str) -> str:
    """The variant's tone in the visitor's theme, for Plotly; CSS chooses by itself."""
    return marker_colours(name)[st.context.theme.type or "light"]


def _place(name: str) -> int:
    return list(MODELS).index(name)
