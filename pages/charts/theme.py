"""What every chart has in common: ink, grid and how it is read aloud."""

from collections.abc import Mapping

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.reports.format import percent

#: Numbers are printed beside the bars, so nothing needs hovering, and a thumb scrolls the page.
STATIC = {"staticPlot": True, "displayModeBar": False}
#: Light lines behind a chart, in both themes.
GRID = "rgba(128, 128, 128, 0.22)"


def ink(scheme: str | None = None) -> str:
    """The text colour of the theme `light` or `dark`, the visitor's unless named; Streamlit's
    charts would write in a paler one."""
    scheme = scheme or st.context.theme.type or "light"
    colour: str = st.get_option(f"theme.{scheme}.textColor")
    return colour


def alt_text(what: str, values: Mapping[str, float]) -> str:
    """The chart for somebody who hears it: 'what: angry 1 %, disgust 0 %, …'."""
    return f"{what}: " + ", ".join(f"{name} {percent(values[name])}" for name in EMOTIONS) + "."
