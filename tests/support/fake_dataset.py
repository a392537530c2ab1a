"""A made-up FER2013 with its votes, so that the app needs no real one to show faces."""

from pathlib import Path

import cv2
import numpy as np
from ferplus_file import write

from fer_core.artifacts import summaries
from fer_core.datasets.fer2013 import official_id
from fer_core.datasets.ferplus import COLUMNS, VOTES_FILE
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS

SAVED = summaries.path(MODELS["multiclass"]).with_suffix(".npz")


def faces(top: Path) -> Path:
    """A drawn face for every id of the test splits and one an emotion of Training, below `top`;
    all of an emotion look the same."""
    with np.load(SAVED) as saved:
        ids = [
            ("test", image, label)
            for image, label in zip(saved["ids"], saved["labels"], strict=True)
        ]
    ids += [("train", f"Training_{label}", label) for label in range(len(EMOTIONS))]
    for part, image, label in ids:
        path = Path(top, part, EMOTIONS[label], f"{image}.jpg")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(DRAWN[label])
    return top


def votes(top: Path) -> Path:
    """Beside the folder `top`: six of ten people say what the multi-class CNN says."""
    with np.load(SAVED) as saved:
        said = dict(zip(saved["ids"], saved["probabilities"].argmax(axis=1), strict=True))
    rows = {
        row: {COLUMNS[said[official_id(row)]]: 6, "unknown": 4}
        for row in range(32298, 35887)
        if official_id(row) in said
    }
    return write(top.parent / VOTES_FILE, rows)


def _draw(label: int) -> bytes:
    """A JPEG of a head with eyes and a mouth, which is bent by emotion."""
    picture = np.full((48, 48), 60, np.uint8)
    cv2.ellipse(picture, (24, 24), (17, 22), 0, 0, 360, 190, -1)
    for x in (17, 31):
        cv2.circle(picture, (x, 19), 2, 40, -1)
    bend = 5 - 2 * label
    cv2.ellipse(picture, (24, 35), (8, abs(bend)), 0, *((0, 180) if bend > 0 else (180, 360)), 40)
    return cv2.imencode(".jpg", picture)[1].tobytes()


DRAWN = [_draw(label) for label in range(len(EMOTIONS))]
