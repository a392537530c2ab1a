"""Images that are expensive for the face detector: crowds and near-faces."""

import numpy as np
from built import encode, portrait
from cases import Case
from PIL import Image, ImageFilter, ImageOps


def _crowd(side: int, across: int, turn: float = 0, mixed: bool = False) -> Image.Image:
    """A grid of faces, `side` px each, rotated by `turn` degrees or by mixed quarter turns."""
    face = np.asarray(portrait(side).rotate(turn))
    rows = [
        [np.rot90(face, (i + j) % 4 if mixed else 0) for j in range(across)] for i in range(across)
    ]
    return Image.fromarray(np.concatenate([np.concatenate(row, axis=1) for row in rows]))


def cases() -> dict[str, Case]:
    images = {
        "upright, the most that are answered": lambda: _crowd(120, 10),
        "upright and tiny": lambda: _crowd(24, 10),
        "on their side": lambda: _crowd(64, 10).rotate(90),
        "upside down": lambda: _crowd(40, 10, 180),
        "tilted": lambda: _crowd(120, 10, 135),
        "every way at once": lambda: _crowd(100, 12, mixed=True),
        "nine hundred, every way at once": lambda: _crowd(40, 30, mixed=True),
        "ten thousand": lambda: _crowd(12, 100),
        "blurred": lambda: _crowd(128, 10).filter(ImageFilter.GaussianBlur(6)),
        "negative": lambda: ImageOps.invert(_crowd(128, 10)),
    }
    return {
        f"crowd: {name}": Case(lambda make=make: encode(make(), "JPEG", quality=90), "answer")
        for name, make in images.items()
    }
