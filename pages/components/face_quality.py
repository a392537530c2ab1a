"""What is said about the picture of a face, and which faces are unlike those of the training.

If the committed numbers of FER2013's Training cannot be read, nothing is said; the notice at the
top of the page names the file.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import streamlit as st

from fer_core.errors import ResultsError
from fer_core.faces.align import CHIP_SIZE, Face
from fer_core.quality import FaceQuality, face_quality
from fer_core.reports import drawing, quality_text
from fer_core.text import counted
from pages.session import selection
from pages.session.photo import Photo

FaceId = tuple[str, int]  # key of the photo in the album, and index of the face in the photo
CHIP_WIDTH: Final = 120  # px


class Description(NamedTuple):
    """What is said about the picture of a face; either may be empty."""

    text: str
    warning: str  # that the face is outside of what the models learned from


NOTHING: Final = Description("", "")


def describe(photo: Photo, index: int) -> Description:
    """Describe how a photo's face was cut out and how the chip compares."""
    try:
        quality = photo.qualities[index]
    except ResultsError:
        return NOTHING
    return _description(quality, f"As the models see it: {quality_text.facts(quality)}. ")


def describe_chip(chip: np.ndarray) -> Description:
    """Describe how a chip, (48, 48) uint8 grey, compares, where nothing more is known of it."""
    try:
        quality = face_quality(Face((0, 0, CHIP_SIZE, CHIP_SIZE)), chip, CHIP_SIZE, CHIP_SIZE)
    except ResultsError:
        return NOTHING
    return _description(quality)


def _description(quality: FaceQuality, facts: str = "") -> Description:
    """The sentences, in which no line ends between a number and its percent sign."""
    text = f"{facts}The face is {quality_text.look(quality)}."
    return Description(*(s.replace(" %", "\u00a0%") for s in (text, quality_text.warning(quality))))


def outside(photo: Photo) -> list[tuple[str, ...]]:
    """In what each face of a photo is unlike those that the models learned from."""
    try:
        return [quality.outside for quality in photo.qualities]
    except ResultsError:
        return [()] * len(photo.faces)


def outside_text(count: int, total: int) -> str:
    """'3 of 41 faces are outside of what the models learned from', without a full stop."""
    verb = "is" if count == 1 else "are"
    return f"{count:,} of {counted(total, 'face')} {verb} outside of what the models learned from"


def show_text(description: Description) -> None:
    """Draw the description as a caption."""
    if description.text:
        st.caption(description.text)


def show_warning(description: Description) -> None:
    """Draw the warning, if there is one."""
    if description.warning:
        st.warning(description.warning)


def show(description: Description, chip: np.ndarray | None = None, alt: str = "") -> None:
    """Draw the description and below it the warning.

    Args:
        description: Of the face.
        chip: (48, 48) uint8 grey, drawn beside the description; None where the page has it already.
        alt: Alternative text of the chip.
    """
    if chip is None:
        show_text(description)
    else:
        with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
            st.image(drawing.enlarge_chip(chip), width=CHIP_WIDTH, alt=alt)
            show_text(description)
    show_warning(description)


def show_count(album: Mapping[str, Photo], current: FaceId) -> None:
    """Say how many of several faces are outside, with a button that leads from one to the next.

    Args:
        album: The photos by key.
        current: The face that is shown.
    """
    faces = {
        (key, i): words for key, photo in album.items() for i, words in enumerate(outside(photo))
    }
    found = [face for face, words in faces.items() if words]
    if len(faces) < 2 or not found:
        return
    order = list(faces)
    start = order.index(current) + 1 if current in faces else 0
    following = next((face for face in order[start:] if faces[face]), found[0])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{outside_text(len(found), len(faces))}.", width="content")
        st.button(
            "Show the next one",
            icon=":material/arrow_forward:",
            on_click=selection.select,
            args=following,
            type="tertiary",
            disabled=following == current,
            key="next-outside",
        )
