"""A timeline as CSV and JSON lines; the same rows come frame by frame."""

import csv
import json
import re

import pytest
from film_answers import HAPPY, SAD, face, frame

from fer_core.emotions import EMOTIONS
from fer_core.reports.timeline.frames import (
    FRAME_COLUMNS,
    frames_to_csv,
    frames_to_jsonl,
    record_of,
    timeline_to_csv,
    timeline_to_jsonl,
)
from fer_core.video.timeline import Timeline

FRAMES = [
    frame(1, 0.0),
    frame(2, 0.2, face(1, multiclass=HAPPY, ferplus=SAD), face(2, "crossed", ferplus=HAPPY)),
    frame(3, 0.4, face(2, ferplus=HAPPY)),
    frame(4, 1 / 3 + 0.4),
]


@pytest.fixture
def timeline() -> Timeline:
    timeline = Timeline("=film.mp4")
    for each in FRAMES:
        timeline.add(each)
    return timeline


def without_time(text: str) -> str:
    """The rows without the moment at which they were made."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:+-]+", "", text)


def test_rows_begin_as_openface_has_them(timeline: Timeline) -> None:
    text = timeline_to_csv(timeline)
    assert text.startswith("frame,face_id,timestamp,confidence,success,x,y,w,h,variant,emotion,")
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == list(FRAME_COLUMNS)
    columns = ("frame", "face_id", "timestamp", "success", "x", "variant", "emotion", "doubt")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("1", "0", "0", "0", "", "", "", ""),
        ("2", "1", "0.2", "1", "100", "multiclass", "happy", ""),
        ("2", "1", "0.2", "1", "100", "ferplus", "sad", ""),
        ("2", "2", "0.2", "1", "200", "ferplus", "happy", "crossed"),
        ("3", "2", "0.4", "1", "200", "ferplus", "happy", ""),
        ("4", "0", "0.733", "0", "", "", "", ""),
    ]
    assert {row["file"] for row in rows} == {"'=film.mp4"}, "no spreadsheet takes it for a formula"
    assert rows[1]["title"] == "Multi-class CNN"
    assert sum(float(rows[1][name]) for name in EMOTIONS) == pytest.approx(1)
    assert all(row["app_version"] for row in rows)
    assert len(rows[1]["weights_sha256"]) == 64


def test_a_line_of_json_is_a_frame(timeline: Timeline) -> None:
    empty, full, *_ = map(json.loads, timeline_to_jsonl(timeline).splitlines())
    assert (empty["frame"], empty["timestamp"], empty["faces"]) == (1, 0, [])
    assert full["file"] == "=film.mp4"
    one, two = full["faces"]
    assert (one["track"], one["box"], one["score"], one["doubt"]) == (
        1,
        [100, 20, 50, 60],
        0.9,
        None,
    )
    assert list(one["results"]) == ["multiclass", "ferplus"]
    assert one["results"]["ferplus"]["emotion"] == "sad"
    assert list(one["results"]["ferplus"]["probabilities"]) == list(EMOTIONS)
    assert two["doubt"] == "crossed"
    assert len(full["weights_sha256"]["ferplus"][0]) == 64


def test_a_stream_has_the_rows_of_the_timeline(timeline: Timeline) -> None:
    name = timeline.title
    rows = [frames_to_csv(name, [record_of(each)], header=False) for each in FRAMES]
    assert without_time("".join(rows)) == without_time(timeline_to_csv(timeline).partition("\n")[2])
    lines = [frames_to_jsonl(name, [record_of(each)]) for each in FRAMES]
    assert "".join(lines) == timeline_to_jsonl(timeline)
