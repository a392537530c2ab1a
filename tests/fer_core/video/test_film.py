"""Films made of sample photos: emotions change where they should, whatever the format."""

from pathlib import Path

import numpy as np
import pytest
from films import animation, crossing_film, cut_film, cut_off

import fer_core as fer
from fer_core.errors import VideoError
from fer_core.video import timeline as timelines
from fer_core.video.summary import segments
from fer_core.video.timeline import Timeline

MAX_ERROR = 0.5  # seconds


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_film(tmp_path_factory.mktemp("films") / "cut.webm")


def led(timeline: Timeline, track: int) -> list[tuple[float, str]]:
    """When which emotion began to lead for a face."""
    return [(part.start, part.emotion) for part in segments(timeline.series(track, "ferplus"))]


def test_changes_are_where_they_are_in_the_film(cut: Path) -> None:
    timeline = fer.analyze_video(cut, ["ferplus", "multiclass"])
    assert timeline.title == str(cut)
    assert (timeline.width, timeline.height, timeline.error) == (480, 270, None)
    assert timeline.models == ["ferplus", "multiclass"]
    assert np.diff(timeline.frame_times) == pytest.approx(0.2, abs=0.05)
    first, second = segments(timeline.series(1, "ferplus"))
    assert (first.emotion, second.emotion) == ("happy", "neutral")
    assert first.end == pytest.approx(2, abs=MAX_ERROR)
    assert second.start == pytest.approx(4, abs=MAX_ERROR)
    doubts = [(seen.time, seen.doubt) for seen in timeline.observations() if seen.doubt]
    assert doubts == [(pytest.approx(4, abs=MAX_ERROR), "gone")]


def test_an_animation_of_uneven_times(tmp_path: Path) -> None:
    film = animation(tmp_path / "film.gif", [1000, 1500, 700, 900])
    timeline = fer.analyze_video(film, "ferplus", 0.1)
    assert led(timeline, 1) == [
        (pytest.approx(time, abs=0.11), emotion)
        for time, emotion in [(0, "happy"), (1, "neutral"), (2.5, "happy"), (3.2, "neutral")]
    ]


def test_where_faces_cross_the_numbers_are_in_doubt(tmp_path: Path) -> None:
    timeline = fer.analyze_video(crossing_film(tmp_path / "film.avi"), "ferplus", 0.1)
    doubts = {(seen.track, seen.doubt) for seen in timeline.observations() if seen.doubt}
    assert (2, "crossed") in doubts
    assert led(timeline, 2)[0] == (0, "neutral")


def test_a_damaged_end_loses_nothing(cut: Path) -> None:
    whole = fer.analyze_video(cut, "ferplus", 0.5)
    timeline = fer.analyze_video(cut_off(cut), "ferplus", 0.5)
    count = timeline.frame_count
    assert 3 < count < whole.frame_count
    assert timeline.frame_times.tolist() == whole.frame_times[:count].tolist()
    rows = timeline.probabilities("ferplus")
    assert rows == pytest.approx(whole.probabilities("ferplus")[: len(rows)])
    assert timeline.error is not None
    assert "damaged" in timeline.error


def test_a_full_timeline_says_so(cut: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "MAX_OBSERVATIONS", 3)
    timeline = fer.analyze_video(cut, "ferplus")
    assert timeline.frame_count == 3
    assert timeline.error is not None
    assert "0:00.4 only" in timeline.error


def test_a_file_without_any_frame_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("#EXTM3U")
    with pytest.raises(VideoError):
        fer.analyze_video(tmp_path / "film.mp4", "ferplus")
