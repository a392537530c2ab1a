"""A timeline keeps what was answered, whichever models were asked when."""

import numpy as np
import pytest
from film_answers import HAPPY, SAD, face, frame

from fer_core.video.marks import Mark, Section, sections
from fer_core.video.timeline import Timeline


def test_a_model_that_was_left_out_has_gaps_and_stays_aligned() -> None:
    timeline = Timeline()
    timeline.add(frame(1, 0.0, face(1, first=HAPPY)))
    timeline.add(frame(2, 0.2, face(1, first=SAD, second=HAPPY), face(2, second=SAD)))
    timeline.add(frame(3, 0.4))
    timeline.add(frame(4, 0.6, face(2, first=HAPPY)))
    assert timeline.models == ["first", "second"]
    assert (timeline.frame_count, len(timeline), timeline.tracks) == (4, 4, [1, 2])
    given = {name: ~np.isnan(timeline.probabilities(name)[:, 0]) for name in timeline.models}
    assert given["first"].tolist() == [True, True, False, True]
    assert given["second"].tolist() == [False, True, True, False]
    assert timeline.series(1, "first").times.tolist() == [0.0, 0.2]
    assert timeline.series(2, "first").times.tolist() == [0.6]
    assert timeline.series(2, "second").probabilities.argmax(axis=1).tolist() == [SAD]
    assert timeline.series(2, "unknown").times.tolist() == []
    seen = list(timeline.observations())
    assert [(each.frame, each.time, each.track) for each in seen] == [
        (1, 0.0, 1),
        (2, 0.2, 1),
        (2, 0.2, 2),
        (4, 0.6, 2),
    ]
    assert timeline.seconds == pytest.approx(0.8)


def test_frames_come_in_order_of_time() -> None:
    timeline = Timeline()
    timeline.add(frame(1, 0.5))
    with pytest.raises(ValueError, match="later"):
        timeline.add(frame(2, 0.5))


def test_chips_are_kept_now_and_then() -> None:
    timeline = Timeline()
    for number in range(10):
        timeline.add(frame(number, number / 10, face(1, first=HAPPY, grey=number)))
    kept = [timeline.chip_at(1, time) for time in (0.0, 0.11, 0.5)]
    assert [(time, int(chip[0, 0])) for time, chip in filter(None, kept)] == [
        (0.0, 0),
        (0.2, 2),
        (pytest.approx(0.4), 4),
    ]
    assert timeline.chip_at(2, 0) is None


def test_marks_begin_sections() -> None:
    marks = [Mark(2.0, "b"), Mark(0.5, "a"), Mark(0.5, "same")]
    first = [Section(0.5, 0.5, "a"), Section(0.5, 2.0, "same")]
    assert sections(marks, 3.0) == [*first, Section(2.0, 3.0, "b")]
    late = Mark(9.0, "after the end")
    assert sections([*marks, late], 3.0)[2:] == [
        Section(2.0, 9.0, "b"),
        Section(9.0, 9.0, late.note),
    ]
