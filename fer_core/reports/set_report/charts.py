"""The figures of a report as SVG: accuracies, confusion matrices, reliability diagrams."""

from collections.abc import Sequence
from math import ceil, floor, sqrt
from typing import Final

import numpy as np

from fer_core.emotions import EMOTIONS
from fer_core.evaluation import classification
from fer_core.evaluation.calibration import Bin
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.reports.format import percent, percent_with_interval
from fer_core.reports.set_report.elements import Child, Element, el

WIDTH: Final = 480  # of all drawings; all lengths are in the units of the drawing
LABELS, HEADER, CELL, ROW = 78, 46, 56, 44  # of a confusion matrix
PLOT_LEFT, PLOT_TOP, PLOT = 58, 14, 340  # of a reliability diagram
#: The most opaque cell of a matrix, so that text on it can be read in both themes.
OPACITY: Final = 0.6
LONGEST_TITLE: Final = 40  # characters beside an accuracy


def accuracies(
    standings: Sequence[Standing], titles: Sequence[str], baseline: float, where: str
) -> Element:
    """Accuracies as dots with their intervals, and the no-skill baseline as a line.

    Args:
        standings: The models, most accurate first.
        titles: Theirs, in that order.
        baseline: The no-skill accuracy, a fraction.
        where: The faces, such as `PrivateTest, 3,589 faces`.
    """
    intervals = [row.interval for row in standings]
    low = floor(10 * min(baseline, *(interval.low for interval in intervals))) / 10
    high = ceil(10 * max(baseline, *(interval.high for interval in intervals))) / 10
    left, step, top = 20, 38, 26
    bottom = top + step * len(standings)

    def x(share: float) -> float:
        return round(left + (share - low) / (high - low) * (WIDTH - 2 * left), 1)

    ticks = (np.arange(round(10 * low), round(10 * high) + 1) / 10).tolist()
    marks: list[Child] = [
        _text(x(tick), bottom + 16, percent(tick), "middle", "muted") for tick in ticks
    ]
    marks.append(
        _text(
            x(baseline),
            top - 10,
            f"no skill {percent(baseline, 1)}",
            _anchor((baseline - low) / (high - low)),
            "muted",
        )
    )
    for i, (row, title) in enumerate(zip(standings, titles, strict=True)):
        y = top + step * i
        shown = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
        # The lines of the scale stand beside the dots only, not behind the names above them.
        marks += [_line(x(tick), y + 20, x(tick), y + 33, "grid") for tick in ticks]
        accuracy = percent_with_interval(row.accuracy, row.interval)
        marks += [
            _line(x(baseline), y + 20, x(baseline), y + 33, "baseline"),
            _text(left, y + 15, shown, "start"),
            _text(WIDTH - left, y + 15, accuracy, "end"),
            _line(x(row.interval.low), y + 26, x(row.interval.high), y + 26, "whisker"),
            el("circle", cx=x(row.accuracy), cy=y + 26, r=5, class_="dot"),
        ]
    return _svg(bottom + 24, f"Accuracy of each model with its 95 % interval on {where}", marks)


def confusion(counts: np.ndarray, title: str, where: str) -> Element:
    """A confusion matrix: shares of the label's faces, and below them the counts.

    Args:
        counts: (7, 7), rows are labels.
        title: The model.
        where: The faces.
    """
    shares = classification.normalize_matrix(counts, "row")
    marks: list[Child] = [_text(LABELS, 14, "answer →", "start", "muted")]
    marks.append(_text(0, 14, "label ↓", "start", "muted"))
    for i, emotion in enumerate(EMOTIONS):
        marks += [
            _text(LABELS + CELL * (i + 0.5), HEADER - 8, emotion, "middle"),
            _text(LABELS - 8, HEADER + ROW * (i + 0.5) + 4, emotion, "end"),
        ]
        marks += [
            _cell(i, j, float(shares[i, j]), int(counts[i, j]), bool(counts[i].any()))
            for j in range(len(EMOTIONS))
        ]
    height = HEADER + ROW * len(EMOTIONS) + 4
    return _svg(height, f"Confusion matrix of {title} on {where}", marks)


def _cell(row: int, column: int, share: float, count: int, known: bool) -> Element:
    x, y = LABELS + CELL * column, HEADER + ROW * row
    label = f"{EMOTIONS[row]} answered as {EMOTIONS[column]}: {count:,}"
    return el(
        "g",
        el("title", label),
        el("rect", x=x, y=y, width=CELL, height=ROW, class_="cell"),
        el(
            "rect",
            x=x,
            y=y,
            width=CELL,
            height=ROW,
            class_="fill",
            fill_opacity=round(OPACITY * share, 3),
        ),
        _text(x + CELL / 2, y + 19, percent(share) if known else "–", "middle", "strong"),
        _text(x + CELL / 2, y + 35, f"{count:,}", "middle", "small"),
    )


def reliability(bins: Sequence[Bin], baseline: float, title: str, where: str) -> Element:
    """A reliability diagram: accuracy by confidence, with intervals.

    Args:
        bins: Those without answers are left out; the area of a dot grows with its answers.
        baseline: The no-skill accuracy, a fraction.
        title: The model.
        where: The faces.
    """
    right, bottom = PLOT_LEFT + PLOT, PLOT_TOP + PLOT

    def x(share: float) -> float:
        return round(PLOT_LEFT + PLOT * share, 1)

    def y(share: float) -> float:
        return round(bottom - PLOT * share, 1)

    marks: list[Child] = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        marks += [
            _line(x(tick), PLOT_TOP, x(tick), bottom, "grid"),
            _line(PLOT_LEFT, y(tick), right, y(tick), "grid"),
            _text(x(tick), bottom + 18, percent(tick), "middle", "muted"),
            _text(PLOT_LEFT - 8, y(tick) + 5, percent(tick), "end", "muted"),
        ]
    marks += [
        _line(x(0), y(0), x(1), y(1), "diagonal"),
        _line(PLOT_LEFT, y(baseline), right, y(baseline), "baseline"),
        _text(right + 6, y(baseline) + 4, "no skill", "start", "muted"),
        _text(PLOT_LEFT + PLOT / 2, bottom + 38, "confidence", "middle"),
        _text(PLOT_LEFT + 8, PLOT_TOP + 16, "accuracy", "start"),
    ]
    most = max(each.n for each in bins)
    for each in bins:
        if each.n:
            low, high = wilson_interval(round(each.accuracy * each.n), each.n)
            centre = x(each.confidence)
            marks += [
                _line(centre, y(low), centre, y(high), "whisker"),
                el(
                    "circle",
                    el(
                        "title",
                        f"{each.n:,} answers: confidence {percent(each.confidence, 1)}, accuracy "
                        f"{percent_with_interval(each.accuracy, (low, high))}",
                    ),
                    cx=centre,
                    cy=y(each.accuracy),
                    r=round(2.5 + 6.5 * sqrt(each.n / most), 1),
                    class_="dot",
                ),
            ]
    return _svg(bottom + 46, f"Reliability diagram of {title} on {where}", marks)


def _svg(height: float, title: str, marks: Sequence[Child]) -> Element:
    """A drawing with the title that screen readers say."""
    return el(
        "svg",
        el("title", title),
        *marks,
        viewBox=f"0 0 {WIDTH} {height:g}",
        role="img",
        aria_label=title,
    )


def _text(x: float, y: float, text: str, anchor: str, class_: str = "") -> Element:
    names = {"class_": class_} if class_ else {}
    return el("text", text, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor, **names)


def _anchor(place: float) -> str:
    """Which part of a text is at a place of an axis, 0 to 1, so that it is not cut off."""
    return "start" if place < 0.15 else "end" if place > 0.85 else "middle"


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Element:
    return el("line", x1=f"{x1:g}", y1=f"{y1:g}", x2=f"{x2:g}", y2=f"{y2:g}", class_=class_)
