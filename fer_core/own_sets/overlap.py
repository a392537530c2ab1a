"""Faces of a user's set that are images of FER2013, on which the models were trained or tested.

They are recognised by a fingerprint of the chip and of the whole picture, so exact and re-encoded
copies are found, and other crops of the same photograph are not.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from fer_core.datasets.fer2013_hashes import (
    MAX_DISTANCE,
    fingerprints,
    is_flat,
    load_hashes,
    nearest,
)
from fer_core.datasets.fer2013_ids import FIRST_ROW, SPLITS, official_id
from fer_core.text import counted, named

TRAINING, _, TEST_SPLIT = SPLITS
MAX_KNOWN: Final = 0.05  # share of faces that the models may have been trained or chosen on


@dataclass(frozen=True)
class Copy:
    """A face of the set, and the FER2013 image that it is a copy of."""

    index: int  # of the face in the set
    name: str
    fer2013_row: int  # row of fer2013.csv
    distance: int  # bits of 64 in which the fingerprints differ, 0 to MAX_DISTANCE

    @property
    def split(self) -> str:
        """FER2013's split of the image."""
        return SPLITS[bisect_right(list(FIRST_ROW.values()), self.fer2013_row) - 1]

    @property
    def fer2013_id(self) -> str:
        """FER2013's id of the image; raises `ResultsError` where the table of ids is damaged."""
        return official_id(self.fer2013_row)


@dataclass(frozen=True)
class Overlap:
    """The copies of FER2013's images in a set of N faces."""

    copies: tuple[Copy, ...]
    faces: int

    @cached_property
    def in_training(self) -> tuple[Copy, ...]:
        """Copies of images on which the models were trained."""
        return tuple(copy for copy in self.copies if copy.split == TRAINING)

    @cached_property
    def in_tests(self) -> tuple[Copy, ...]:
        """Copies of images of a test split."""
        return tuple(copy for copy in self.copies if copy.split != TRAINING)

    @property
    def chose_models(self) -> bool:
        """Whether the models were trained or chosen on so many of the faces that no test on them
        is valid: on more than `MAX_KNOWN` of them."""
        known = [copy for copy in self.copies if copy.split != TEST_SPLIT]
        return len(known) > MAX_KNOWN * self.faces

    def mask(self) -> np.ndarray:
        """(N,) bool: whether each face is a copy."""
        mask = np.zeros(self.faces, bool)
        mask[[copy.index for copy in self.copies]] = True
        return mask

    def sentences(self) -> list[str]:
        """What to say about the copies; nothing if there are none."""
        texts = []
        if self.in_training:
            texts.append(
                f"{_faces(self.in_training)} also in FER2013's Training, so the models have seen "
                f"{_them(self.in_training)} and the scores are too high: "
                f"{named(copy.name for copy in self.in_training)}."
            )
        if self.in_tests:
            texts.append(
                f"{_faces(self.in_tests)} also in FER2013's test splits, so this is no new test: "
                f"{named(copy.name for copy in self.in_tests)}."
            )
        if self.chose_models:
            texts.append(
                f"Our models were trained or chosen on more than {MAX_KNOWN:.0%} of these faces, "
                "which favours some of them: no test between models is made."
            )
        return texts


def find(
    names: Sequence[str],
    chips: Sequence[np.ndarray] | np.ndarray,
    pictures: Sequence[np.ndarray] | np.ndarray = (),
) -> Overlap:
    """Find the faces that are images of FER2013.

    Args:
        names: Of the N faces.
        chips: Their chips, (N, 48, 48) uint8 grey.
        pictures: The whole photos as chips, of the same shape; a face that was found in an image of
            FER2013 is cut more closely than the image.

    Raises:
        ResultsError: The table of fingerprints is missing or damaged.
    """
    best: dict[int, Copy] = {}
    for looked_at in (chips, pictures):
        rows, distances = nearest(fingerprints(looked_at), load_hashes())
        for i in np.flatnonzero(distances <= MAX_DISTANCE).tolist():
            copy = Copy(i, names[i], int(rows[i]), int(distances[i]))
            is_nearer = i not in best or copy.distance < best[i].distance
            if is_nearer and not is_flat(looked_at[i]):
                best[i] = copy
    return Overlap(tuple(best[i] for i in sorted(best)), len(names))


def _faces(copies: Sequence[Copy]) -> str:
    return f"{counted(len(copies), 'face')} {'is' if len(copies) == 1 else 'are'}"


def _them(copies: Sequence[Copy]) -> str:
    return "it" if len(copies) == 1 else "them"
