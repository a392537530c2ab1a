"""How good the picture of a face is: its size, how it was cut out, and how the chip looks.

Brightness, contrast and sharpness are compared with the faces that the models learned from, those
of FER2013's Training: an answer about a face that looks like none of them is an extrapolation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from fer_core.datasets.fer2013_appearance import MEASURES, measure, percentiles
from fer_core.errors import ResultsError
from fer_core.faces.align import CHIP_SIZE, Face, crop_square, is_cut_by_edge

LIMIT: Final = (
    1.0  # percent of Training; what lies beyond is outside of what the models learned from
)
#: What a chip is called beyond the limit: (measure, whether below the limit or above 100 - limit).
OUTSIDE: Final = {
    ("brightness", "below"): "dark",
    ("brightness", "above"): "bright",
    ("contrast", "below"): "flat",
    ("sharpness", "below"): "blurred",
}


@dataclass(frozen=True)
class FaceQuality:
    """The picture of one face, as the models see it."""

    face_px: float | None  # side of the square as large as the box; None for a whole picture
    enlargement: float  # px of the chip per px of the photo; above 1, details are made up
    tilt: float | None  # degrees, clockwise, by which the face was turned back; None without eyes
    cut_by_edge: bool  # whether the edge of the photo cuts the face's box
    brightness: float  # of the chip, 0 to 255; see `fer2013_appearance.MEASURES`, like the next
    contrast: float
    sharpness: float
    percentiles: dict[str, float]  # measure → percent of FER2013's Training that measure less

    @property
    def outside(self) -> tuple[str, ...]:
        """In what the chip is unlike what the models learned from, words of `OUTSIDE`."""
        return outside_words(self.percentiles)

    def as_dict(self) -> dict[str, Any]:
        """The measures as JSON-serialisable data, rounded."""
        return {
            "face_px": None if self.face_px is None else round(self.face_px, 1),
            "enlargement": round(self.enlargement, 3),
            "tilt": None if self.tilt is None else round(self.tilt, 1),
            "cut_by_edge": self.cut_by_edge,
            **{name: round(getattr(self, name), 2) for name in MEASURES},
            **{f"{name}_percentile": round(self.percentiles[name], 1) for name in MEASURES},
            "outside": list(self.outside),
        }


def outside_words(percentiles: Mapping[str, float]) -> tuple[str, ...]:
    """In what a face is unlike what the models learned from.

    Args:
        percentiles: Measure → percent of FER2013's Training that measure less.

    Returns:
        Words of `OUTSIDE`; empty if it is like them.
    """
    return tuple(
        word
        for (name, side), word in OUTSIDE.items()
        if (percentiles[name] if side == "below" else 100 - percentiles[name]) < LIMIT
    )


def missing_numbers() -> str | None:
    """Why quality cannot be measured, in one sentence; None if it can."""
    try:
        percentiles(np.empty((0, len(MEASURES))))
    except ResultsError as error:
        return str(error)
    return None


def face_quality(face: Face, chip: np.ndarray, width: int, height: int) -> FaceQuality:
    """Measure the picture of a face.

    Args:
        face: As found in a photo, or the whole photo.
        chip: (48, 48) uint8 grey, cut out for it.
        width: Of the photo in px.
        height: Of the photo in px.

    Raises:
        ResultsError: The committed numbers of FER2013's Training are missing or damaged.
    """
    _, _, box_width, box_height = face.box
    side, tilt, face_px = float(min(box_width, box_height)), None, None
    if face.eyes is not None:
        _, side, tilt = crop_square(face, width, height)
        face_px = float(np.sqrt(box_width * box_height))
    measured = measure(chip[None])
    brightness, contrast, sharpness = measured[0].tolist()
    return FaceQuality(
        face_px,
        CHIP_SIZE / side,
        tilt,
        face.eyes is not None and is_cut_by_edge(face, width, height),
        brightness,
        contrast,
        sharpness,
        dict(zip(MEASURES, percentiles(measured)[0].tolist(), strict=True)),
    )
