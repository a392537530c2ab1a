"""A timeline in other forms: smoothed, as segments of one emotion, as shares of time.

All of these describe the film; none claims anything beyond it. Frames are not independent, so there
are no intervals.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fer_core.emotions import EMOTIONS
from fer_core.video.timeline import Observation, Series, Timeline
from fer_core.video.tracks import Doubt

GAP_SECONDS = 1.0  # an answer holds for no longer, unless frames are further apart


class Segment(NamedTuple):
    """A stretch of time in which one emotion leads."""

    start: float  # seconds
    end: float
    emotion: str
    probability: float  # mean of the leading emotion's


def gap_seconds(times: np.ndarray) -> float:
    """From which pause between two answers a face counts as gone; `times` are (N,) seconds."""
    steps = np.diff(times)
    return max(GAP_SECONDS, 2.5 * float(np.median(steps))) if len(steps) else GAP_SECONDS


def durations(times: np.ndarray) -> np.ndarray:
    """How long each answer holds: until the next one, or as long as usual before a gap.

    Args:
        times: (N,) seconds, ascending.

    Returns:
        (N,) seconds.
    """
    if not len(times):
        return np.empty(0)
    steps = np.diff(times)
    within = steps[steps <= gap_seconds(times)]
    usual = float(np.median(within)) if len(within) else 0.0
    return np.append(np.where(steps <= gap_seconds(times), steps, usual), usual)


def smoothed(series: Series, seconds: float) -> Series:
    """The mean of all answers within `seconds`, half before and half after; gaps are not bridged.

    The series itself is not changed, and 0 gives it back.
    """
    times, rows = series
    if seconds <= 0 or len(times) < 2:
        return series
    result = np.empty_like(rows)
    starts = np.flatnonzero(np.diff(times) > gap_seconds(times)) + 1
    for part in np.split(np.arange(len(times)), starts):
        within = times[part]
        first = np.searchsorted(within, within - seconds / 2 - 1e-9)
        last = np.searchsorted(within, within + seconds / 2 + 1e-9)
        sums = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows[part], axis=0, dtype=float)])
        result[part] = (sums[last] - sums[first]) / (last - first)[:, None]
    return Series(times, result)


def segments(series: Series) -> list[Segment]:
    """The stretches in which one emotion leads; a gap ends a stretch."""
    times, rows = series
    if not len(times):
        return []
    leading = rows.argmax(axis=1)
    ends = times + durations(times)
    is_new = (np.diff(leading) != 0) | (np.diff(times) > gap_seconds(times))
    return [
        Segment(
            float(times[part[0]]),
            float(ends[part[-1]]),
            EMOTIONS[leading[part[0]]],
            float(rows[part, leading[part[0]]].mean()),
        )
        for part in np.split(np.arange(len(times)), np.flatnonzero(is_new) + 1)
    ]


def doubts(timeline: Timeline) -> list[Observation]:
    """The moments from which a face may be another one, in order of time.

    Two faces that cross do so for many frames: of a row of doubts of one kind, it is the first.
    """
    first = []
    last: dict[tuple[int, Doubt], float] = {}
    for each in timeline.observations():
        if each.doubt is not None:
            key = each.track, each.doubt
            if each.time - last.get(key, -np.inf) > GAP_SECONDS:
                first.append(each)
            last[key] = each.time
    return first


def shares(series: Series, start: float = -np.inf, end: float = np.inf) -> dict[str, float]:
    """Each emotion's share of the time in which the face was there, 0 to 1, by leading emotion.

    Args:
        series: A model's answers about a face.
        start: Count from this time on, in seconds.
        end: And up to this one.

    Returns:
        The shares by emotion, in the order of EMOTIONS; empty if the face was never there.
    """
    times, rows = series
    held = np.clip(np.minimum(times + durations(times), end) - np.maximum(times, start), 0, None)
    if not held.sum():
        return {}
    seconds = np.bincount(rows.argmax(axis=1), held, minlength=len(EMOTIONS))
    return dict(zip(EMOTIONS, map(float, seconds / held.sum()), strict=True))


def vote_entropy(votes: ArrayLike) -> float:
    """How much the votes differ: their distribution's entropy in bits, 0 if all are the same.

    Args:
        votes: (M,) int, the leading emotion of each model.
    """
    votes = np.asarray(votes, int)
    counts = np.bincount(votes, minlength=len(EMOTIONS))
    parts = counts[counts > 0] / len(votes)
    return max(0.0, float(-(parts * np.log2(parts)).sum()))


def disagreement(timeline: Timeline, track: int) -> tuple[np.ndarray, np.ndarray]:
    """How much the models differ about a face over time.

    Returns:
        (N,) seconds and (N,) bits, `vote_entropy` where at least two models were asked.
    """
    each_model = [timeline.series(track, name) for name in timeline.models]
    times = np.unique(np.concatenate([np.empty(0), *(series.times for series in each_model)]))
    votes = np.zeros((len(times), len(EMOTIONS)))
    for series in each_model:
        votes[np.searchsorted(times, series.times), series.probabilities.argmax(axis=1)] += 1
    counts = votes.sum(axis=1, keepdims=True)
    shares = votes / counts
    bits = -(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=1)
    is_asked = counts[:, 0] > 1
    return times[is_asked], np.maximum(0.0, bits[is_asked])
