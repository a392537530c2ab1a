"""A timeline in other forms: smoothed, as segments of one emotion, as shares of time.

All of these describe the film; none claims anything beyond it. Frames are not independent, so there
are no intervals.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from fer_core.emotions import EMOTIONS
from fer_core.probability import entropy_bits
from fer_core.video.timeline import Observation, Series, Timeline
from fer_core.video.tracks import Doubt

GAP_SECONDS = 1.0  # an answer holds for no longer, unless frames are further apart


class Segment(NamedTuple):
    """A stretch of time in which one emotion leads."""

    start: float  # seconds
    end: float
    emotion: str
    probability: float  # mean of the leading emotion's


def gap_seconds(step: float) -> float:
    """From which pause between two answers a face counts as gone, where frames are `step` apart."""
    return max(GAP_SECONDS, 2.5 * step)


def durations(times: np.ndarray, step: float) -> np.ndarray:
    """How long each answer holds: until the next one, or before a gap and at the end for one step.

    Args:
        times: (N,) seconds, ascending.
        step: Seconds between two frames of the film.

    Returns:
        (N,) seconds.
    """
    until_next = np.diff(times, append=np.inf)
    return np.where(until_next <= gap_seconds(step), until_next, step)


def is_after_gap(times: np.ndarray, step: float) -> np.ndarray:
    """(N − 1,) bool, whether a gap follows each answer but the last; arguments of `durations`."""
    return np.diff(times) > gap_seconds(step)


def smoothed(series: Series, seconds: float) -> Series:
    """The mean of all answers within `seconds`, half before and half after; gaps are not bridged.

    The series itself is not changed, and 0 gives it back.
    """
    times, rows, step = series
    if seconds <= 0 or len(times) < 2:
        return series
    result = np.empty_like(rows)
    starts = np.flatnonzero(is_after_gap(times, step)) + 1
    for part in np.split(np.arange(len(times)), starts):
        within = times[part]
        first = np.searchsorted(within, within - seconds / 2 - 1e-9)
        last = np.searchsorted(within, within + seconds / 2 + 1e-9)
        sums = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows[part], axis=0, dtype=float)])
        result[part] = (sums[last] - sums[first]) / (last - first)[:, None]
    return Series(times, result, step)


def segments(series: Series) -> list[Segment]:
    """The stretches in which one emotion leads; a gap ends a stretch."""
    times, rows, step = series
    if not len(times):
        return []
    leading = rows.argmax(axis=1)
    ends = times + durations(times, step)
    is_new = (np.diff(leading) != 0) | is_after_gap(times, step)
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
            if each.time - last.get(key, -np.inf) > gap_seconds(timeline.step):
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
        The shares by emotion, in the order of EMOTIONS; empty if there is no such time.
    """
    times, rows, step = series
    held = np.clip(
        np.minimum(times + durations(times, step), end) - np.maximum(times, start), 0, None
    )
    if not held.sum():
        return {}
    seconds = np.bincount(rows.argmax(axis=1), held, minlength=len(EMOTIONS))
    return dict(zip(EMOTIONS, map(float, seconds / held.sum()), strict=True))


def vote_entropy(votes: ArrayLike) -> float:
    """How much the votes differ: their distribution's entropy in bits, 0 if all are the same.

    Args:
        votes: (M,) int, the leading emotion of each model.
    """
    counts = np.bincount(np.asarray(votes, int), minlength=len(EMOTIONS))
    return float(entropy_bits(counts[None])[0])


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
    is_asked = votes.sum(axis=1) > 1
    return times[is_asked], entropy_bits(votes[is_asked])
