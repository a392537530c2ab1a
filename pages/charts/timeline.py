"""A film's answers over time: one lane for each face, above one another on the same time axis.

Invisible markers carry the hover texts and receive the clicks, because areas have no points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.reports.format import percent
from fer_core.reports.palette import ACCENT
from fer_core.video.summary import durations, is_after_gap
from pages.charts.colour import colour_at, ink_on
from pages.charts.heat_map import ClickableFigure
from pages.charts.theme import GRID, ink
from pages.text.clock import clock

MAX_POINTS = 1_000  # that are drawn of a line; more than a screen has room for
LANE, BITS_LANE, BETWEEN = 150, 90, 36  # px; a lane's title is in the room before it
TOP, BOTTOM = 96, 34  # px, for the legend and the names of marks, and for the time
#: How lines are told apart without colour, in the order of `EMOTIONS` and of faces.
DASHES = ("solid", "6px,2px", "2px,2px", "solid", "10px,3px", "6px,2px,2px,2px", "4px,4px")
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)  # s, of the ticks
MAX_TICKS = 6
MAX_BITS = float(np.log2(len(EMOTIONS)))
_INVISIBLE: dict[str, Any] = {"marker": {"opacity": 0}}
Parts = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Label:
    """The name of an emotion that leads for long, printed where it leads."""

    time: float
    emotion: str
    height: float  # 0 to 1


@dataclass(frozen=True)
class Lane:
    """One face, with at least one answer.

    Attributes:
        title: Plain text.
        times: (N,) seconds.
        rows: (N, 7) probabilities to draw.
        raw: (N, 7) probabilities to dot in, or None.
        scores: (N,) scores of the detector.
        doubts: Seconds from which on it may be another face, and a word that says why.
        step: Seconds between two frames of the film.
        labels: Names to print.
    """

    title: str
    times: np.ndarray
    rows: np.ndarray
    raw: np.ndarray | None
    scores: np.ndarray
    step: float
    doubts: Sequence[tuple[float, str]] = ()
    labels: Sequence[Label] = ()


@dataclass(frozen=True)
class BitsLine:
    """How much the models differ about a face: (N,) seconds, (N,) bits, and as of `Lane`."""

    title: str
    times: np.ndarray
    bits: np.ndarray
    step: float


def lanes(
    faces: Sequence[Lane],
    bits: Sequence[BitsLine],
    span: tuple[float, float],
    *,
    is_stacked: bool,
    marks: Sequence[tuple[float, str]] = (),
    chosen: float | None = None,
) -> go.Figure:
    """Draw a lane for each face, and one for all faces' disagreement.

    Args:
        faces: From top to bottom.
        bits: One line for each; empty for no such lane.
        span: First and last second.
        is_stacked: Whether areas lie upon each other, instead of lines from 0 to 100 %.
        marks: Seconds, and a short text as HTML.
        chosen: The chosen time in seconds.
    """
    if span[0] == span[1]:
        span = span[0] - 0.5, span[1] + 0.5
    heights = [LANE] * len(faces) + [BITS_LANE] * bool(bits)
    inner = sum(heights) + BETWEEN * (len(heights) - 1)
    traces: list[dict[str, Any]] = []
    layout = _layout(inner, span)
    top = float(inner)
    for i, height in enumerate(heights):
        axis = f"y{i + 1}" if i else "y"
        layout[f"yaxis{i + 1}"] = _y_axis((top - height) / inner, top / inner, i >= len(faces))
        title = faces[i].title if i < len(faces) else "Disagreement of the models, bits"
        layout["annotations"].append(_title(title, top / inner))
        if i < len(faces):
            traces += _face(faces[i], axis, span, is_stacked, has_legend=not i)
            layout["annotations"] += _names(faces[i], axis, is_stacked)
            layout["shapes"] += [_line(time, "dash", 1.5, axis) for time, _ in faces[i].doubts]
            layout["annotations"] += [_doubt(*doubt, axis) for doubt in faces[i].doubts]
        else:
            for place, line in enumerate(bits):
                traces += _bits(line, axis, span, place, has_legend=len(bits) > 1)
        top -= height + BETWEEN
    layout["xaxis"]["anchor"] = f"y{len(heights)}" if len(heights) > 1 else "y"
    layout["shapes"] += [_line(time, "dot", 1.5) for time, _ in marks]
    layout["annotations"] += [_mark(time, text) for time, text in marks]
    if chosen is not None:
        layout["shapes"].append(_line(chosen, "solid", 2, colour=ACCENT))
    return ClickableFigure(traces, layout)


def is_thinned(times: np.ndarray) -> bool:
    """Whether only some of these points are drawn."""
    return len(times) > MAX_POINTS


def _face(
    lane: Lane, axis: str, span: tuple[float, float], is_stacked: bool, has_legend: bool
) -> list[dict[str, Any]]:
    parts = _parts(lane.times, lane.rows, lane.step, span)
    times, rows = _joined(parts, 0.0 if is_stacked else np.nan)
    drawn = _drawn_indices(lane.times)
    traces = []
    for i, emotion in enumerate(EMOTIONS):
        trace = {
            "type": "scatter", "mode": "lines", "name": emotion, "x": times, "y": rows[:, i],
            "yaxis": axis, "hoverinfo": "skip", "legendgroup": emotion, "showlegend": has_legend,
        }  # fmt: skip
        colour = COLOURS[emotion]
        if is_stacked:
            line = {"width": 0.5, "color": "rgba(255, 255, 255, 0.6)"}
            trace |= {"stackgroup": "one", "fillcolor": colour, "line": line}
        else:
            trace["line"] = {"width": 2, "color": colour, "dash": DASHES[i]}
        traces.append(trace)
        if lane.raw is not None and not is_stacked:
            dots = {"marker": {"size": 3, "color": colour, "opacity": 0.4}}
            raw = {"x": lane.times[drawn], "y": lane.raw[drawn, i], "mode": "markers"}
            raw |= dots | {"showlegend": False, "selected": dots, "unselected": dots}
            traces.append(trace | raw)
    return [*traces, _targets(lane, axis, drawn)]


def _targets(lane: Lane, axis: str, drawn: np.ndarray) -> dict[str, Any]:
    """Invisible markers with what a lane says at each time."""
    values = "".join(f"<br>{each} %{{customdata[{i}]:.0%}}" for i, each in enumerate(EMOTIONS))
    return {
        "type": "scatter", "mode": "markers", "yaxis": axis, "showlegend": False,
        "x": lane.times[drawn], "y": np.full(len(drawn), 0.5), "marker": {"opacity": 0, "size": 12},
        "selected": _INVISIBLE, "unselected": _INVISIBLE,
        "customdata": np.column_stack([lane.rows[drawn], lane.scores[drawn]]).astype(np.float32),
        "hovertemplate": f"<b>{lane.title}, %{{x:.2f}} s</b>{values}"
        f"<br>detector’s score %{{customdata[{len(EMOTIONS)}]:.2f}}<extra></extra>",
    }  # fmt: skip


def _bits(
    line: BitsLine, axis: str, span: tuple[float, float], place: int, has_legend: bool
) -> list[dict[str, Any]]:
    times, rows = _joined(_parts(line.times, line.bits[:, None], line.step, span), np.nan)
    drawn = _drawn_indices(line.times)
    common = {"type": "scatter", "yaxis": axis, "showlegend": False}
    style = {"width": 1.5, "color": ink(), "dash": DASHES[place % len(DASHES)], "shape": "hv"}
    return [
        common | {
            "mode": "lines", "x": times, "y": rows[:, 0], "line": style, "hoverinfo": "skip",
            "name": f"bits: {line.title}", "showlegend": has_legend,
        },
        common | {
            "mode": "markers", "x": line.times[drawn], "y": line.bits[drawn],
            "marker": {"opacity": 0, "size": 12}, "selected": _INVISIBLE, "unselected": _INVISIBLE,
            "hovertemplate": f"{line.title}, %{{x:.2f}} s: %{{y:.2f}} bits<extra></extra>",
        },
    ]  # fmt: skip


def _drawn_indices(times: np.ndarray) -> np.ndarray:
    """Indices of the points to draw, evenly among all."""
    return np.arange(0, len(times), -(-len(times) // MAX_POINTS) or 1)


def _parts(times: np.ndarray, rows: np.ndarray, step: float, span: tuple[float, float]) -> Parts:
    """What to draw between the gaps; each part ends when its last answer no longer holds."""
    starts = np.flatnonzero(is_after_gap(times, step)) + 1
    held, drawn = durations(times, step), _drawn_indices(times)
    parts = []
    for part in np.split(np.arange(len(times)), starts):
        used = np.unique([part[0], *drawn[(drawn >= part[0]) & (drawn <= part[-1])], part[-1]])
        least = (span[1] - span[0]) / 200 if len(part) == 1 else 0.0  # or it could not be seen
        end = times[part[-1]] + max(held[part[-1]], least)
        parts.append((np.append(times[used], end), np.vstack([rows[used], rows[part[-1]]])))
    return parts


def _joined(parts: Parts, between: float) -> tuple[np.ndarray, np.ndarray]:
    """All parts in one line that is interrupted, or at 0, between them."""
    times, rows = [], []
    for part_times, part_rows in parts:
        edge = np.full((1, part_rows.shape[1]), between)
        times += [part_times[:1], part_times, part_times[-1:]]
        rows += [edge, part_rows, edge]
    return np.concatenate(times), np.vstack(rows).astype(np.float32)


def _names(lane: Lane, axis: str, is_stacked: bool) -> list[dict[str, Any]]:
    return [
        {
            "text": each.emotion, "x": each.time, "y": each.height, "yref": axis,
            "showarrow": False, "yshift": 0 if is_stacked else -10,
            "font": {
                "size": 13,
                "color": ink_on(colour_at([COLOURS[each.emotion]], 0)) if is_stacked else ink(),
            },
        }
        for each in lane.labels
    ]  # fmt: skip


def _title(text: str, y: float) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>", "showarrow": False, "xref": "paper", "x": 0, "xanchor": "left",
        "yref": "paper", "y": y, "yanchor": "bottom", "yshift": 2,
        "font": {"size": 13, "color": ink()},
    }  # fmt: skip


def _doubt(time: float, word: str, axis: str) -> dict[str, Any]:
    return {
        "text": word, "x": time, "y": 1, "yref": f"{axis} domain", "yanchor": "bottom",
        "showarrow": False, "font": {"size": 12, "color": ink()},
    }  # fmt: skip


def _mark(time: float, text: str) -> dict[str, Any]:
    return {
        "text": text, "x": time, "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 18,
        "showarrow": False, "font": {"size": 12, "color": ink()},
    }  # fmt: skip


def _line(time: float, dash: str, width: float, axis: str = "", colour: str = "") -> dict[str, Any]:
    """A vertical line through one lane, or through all."""
    return {
        "type": "line", "x0": time, "x1": time, "y0": 0, "y1": 1,
        "yref": f"{axis} domain" if axis else "paper",
        "line": {"dash": dash, "width": width, "color": colour or ink()},
    }  # fmt: skip


def _y_axis(low: float, high: float, has_bits: bool) -> dict[str, Any]:
    ticks = [0, 1, 2] if has_bits else [0, 0.5, 1]
    return {
        "domain": [max(0.0, low), high], "range": [0, MAX_BITS if has_bits else 1],
        "tickvals": ticks, "ticktext": [str(t) if has_bits else percent(t) for t in ticks],
        "tickfont": {"size": 12, "color": ink()}, "ticks": "", "fixedrange": True,
        "showgrid": True, "gridcolor": GRID, "zeroline": False,
    }  # fmt: skip


def _tick(time: float, step: float) -> str:
    return clock(time) if step < 1 else clock(time).replace(".0", "")


def _layout(inner: int, span: tuple[float, float]) -> dict[str, Any]:
    step = next((s for s in STEPS if (span[1] - span[0]) / s <= MAX_TICKS), STEPS[-1])
    ticks = np.arange(np.ceil(max(span[0], 0) / step), np.floor(span[1] / step) + 1) * step
    return {
        "xaxis": {
            "range": list(span), "tickvals": ticks, "ticktext": [_tick(t, step) for t in ticks],
            "tickfont": {"size": 12, "color": ink()}, "ticks": "", "fixedrange": True,
            "showgrid": True, "gridcolor": GRID, "zeroline": False,
            "showspikes": True, "spikemode": "across", "spikethickness": 1, "spikecolor": ink(),
            "spikedash": "solid", "spikesnap": "hovered data",
        },
        "height": inner + TOP + BOTTOM,
        "margin": {"l": 4, "r": 12, "t": TOP, "b": BOTTOM},
        "hovermode": "x", "hoverdistance": -1, "hoverlabel": {"font": {"size": 13}},
        "legend": {
            "orientation": "h", "x": 0, "y": 1 + 36 / inner, "yanchor": "bottom",
            "itemclick": False, "itemdoubleclick": False, "entrywidth": 58, "traceorder": "normal",
            "font": {"size": 13, "color": ink()},
        },
        "annotations": [], "shapes": [],
    }  # fmt: skip
