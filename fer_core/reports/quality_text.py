"""Sentences on the quality of a face's picture; the app and the command line share them."""

from typing import Final

from fer_core.quality import OUTSIDE, FaceQuality
from fer_core.reports.format import join_words, percent

#: Word of `OUTSIDE` → how such a face compares with the others.
COMPARED: Final = {
    "dark": "darker",
    "bright": "brighter",
    "flat": "less contrasty",
    "blurred": "less sharp",
}
MAX_SHARE: Final = 99.9  # percent; the percentiles are known to a tenth
MIN_TILT: Final = 1.0  # degrees; less is not worth a word


def facts(quality: FaceQuality) -> str:
    """How the chip was made: 'face of 104 px, reduced 2.3 times, tilt of 6° undone'."""
    parts = []
    if quality.face_px is not None:
        parts.append(f"face of {quality.face_px:.0f} px")
    if quality.enlargement > 1:
        parts.append(f"enlarged {quality.enlargement:.1f} times")
    else:
        parts.append(f"reduced {1 / quality.enlargement:.1f} times")
    if abs(quality.tilt or 0) >= MIN_TILT:
        parts.append(f"tilt of {abs(quality.tilt or 0):.0f}° undone")
    if quality.cut_by_edge:
        parts.append("cut off by the edge of the photo")
    return ", ".join(parts)


def look(quality: FaceQuality) -> str:
    """How the chip compares: 'brighter than 70 % and sharper than 28 % of the faces that …'."""
    brighter, sharper = (quality.percentiles[name] for name in ("brightness", "sharpness"))
    return (
        f"brighter than {percent(brighter / 100)} and sharper than {percent(sharper / 100)} "
        "of the faces that the models learned from"
    )


def warning(quality: FaceQuality) -> str:
    """That the face is unlike those that the models learned from; empty if it is like them."""
    names = {word: (name, side) for (name, side), word in OUTSIDE.items()}
    parts = []
    for word in quality.outside:
        name, side = names[word]
        percentile = quality.percentiles[name]
        share = 100 - percentile if side == "below" else percentile
        faces = f"{min(share, MAX_SHARE):.1f} %" if share < 100 else "all"
        parts.append(f"{COMPARED[word]} than {faces}")
    if not parts:
        return ""
    return (
        "Outside of what the models learned from: this face is "
        f"{join_words(parts)} of FER2013's Training faces."
    )
