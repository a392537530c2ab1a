"""Segments, shares and smoothing of a timeline, on series made up by hand."""

import numpy as np
import pytest
from film_answers import HAPPY, NEUTRAL, SAD, face, frame, series

from fer_core.video.summary import (
    disagreement,
    durations,
    segments,
    shares,
    smoothed,
    vote_entropy,
)
from fer_core.video.timeline import Timeline

#: Happy until 0.3, a blip, happy until 0.7; nobody; sad from 5.0 to 5.3.
FILM = series(
    *((i / 10, NEUTRAL if i == 3 else HAPPY) for i in range(7)),
    *((5 + i / 10, SAD) for i in range(3)),
)


def test_an_answer_holds_until_the_next_and_not_over_a_gap() -> None:
    assert durations(FILM.times, FILM.step) == pytest.approx(0.1)
    assert durations(np.array([]), 0.1).tolist() == []
    assert durations(np.array([3.0]), 0.1).tolist() == [0.1]


def test_a_face_that_is_seen_twice_was_not_there_between() -> None:
    """The step is that of the film's frames, not of the few answers."""
    timeline = Timeline()
    for i in range(30):
        seen = [face(1, a=HAPPY)] if i in (0, 24) else []
        timeline.add(frame(i + 1, i / 5, *seen))
    series = timeline.series(1, "a")
    assert durations(series.times, series.step) == pytest.approx(0.2)
    assert [(part.start, part.end) for part in segments(series)] == [
        (0.0, pytest.approx(0.2)),
        (pytest.approx(4.8), pytest.approx(5.0)),
    ]


def test_a_segment_ends_with_a_change_and_at_a_gap() -> None:
    found = [(part.start, part.end, part.emotion) for part in segments(FILM)]
    assert found == [
        (pytest.approx(start), pytest.approx(end), emotion)
        for start, end, emotion in [
            (0.0, 0.3, "happy"),
            (0.3, 0.4, "neutral"),
            (0.4, 0.7, "happy"),
            (5.0, 5.3, "sad"),
        ]
    ]
    assert segments(series()) == []


def test_frames_far_apart_are_no_gaps() -> None:
    slow = series(*((2.0 * i, HAPPY) for i in range(5)), step=2.0)
    assert len(segments(slow)) == 1


def test_smoothing_removes_a_blip_and_bridges_no_gap() -> None:
    smooth = smoothed(FILM, 0.4)
    assert [part.emotion for part in segments(smooth)] == ["happy", "sad"]
    assert smooth.probabilities.sum(axis=1) == pytest.approx(1)
    assert smooth.probabilities[-3:] == pytest.approx(FILM.probabilities[-3:])
    assert smoothed(FILM, 20).probabilities[-1] == pytest.approx(FILM.probabilities[-1])
    assert smoothed(FILM, 0) is FILM
    first = FILM.probabilities[:3].mean(axis=0)  # half of 0.4 s after 0.0
    assert smooth.probabilities[0] == pytest.approx(first)


def test_shares_are_of_the_time_in_which_the_face_was_there() -> None:
    whole = shares(FILM)
    assert sum(whole.values()) == pytest.approx(1)
    assert whole["happy"] == pytest.approx(0.6)
    assert whole["sad"] == pytest.approx(0.3)
    assert shares(FILM, 0.35, 0.55) == pytest.approx(
        dict.fromkeys(whole, 0.0) | {"neutral": 0.25, "happy": 0.75}
    )
    assert shares(FILM, 2, 3) == {}


def test_votes_that_differ_have_entropy() -> None:
    assert vote_entropy(np.array([HAPPY, HAPPY, HAPPY])) == 0
    assert vote_entropy(np.array([HAPPY, SAD])) == pytest.approx(1)


def test_models_disagree_where_two_were_asked() -> None:
    timeline = Timeline()
    timeline.add(frame(1, 0.0, face(1, a=HAPPY), face(2, a=SAD, b=HAPPY)))
    timeline.add(frame(2, 0.2, face(1, a=HAPPY, b=SAD)))
    timeline.add(frame(3, 0.4, face(1, a=HAPPY, b=HAPPY)))
    times, bits = disagreement(timeline, 1)
    assert times.tolist() == [0.2, 0.4]
    assert bits.tolist() == pytest.approx([1, 0])
