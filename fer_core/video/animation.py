"""Frames of an animation (GIF, WebP or PNG) with their times, within the limits on photos."""

from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from fer_core.errors import ImageError, VideoError
from fer_core.imaging import webp_header
from fer_core.imaging.decode import image_errors, open_checked
from fer_core.imaging.load import read
from fer_core.imaging.rgb import to_upright_rgb
from fer_core.text import clock

MAX_TOTAL_PIXELS: Final = 2_000_000_000  # of all frames; 1,000 frames of 2 million
SHORTEST_SECONDS: Final = 0.011  # browsers show a frame that is shorter, or has no time at all,
USUAL_SECONDS: Final = 0.1  # for this long
_STARTS = (b"GIF87a", b"GIF89a", b"\x89PNG")
_GIF_END = b";"


def is_animation(head: bytes) -> bool:
    """Whether a file that begins with these bytes is read by Pillow."""
    return head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read_animation(
    path: Path, name: str, every: float | None
) -> Iterator[tuple[float, np.ndarray]]:
    """Read an animation's frames; as of `read.read_frames`, and the same errors.

    Args:
        path: Of the file.
        name: What errors call it.
        every: Seconds between two frames; None reads each frame once.
    """
    start = 0.0
    step = 0
    try:
        for image, seconds in _frames(path):
            if every is None:
                yield start, image
            while every is not None and step * every < start + seconds - 1e-6:
                yield step * every, image
                step += 1
            start += seconds
    except OSError as error:
        raise VideoError(f"{name} cannot be read: {error.strerror}.") from error
    except ImageError as error:
        if not start:
            raise VideoError(f"{name}: {error}") from error
        is_large = isinstance(error, _TooManyPixelsError)
        reason = "it has more pixels than may be read" if is_large else "it is damaged"
        raise VideoError(f"{name} could be read up to {clock(start)} only: {reason}.") from error


class _TooManyPixelsError(ImageError):
    """All frames together have more than MAX_TOTAL_PIXELS."""


def _frames(path: Path) -> Iterator[tuple[np.ndarray, float]]:
    """Each frame, and how many seconds it is on show."""
    data = read(path)
    with image_errors(data):
        pil_image = open_checked(data)
        webp_header.check_code_blocks(data, all_pictures=True)
    pixels = 0
    with pil_image:
        while True:
            pixels += pil_image.width * pil_image.height
            if pixels > MAX_TOTAL_PIXELS:
                raise _TooManyPixelsError
            with image_errors(data):
                pil_image.load()
                image = to_upright_rgb(pil_image, 1)
            yield image, _seconds(pil_image)
            with image_errors(data):
                if not _go_on(pil_image, data):
                    return


def _seconds(pil_image: Image.Image) -> float:
    seconds = float(pil_image.info.get("duration", 0)) / 1000
    return seconds if SHORTEST_SECONDS <= seconds < inf else USUAL_SECONDS


def _go_on(pil_image: Image.Image, data: bytes) -> bool:
    """Go to the next frame; False at the end of the animation."""
    try:
        pil_image.seek(pil_image.tell() + 1)
    except EOFError:
        if pil_image.format == "GIF":  # Pillow does not tell a GIF that is cut off from a whole one
            end = pil_image.fp.tell()  # type: ignore[attr-defined]
            if data[end - 1 : end] != _GIF_END:
                raise ImageError from None
        return False
    return True
