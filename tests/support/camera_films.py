"""Films of the sample photos: for the browser's fake camera, as WebM and as GIF."""

import io
from pathlib import Path

import numpy as np
from films import write_animation, write_film
from PIL import Image

from fer_core.imaging.sample_photo import SAMPLES, sample_photo

SIZE = (640, 480)
ASTRONAUT, ADMIRAL = list(SAMPLES)[:2]


def scene(*names: str, shift: int = 0) -> Image.Image:
    """Sample photos side by side on a grey frame of `SIZE`, moved to the right by `shift` px."""
    frame = Image.new("RGB", SIZE, (90, 100, 105))
    width = SIZE[0] // max(len(names), 1)
    for i, name in enumerate(names):
        photo = Image.open(io.BytesIO(sample_photo(name))).convert("RGB")
        photo.thumbnail((width, SIZE[1]))
        frame.paste(photo, (i * width + shift, 0))
    return frame


def camera_film(path: Path, frames: list[Image.Image]) -> Path:
    """Motion JPEG, which Chromium's fake camera plays over and over."""
    with path.open("wb") as file:
        for frame in frames:
            frame.save(file, "JPEG", quality=95)
    return path


def webm(path: Path, parts: list[tuple[Image.Image, float]], fps: int = 10) -> Path:
    """A WebM film with VP8: each picture for so many seconds."""
    frames = [np.asarray(frame) for frame, seconds in parts for _ in range(round(seconds * fps))]
    return write_film(path, frames, fps)


def gif(path: Path, parts: list[tuple[Image.Image, float]]) -> Path:
    """An animated GIF: each picture for so many seconds."""
    frames = [frame for frame, _ in parts]
    return write_animation(path, frames, [round(1000 * seconds) for _, seconds in parts])
