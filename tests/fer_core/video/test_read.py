"""Frames of film files and animations, their times, and files that are none."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from films import HEIGHT, RATE, WIDTH, animation, cut_film, cut_off, portrait, scene, write_film

from fer_core.errors import VideoError
from fer_core.video import animation as animations
from fer_core.video.read import read_frames


def times(path: Path, every: float | None) -> list[float]:
    return [time for time, _ in read_frames(path, every)]


def read_until_damage(path: Path) -> tuple[list[float], str]:
    seen = []
    with pytest.raises(VideoError) as caught:
        seen.extend(time for time, _ in read_frames(path, None))
    return seen, str(caught.value)


@pytest.mark.parametrize("ending", [".webm", ".avi", ".mp4"])
def test_times_are_true_and_steps_are_equal(ending: str, tmp_path: Path) -> None:
    film = write_film(tmp_path / f"film{ending}", [scene((portrait("admiral.png"), 9, 9))] * 50)
    frames = list(read_frames(film, None))
    assert [time for time, _ in frames] == pytest.approx([i / RATE for i in range(50)])
    assert frames[0][1].shape == (HEIGHT, WIDTH, 3)
    assert frames[0][1].dtype == np.uint8
    assert times(film, 0.5) == pytest.approx([0, 0.52, 1.0, 1.52])  # frames are every 0.04 s


def test_colours_are_rgb(tmp_path: Path) -> None:
    red = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    red[:, :, 0] = 200
    (_, frame), *_ = read_frames(write_film(tmp_path / "red.avi", [red] * 3), None)
    assert frame.mean(axis=(0, 1)) == pytest.approx([200, 0, 0], abs=8)


@pytest.mark.parametrize("ending", ["gif", "webp", "png"])
def test_frames_of_an_animation_are_on_show_until_their_end(ending: str, tmp_path: Path) -> None:
    film = animation(tmp_path / f"film.{ending}", [300, 900, 0, 200])
    assert times(film, None) == pytest.approx([0, 0.3, 1.2, 1.3])  # 0 counts as 0.1 s
    stepped = list(read_frames(film, 0.25))
    assert [time for time, _ in stepped] == pytest.approx([0, 0.25, 0.5, 0.75, 1.0, 1.25])
    pictures = [image.tobytes() for _, image in stepped]
    assert pictures[0] == pictures[1] != pictures[2]
    assert len(set(pictures[2:5])) == 1


@pytest.mark.parametrize("ending", [".webm", ".avi"])
def test_a_damaged_end_loses_nothing_before_it(ending: str, tmp_path: Path) -> None:
    film = cut_film(tmp_path / f"film{ending}")
    whole = times(film, None)
    seen, message = read_until_damage(cut_off(film))
    assert 20 < len(seen) < len(whole)
    assert seen == whole[: len(seen)]
    assert "0:06.0 long" in message


@pytest.mark.parametrize("ending", ["gif", "png"])
def test_so_does_a_damaged_animation(ending: str, tmp_path: Path) -> None:
    film = animation(tmp_path / f"film.{ending}", [300, 900, 100, 200])
    seen, message = read_until_damage(cut_off(film))
    assert seen == pytest.approx([0, 0.3])
    assert "up to 0:01.2 only" in message


def test_an_animation_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animations, "MAX_TOTAL_PIXELS", 2 * WIDTH * HEIGHT)
    seen, message = read_until_damage(animation(tmp_path / "film.gif", [100] * 3))
    assert len(seen) == 2
    assert "more pixels" in message


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6,\n{film}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {film}\n",
        "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
    ids=["hls", "concat", "sdp"],
)
def test_a_playlist_is_refused_whatever_its_name(playlist: str, tmp_path: Path) -> None:
    write_film(tmp_path / "film.webm", [scene()] * 3)
    for name in ("list.mp4", "list.webm"):
        path = tmp_path / name
        path.write_text(playlist.format(film="film.webm"))
        with pytest.raises(VideoError, match="not a film in a supported format"):
            times(path, None)


def test_what_is_no_film_is_one_sentence(tmp_path: Path) -> None:
    level = cv2.utils.logging.getLogLevel()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("this is no film")
    (tmp_path / "head.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(400))
    (tmp_path / "head.gif").write_bytes(b"GIF89a" + bytes(400))
    write_film(tmp_path / "whole.mp4", [scene((portrait("admiral.png"), 0, 0))] * 5)
    cut_off(tmp_path / "whole.mp4")  # its table of contents was at the end
    os.mkfifo(tmp_path / "pipe.mp4")
    names = ["empty", "text", "head", "pipe", "whole cut off", "nowhere"]
    for name in [*(f"{n}.mp4" for n in names), "head.gif", ".", "bad\udcff.mp4", "nul\0.mp4"]:
        with pytest.raises(VideoError) as caught:
            times(tmp_path / name, 0.2)
        assert str(caught.value).endswith(".")
    assert cv2.utils.logging.getLogLevel() == level


@pytest.mark.parametrize("every", [0, -1, float("nan")])
def test_a_step_is_above_zero(every: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above 0"):
        times(tmp_path / "film.mp4", every)
