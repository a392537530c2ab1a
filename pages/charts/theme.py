"""What all charts share: text colour, grid and alternative text."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import plotly.graph_objects as go
import streamlit as st

from fer_core.emotions import EMOTIONS
from fer_core.reports.format import percent

#: Values are printed beside the bars, so nothing needs hovering, and a swipe scrolls the page.
STATIC = {"staticPlot": True, "displayModeBar": False}
#: Colour of grid lines, in both themes.
GRID = "rgba(128, 128, 128, 0.22)"
ROW_HEIGHT = 44  # pixels per row of `two_panels`

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


def two_panels(
    figure: go.Figure,
    names: Sequence[str],
    zoom_on: tuple[float, float] | None,
    top: int,
    bottom: int,
) -> None:
    """Axes, size and legend of a chart with a row per name and fractions along it, best on top.

    Args:
        figure: The chart, with rows at 0, 1 and so on.
        names: What stands left of the rows; may contain HTML.
        zoom_on: The part of the scale that a second panel (`x2`) shows enlarged, right of the
            whole scale (`x`); None for the whole scale alone.
        top: Pixels above the rows, for the legend.
        bottom: Pixels below them, for the scale.
    """
    font = {"size": 13, "color": ink()}
    common = {
        "tickfont": font, "showgrid": True, "gridcolor": GRID, "zeroline": False,
        "fixedrange": True,
    }  # fmt: skip
    whole = percent_axis(-0.02, 1.02, 2 if zoom_on else 5)
    figure.update_layout(xaxis=common | whole | {"domain": [0, 0.24] if zoom_on else [0, 1]})
    if zoom_on:
        zoomed = percent_axis(zoom_on[0] - 0.006, zoom_on[1] + 0.006)
        figure.update_layout(xaxis2=common | zoomed | {"domain": [0.38, 1]})
        for axis, title in (("xaxis", "whole scale"), ("xaxis2", "enlarged")):
            figure.layout[axis].title = {"text": title, "font": font, "standoff": 12}
    figure.update_yaxes(
        range=[len(names) - 0.5, -0.5], tickvals=list(range(len(names))), ticktext=list(names),
        tickfont=font | {"size": 14}, ticks="", showgrid=False, zeroline=False, fixedrange=True,
        ticklabelstandoff=8,
    )  # fmt: skip
    figure.update_layout(
        height=top + ROW_HEIGHT * len(names) + bottom,
        margin={"l": 4, "r": 8, "t": top, "b": 0},
        legend={
            "orientation": "v", "x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False,
            "font": font,
        },
    )  # fmt: skip


def ink(name: str | None = None) -> str:
    """Text colour of the theme `light` or `dark`, by default that of `scheme`.

    Streamlit's own chart text is paler.
    """
    colour: str = st.get_option(f"theme.{name or scheme()}.textColor")
    return colour


def alt_text(title: str, values: Mapping[str, float]) -> str:
    """Alternative text of a chart: 'title: angry 1 %, disgust 0 %, …', of the emotions given."""
    shown = [f"{name} {percent(values[name])}" for name in EMOTIONS if name in values]
    return f"{title}: {', '.join(shown)}."
