"""A synthetic FER2013 with FER+ votes, so that the app can show faces without the real one."""

from pathlib import Path

import cv2
import numpy as np
from ferplus_file import write

from fer_core.artifacts import summaries
from fer_core.datasets.fer2013_ids import official_id
from fer_core.datasets.ferplus import COLUMNS, VOTES_FILE
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS

SAVED = summaries.path(MODELS["multiclass"]).with_suffix(".npz")


def faces(top: Path) -> Path:
    """Write a drawn face for every id of the test splits, and one per emotion of Training.

    All faces of an emotion look the same.
    """
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
    """Write FER+ votes beside `top`: six of ten annotators agree with the multi-class CNN."""
    with np.load(SAVED) as saved:
        predicted = dict(zip(saved["ids"], saved["probabilities"].argmax(axis=1), strict=True))
    rows = {
        row: {COLUMNS[predicted[official_id(row)]]: 6, "unknown": 4}
        for row in range(32298, 35887)
        if official_id(row) in predicted
    }
    return write(top.parent / VOTES_FILE, rows)


def _draw(label: int) -> bytes:
    """A JPEG of a head whose mouth is curved according to the emotion."""
    image = np.full((48, 48), 60, np.uint8)
    cv2.ellipse(image, (24, 24), (17, 22), 0, 0, 360, 190, -1)
    for x in (17, 31):
        cv2.circle(image, (x, 19), 2, 40, -1)
    curve = 5 - 2 * label
    cv2.ellipse(image, (24, 35), (8, abs(curve)), 0, *((0, 180) if curve > 0 else (180, 360)), 40)
    return cv2.imencode(".jpg", image)[1].tobytes()


DRAWN = [_draw(label) for label in range(len(EMOTIONS))]
