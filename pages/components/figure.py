"""A chart with its downloads: PNG and SVG, drawn by the browser, and its data as CSV and XLSX.

The files show the light theme on white, with a title and the source, so that they can be read
alone. The browser draws them on a click (`figure_export/`); the server only sends the chart.
"""

import html
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
import streamlit as st

import fer_core
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.reports.export import with_interval
from fer_core.reports.palette import MUTED_COLOUR
from pages.charts import theme
from pages.components import downloads
from pages.components.frame import frame

WIDTH = 800  # px, of a file
MIN_HEIGHT = 200  # px, of the chart in a file
TITLE_SIZE, HEADING_SIZE, SOURCE_SIZE = 19, 15, 13  # px; the second sets the line height
LINE_HEIGHT = 1.3 * HEADING_SIZE  # px, as in Plotly
EDGE = 24  # px around the file
#: Characters per line of title and source, which Plotly does not wrap.
TITLE_COLUMNS, SOURCE_COLUMNS = 82, 125
FAMILY = '"Source Sans", "Source Sans 3", "Source Sans Pro", Arial, sans-serif'

Rows = Sequence[Mapping[str, Any]]


def show(
    draw: Callable[[], go.Figure],
    key: str,
    alt: str,
    *,
    title: str,
    source: str,
    rows: Callable[[], Rows],
    config: Mapping[str, Any] = theme.STATIC,
) -> None:
    """Show a chart with its downloads below it.

    Args:
        draw: Draws the chart in the theme of `theme.scheme`.
        key: Of the chart, and the name of its files.
        alt: Alternative text of the chart.
        title: What the chart shows, for the file.
        source: Split, faces and baseline in a sentence or two, for the file.
        rows: The chart's numbers, one row per mark; fractions, with `_low` and `_high`.
        config: Plotly's configuration of the chart on the page.
    """
    st.plotly_chart(draw(), key=key, config=dict(config), alt=alt)
    show_downloads(draw, key, title=title, source=source, rows=rows)


@st.fragment
def show_downloads(
    draw: Callable[[], go.Figure],
    key: str,
    *,
    title: str,
    source: str,
    rows: Callable[[], Rows],
) -> None:
    """Show only the downloads, for a chart that is shown in another way; see `show`.

    The chart of the file is drawn when a visitor opens them, without running the page again.
    """
    popover = st.popover(
        "Download",
        type="tertiary",
        icon=":material/download:",
        key=f"download-{key}",
        on_change="rerun",
    )
    with popover:
        if popover.open:
            with theme.in_light():
                figure = for_file(draw(), title, source)
            frame("figure_export")(
                figure=pio.to_json(figure, validate=False),
                name=downloads.dated(key, ""),
                key=f"export-{key}",
                default=None,
            )
        downloads.csv_button("CSV", rows, key, f"data-{key}")


def share_rows(
    split: str, shares: Mapping[str, float], faces: Mapping[str, int], name: str
) -> list[dict[str, Any]]:
    """The numbers of `emotion_bars.share_bars`, with 95 % Wilson intervals.

    Args:
        split: The split of the faces.
        shares: Fraction by emotion.
        faces: Number of faces of which it is a share, by emotion.
        name: Of the column.
    """
    rows: list[dict[str, Any]] = []
    for emotion, share in shares.items():
        n = faces[emotion]
        interval = wilson_interval(round(share * n), n) if n else None
        row = {"split": split, "emotion": emotion} | with_interval(name, share, interval)
        rows.append(row | {"faces": n})
    return rows


def for_file(figure: go.Figure, title: str, source: str) -> dict[str, Any]:
    """The chart as Plotly's JSON, on white with title, source, version and date above it."""
    chart: dict[str, Any] = figure.to_dict()
    layout = chart["layout"]
    source += f" FER Explorer {fer_core.__version__}, {datetime.now():%Y-%m-%d}."
    titles = textwrap.wrap(title, TITLE_COLUMNS)
    sources = textwrap.wrap(source, SOURCE_COLUMNS)
    heading = "<br>".join(
        [
            f'<span style="font-size:{TITLE_SIZE}px"><b>{html.escape(line, quote=False)}</b></span>'
            for line in titles
        ]
        + [
            f'<span style="font-size:{SOURCE_SIZE}px;color:{MUTED_COLOUR}">'
            f"{html.escape(line, quote=False)}</span>"
            for line in sources
        ]
    )
    top = LINE_HEIGHT * (len(titles) + len(sources)) + EDGE
    margin = {"l": 0, "r": 0, "t": 0, "b": 0} | layout.get("margin", {})
    height = max(layout.get("height") or 0, MIN_HEIGHT)
    if layout.get("legend", {}).get("yref") == "container":  # where the title will be
        layout["legend"] |= {"yref": "paper", "y": 1.02, "yanchor": "bottom"}
    layout |= {
        "template": _template(),
        "width": WIDTH,
        "height": round(height + top + 2 * EDGE),
        "margin": margin
        | {
            "l": margin["l"] + EDGE,
            "r": margin["r"] + EDGE,
            "t": round(margin["t"] + top + EDGE),
            "b": margin["b"] + EDGE,
        },
        "title": {
            "text": heading,
            "font": {"size": HEADING_SIZE},
            "xref": "container",
            "x": EDGE / WIDTH,
            "xanchor": "left",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "pad": {"t": EDGE},
        },
        "dragmode": False,
    }
    return chart


def _template() -> dict[str, Any]:
    axis = {
        "automargin": True,
        "gridcolor": theme.GRID,
        "zeroline": False,
        "ticklabelstandoff": 5,
    }
    return {
        "layout": {
            "font": {"family": FAMILY, "color": theme.ink("light")},
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "xaxis": axis,
            "yaxis": axis,
        }
    }
