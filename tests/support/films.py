"""Films made of the sample photos, with changes at known times."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fer_core.imaging.load import load
from fer_core.imaging.sample_photo import sample_photo

WIDTH, HEIGHT, RATE = 480, 270, 25  # px, frames a second
#: Left, top and side of the square around a face in each sample photo.
_FACES = {"astronaut.png": (125, 15, 200), "admiral.png": (110, 70, 310)}
CODECS = {".webm": "VP80", ".avi": "MJPG", ".mp4": "mp4v"}


@cache
def portrait(name: str, side: int = 120) -> np.ndarray:
    """The face of a sample photo, (side, side, 3) uint8 RGB."""
    x, y, size = _FACES[name]
    face = load(sample_photo(name))[y : y + size, x : x + size]
    return cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)


def scene(*placed: tuple[np.ndarray, int, int]) -> np.ndarray:
    """A grey frame with pictures at (left, top)."""
    frame = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    for picture, x, y in placed:
        frame[y : y + len(picture), x : x + picture.shape[1]] = picture
    return frame


def write_film(path: Path, frames: Iterable[np.ndarray], rate: int = RATE) -> Path:
    """Write RGB frames of one size as a film; the ending says in which format."""
    first, *rest = frames
    code = cv2.VideoWriter.fourcc(*CODECS[path.suffix])
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, rate, first.shape[1::-1])
    assert writer.isOpened()
    for frame in (first, *rest):
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


def cut_film(path: Path) -> Path:
    """Two seconds each of a happy face, of nobody, and of a neutral face, all of which move."""
    names = ["astronaut.png"] * 50 + [""] * 50 + ["admiral.png"] * 50
    frames = (scene(*([(portrait(n), 100 + i, 60)] if n else [])) for i, n in enumerate(names))
    return write_film(path, frames)


def crossing_film(path: Path) -> Path:
    """Three seconds in which a happy face and a neutral one change sides; the happy one hides."""
    return write_film(
        path,
        (
            scene(
                (portrait("astronaut.png"), 20 + 4 * i, 60),
                (portrait("admiral.png"), 320 - 4 * i, 70),
            )
            for i in range(75)
        ),
    )


def animation(path: Path, milliseconds: list[int]) -> Path:
    """An animation whose frames are on show for these times; happy and neutral take turns."""
    names = ("astronaut.png", "admiral.png")
    frames = [
        Image.fromarray(scene((portrait(names[i % 2]), 100 + i, 60)))
        for i in range(len(milliseconds))
    ]
    return write_animation(path, frames, milliseconds)


def write_animation(path: Path, frames: list[Image.Image], milliseconds: list[int]) -> Path:
    """Write frames as an animation, each on show for so long; the ending says in which format."""
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=milliseconds)
    return path


def cut_off(path: Path, share: float = 0.6) -> Path:
    """A copy of a file without its end."""
    content = path.read_bytes()
    copy = path.with_stem(path.stem + " cut off")
    copy.write_bytes(content[: int(len(content) * share)])
    return copy
