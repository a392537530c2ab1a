"""What all charts share: text colour, grid and alternative text."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.reports.format import percent

#: Values are printed beside the bars, so nothing needs hovering, and a swipe scrolls the page.
STATIC = {"staticPlot": True, "displayModeBar": False}
#: Colour of grid lines, in both themes.
GRID = "rgba(128, 128, 128, 0.22)"


_forced: ContextVar[str | None] = ContextVar("theme to draw in", default=None)


def scheme() -> str:
    """The theme that charts are drawn in, `light` or `dark`: the visitor's."""
    return _forced.get() or st.context.theme.type or "light"


@contextmanager
def in_light() -> Iterator[None]:
    """Draw charts in the light theme, for a file."""
    token = _forced.set("light")
    try:
        yield
    finally:
        _forced.reset(token)


def ink(name: str | None = None) -> str:
    """Text colour of the theme `light` or `dark`, by default that of `scheme`.

    Streamlit's own chart text is paler.
    """
    colour: str = st.get_option(f"theme.{name or scheme()}.textColor")
    return colour


def alt_text(title: str, values: Mapping[str, float]) -> str:
    """Alternative text of a chart: 'title: angry 1 %, disgust 0 %, …'."""
    return f"{title}: " + ", ".join(f"{name} {percent(values[name])}" for name in EMOTIONS) + "."
