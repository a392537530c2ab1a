"""Frames of a film file with their times, in equal steps.

FFmpeg, which OpenCV brings, reads films; Pillow reads animations. FFmpeg recognises a file by its
content and would follow a playlist to other files and addresses, whatever its name. So only regular
files are opened that begin like one of the containers below, none of which names other files.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from fer_core.errors import VideoError
from fer_core.imaging.decode import MAX_PIXELS
from fer_core.text import clock, printable
from fer_core.video.animation import is_animation, read_animation

FORMATS: Final = "MP4, MOV, WebM, MKV, AVI, MPEG, OGV, WMV, GIF or animated WebP or PNG"
EPSILON: Final = 1e-6  # seconds; times are products and quotients of numbers with rounding errors
MIN_MISSING: Final = 0.5  # seconds of a film that are missing before it counts as damaged
_HEAD_BYTES = 512
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # first box of MP4 and MOV
_STARTS = (
    b"\x1a\x45\xdf\xa3",  # Matroska and WebM
    b"OggS",
    b"\0\0\1\xba",  # MPEG program stream
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, of which WMV is one
)
_TRANSPORT_PACKETS = ((0, 188), (4, 192))  # MPEG transport stream: first mark, and distance


def read_frames(
    path: str | os.PathLike[str], every: float | None
) -> Iterator[tuple[float, np.ndarray]]:
    """Read a film's frames, in order of time.

    Args:
        path: Of a film or an animation; never an address.
        every: Seconds between two frames: of each step, the first frame that is not earlier. An
            animation shows a frame until its end, so it may come several times. None reads every
            frame once.

    Yields:
        The frame's own time in seconds, strictly ascending, and (H, W, 3) uint8 RGB.

    Raises:
        ValueError: `every` is not above 0.
        VideoError: The file is missing, or no film that can be read; or, after the last frame that
            could be read, the film is damaged. The message has one sentence.
    """
    if every is not None and not every > 0:
        raise ValueError("every must be above 0")
    name = printable(os.fspath(path))
    head = _head(Path(path), name)
    if is_animation(head):
        yield from read_animation(Path(path), name, every)
    elif _is_film(head):
        yield from _read_film(os.fspath(path), name, every)
    else:
        raise VideoError(f"{name} is not a film in a supported format ({FORMATS}).")


def _head(path: Path, name: str) -> bytes:
    """The first bytes of a regular file."""
    try:
        os.fspath(path).encode()  # OpenCV crashes on a name that is not UTF-8
        if not stat.S_ISREG(path.stat().st_mode):
            raise VideoError(f"{name} is not a file.")
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except ValueError as error:
        raise VideoError(f"{name} has characters in its name that are not UTF-8.") from error
    except OSError as error:
        raise VideoError(f"{name} cannot be read: {error.strerror}.") from error
    if not head:
        raise VideoError(f"{name} is empty.")
    return head


def _is_film(head: bytes) -> bool:
    return (
        head.startswith(_STARTS)
        or head[4:8] in _BOXES
        or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
        or any(head[i:][: distance + 1 : distance] == b"GG" for i, distance in _TRANSPORT_PACKETS)
    )


def _read_film(path: str, name: str, every: float | None) -> Iterator[tuple[float, np.ndarray]]:
    capture = _open(path)
    try:
        width, height, rate, expected = (
            capture.get(each)
            for each in (
                cv2.CAP_PROP_FRAME_WIDTH,
                cv2.CAP_PROP_FRAME_HEIGHT,
                cv2.CAP_PROP_FPS,
                cv2.CAP_PROP_FRAME_COUNT,
            )
        )
        if width * height > MAX_PIXELS:
            raise VideoError(
                f"The frames of {name} are {width:.0f} × {height:.0f} pixels; "
                f"the limit is {MAX_PIXELS // 10**6} million."
            )
        count, last, due = 0, -np.inf, 0.0
        while capture.grab():
            count += 1
            time = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if time <= last:  # damaged
                continue
            last = time
            if time < due - EPSILON:
                continue
            is_read, frame = capture.retrieve()
            if is_read:
                due = _next_step(time, every)
                yield time, cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
    finally:
        capture.release()
    _check_end(name, count, last, rate, expected)


def _check_end(name: str, count: int, last: float, rate: float, expected: float) -> None:
    """Raise `VideoError` if a film has no frame, or far fewer than it says itself.

    Args:
        name: Of the film.
        count: Frames that were read.
        last: Time of the last one, in seconds.
        rate: Frames a second, as the file says.
        expected: Number of frames, as the file says or as follows from its length; 0 or less if it
            says neither.
    """
    if not count:
        raise VideoError(
            f"{name} cannot be read as a film: it is damaged or incomplete, or in a format that is "
            "not supported."
        )
    length = expected / rate if rate > 0 else 0.0
    if count < expected and last + 1 / max(rate, 1) + MIN_MISSING < length:
        raise VideoError(
            f"{name} could be read up to {clock(last)} only, but is {clock(length)} long as it "
            "says: its end is damaged or missing."
        )


def _next_step(time: float, every: float | None) -> float:
    """The first multiple of `every` after this time."""
    return 0.0 if every is None else (np.floor((time + EPSILON) / every) + 1) * every


def _open(path: str) -> cv2.VideoCapture:
    with _quiet():
        # An absolute path does not begin with a protocol.
        return cv2.VideoCapture(os.path.abspath(path), cv2.CAP_FFMPEG)  # noqa: PTH100


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV and FFmpeg from writing to stderr; what failed becomes a `VideoError`.

    OpenCV passes the variable on to FFmpeg once, when a process first opens a film.
    """
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(level)
