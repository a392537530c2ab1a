"""Marks of a person on a timeline: moments with a note, and the sections of the film they begin."""

from collections.abc import Iterable
from typing import NamedTuple

MAX_MARKS = 500
MAX_NOTE = 200  # characters


class Mark(NamedTuple):
    """A moment that somebody marked, in seconds of the film."""

    time: float
    note: str = ""


class Section(NamedTuple):
    """The stretch from a mark to the next one, or to the end of the film."""

    start: float  # seconds
    end: float
    note: str


def sections(marks: Iterable[Mark], end: float) -> list[Section]:
    """The stretches that begin with each mark.

    Args:
        marks: In any order.
        end: Of the film, in seconds.

    Returns:
        One section for each mark, in order of time; that of a mark after the end has no length.
    """
    ordered = sorted(marks)
    times = [mark.time for mark in ordered]
    ends = [*times[1:], max([end, *times])]
    return [Section(mark.time, ends[i], mark.note) for i, mark in enumerate(ordered)]
