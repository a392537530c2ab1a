"""What all charts share: text colour, grid and alternative text."""

import math
from collections.abc import Mapping

import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.reports.format import percent

#: Values are printed beside the bars, so nothing needs hovering, and a swipe scrolls the page.
STATIC = {"staticPlot": True, "displayModeBar": False}
#: Colour of grid lines, in both themes.
GRID = "rgba(128, 128, 128, 0.22)"


def percent_axis(low: float, high: float, steps: int = 5) -> dict[str, object]:
    """Range and ticks of an axis of fractions, labelled like `percent`: '72 %'.

    Args:
        low: Start of the axis.
        high: Its end, above `low`.
        steps: About as many ticks at most.
    """
    step = next(s for s in (1, 2, 5, 10, 20, 25, 50, 100) if (high - low) * 100 <= s * steps)
    first, last = math.ceil(low * 100 / step - 1e-9), math.floor(high * 100 / step + 1e-9)
    ticks = [k * step / 100 for k in range(first, last + 1)]
    return {"range": [low, high], "tickvals": ticks, "ticktext": [percent(tick) for tick in ticks]}


def ink(scheme: str | None = None) -> str:
    """Text colour of the theme `light` or `dark`, by default the visitor's.

    Streamlit's own chart text is paler.
    """
    scheme = scheme or st.context.theme.type or "light"
    colour: str = st.get_option(f"theme.{scheme}.textColor")
    return colour


def alt_text(title: str, values: Mapping[str, float]) -> str:
    """Alternative text of a chart: 'title: angry 1 %, disgust 0 %, …'."""
    return f"{title}: " + ", ".join(f"{name} {percent(values[name])}" for name in EMOTIONS) + "."
