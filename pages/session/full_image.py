"""The whole photo as a face, for a photo in which none was found."""

from dataclasses import replace

import numpy as np

from pages.session.photo import Photo


def use_full_image(photo: Photo) -> Photo:
    """A copy of the photo with the whole image as its only face."""
    assert photo.full_image_crop is not None
    face, chip = photo.full_image_crop
    return replace(photo, faces=(face,), chips=chip[None], uses_full_image=True, answers={})


def without_full_image(photo: Photo) -> Photo:
    """A copy of the photo as it was before `use_full_image`: without a face."""
    none = np.empty((0, 48, 48), np.uint8)
    return replace(photo, faces=(), chips=none, uses_full_image=False, answers={}, labels={})
