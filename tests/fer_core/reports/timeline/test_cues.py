"""A timeline as subtitles and as text for ELAN."""

import re

import pytest
from film_answers import HAPPY, NEUTRAL, SAD, face, frame

from fer_core.reports.timeline.cues import timeline_to_elan, timeline_to_vtt
from fer_core.video.marks import Mark
from fer_core.video.timeline import Timeline


@pytest.fixture
def timeline() -> Timeline:
    """An hour into a film: face 1 is happy for 1 s with a blip; face 2 is sad, and in doubt."""
    timeline = Timeline("a --> <b> & c.mp4")
    for i in range(10):
        first = NEUTRAL if i == 5 else HAPPY
        second = face(2, "gone" if i == 4 else None, ferplus=SAD, multiclass=SAD)
        timeline.add(frame(i + 1, 3600.25 + i / 10, face(1, ferplus=first, multiclass=SAD), second))
    return timeline


def cues(text: str) -> list[tuple[str, str]]:
    return re.findall(r"^(\S+ --> \S+)\n(.*)$", text, re.MULTILINE)


def test_subtitles_have_one_cue_per_segment(timeline: Timeline) -> None:
    text = timeline_to_vtt(timeline, "ferplus")
    assert text.startswith("WEBVTT\n\nNOTE\na --&gt; &lt;b&gt; &amp; c.mp4\nFER Explorer ")
    assert "01:00:00.650 Face 2 may be another person" in text
    assert cues(text) == [
        ("01:00:00.250 --> 01:00:00.750", "Face 1: happy (94 %)"),
        ("01:00:00.250 --> 01:00:01.250", "Face 2: sad (94 %)"),
        ("01:00:00.750 --> 01:00:00.850", "Face 1: neutral (94 %)"),
        ("01:00:00.850 --> 01:00:01.250", "Face 1: happy (94 %)"),
    ]
    smooth = cues(timeline_to_vtt(timeline, "ferplus", smoothing=0.5))
    assert [words.split(" (")[0] for _, words in smooth] == ["Face 1: happy", "Face 2: sad"]


def test_a_cue_has_a_length(timeline: Timeline) -> None:
    moment = Timeline("photo.gif")
    moment.add(frame(1, 0.0, face(1, ferplus=HAPPY)))
    assert cues(timeline_to_vtt(moment, "ferplus"))[0][0] == "00:00:00.000 --> 00:00:00.001"
    assert "Face" not in timeline_to_vtt(Timeline(), "ferplus")


def test_elan_has_a_tier_for_each_face_and_model(timeline: Timeline) -> None:
    marks = [Mark(3600.5, "=1+1\tsmile\n"), Mark(3600.9)]
    head, *lines = timeline_to_elan(timeline, marks).splitlines()
    rows = [line.split("\t") for line in lines]
    assert head.split("\t") == ["tier", "begin_ms", "end_ms", "duration_ms", "annotation"]
    assert {len(row) for row in rows} == {5}
    assert all(int(end) - int(begin) == int(length) > 0 for _, begin, end, length, _ in rows)
    assert rows[0] == ["Face 1, ferplus", "3600250", "3600750", "500", "happy (94 %)"]
    assert list(dict.fromkeys(row[0] for row in rows)) == [
        "Face 1, ferplus",
        "Face 1, multiclass",
        "Face 2, ferplus",
        "Face 2, multiclass",
        "Face 2, doubt",
        "Marks",
    ]
    assert rows[-2:] == [
        ["Marks", "3600500", "3600900", "400", "'=1+1 smile"],
        ["Marks", "3600900", "3601250", "350", "Mark"],
    ]
