"""One marker per model: a shape and a colour (never an emotion's), consistent across a page.

Plotly draws the shapes in charts, CSS (`pages/style/compare.css`) in tables and legends.
"""

from fer_core.registry import MODELS
from pages.charts import theme

#: Plotly's names of the shapes; `pages/style/compare.css` draws the same shapes.
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")
#: Colours after the theme's text colour, by theme; all have a contrast of at least 4.5:1 to the
#: theme's background.
EXTRA_COLOURS = (
    {"light": "#8A4B10", "dark": "#E0A060"},
    {"light": "#1B6B73", "dark": "#7CC7CE"},
    {"light": "#5A3EA6", "dark": "#BBA8F5"},
)


def marker_shape(model_name: str) -> str:
    """The model's shape, assigned in the order of the registry."""
    return SHAPES[_index(model_name) % len(SHAPES)]


def marker_colours(model_name: str) -> dict[str, str]:
    """The model's colour by theme; when the shapes repeat, the colours shift by one."""
    index, ink = _index(model_name), {scheme: theme.ink(scheme) for scheme in ("light", "dark")}
    return (ink, *EXTRA_COLOURS)[(index + index // len(SHAPES)) % (1 + len(EXTRA_COLOURS))]


def marker_colour(model_name: str) -> str:
    """The model's colour in the visitor's theme, for Plotly; CSS selects it by itself."""
    return marker_colours(model_name)[theme.scheme()]


def _index(model_name: str) -> int:
    """The model's place in the registry; that after all others for a visitor's own model."""
    names = list(MODELS)
    return names.index(model_name) if model_name in MODELS else len(names)
