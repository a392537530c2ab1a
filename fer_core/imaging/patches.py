"""Square patches of a picture, turned and scaled: close-ups for the detector, chips for the models.

Points are px, x to the right and y down; angles are degrees, clockwise on the screen.
"""

import math

import cv2
import numpy as np

MAX_CUBIC_SCALE = 3  # times a small part is enlarged by cubic interpolation, the rest is linear


def sample_patch(
    image: np.ndarray,
    centre: np.ndarray,
    side: float,
    angle: float,
    size: int,
    *,
    border: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The square of `side` px around `centre`, turned back by `angle`, as a patch of `size` px.

    Free of aliasing and no dearer on a large picture. Beyond the picture's edge lies `border`, or
    where that is None the edge's own colour. Returns the patch (size, size, 3) and the matrix
    (2, 3) that takes its points to the picture's.
    """
    height, width = image.shape[:2]
    turn = rotation_matrix(angle) * (side / size)
    back = np.column_stack([turn, centre - turn @ (size / 2, size / 2)])

    reach = math.ceil(side * math.sqrt(0.5)) + 2
    x, y = (int(v) for v in np.clip(centre, 0, (width - 1, height - 1)))
    left, top = max(x - reach, 0), max(y - reach, 0)
    part = image[top : y + reach + 1, left : x + reach + 1]
    shrink, how = np.ones(2), cv2.INTER_LINEAR
    if side >= 2 * size:
        new = [max(1, round(n * size / side)) for n in part.shape[1::-1]]
        shrink = np.array(part.shape[1::-1]) / new
        part = cv2.resize(part, new, interpolation=cv2.INTER_AREA)
    elif 2 * side <= size:  # turning it with cubic interpolation would cost five times as much
        times = min(math.ceil(size / side), MAX_CUBIC_SCALE)
        shrink = np.full(2, 1 / times)
        part = cv2.resize(part, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    elif side < size:
        how = cv2.INTER_CUBIC

    # OpenCV counts from the middle of a pixel, the matrices here from its corner.
    inner = turn / shrink[:, None]
    offset = (back[:, 2] - (left, top)) / shrink + inner @ (0.5, 0.5) - 0.5
    patch = cv2.warpAffine(
        part,
        np.column_stack([inner, offset]),
        (size, size),
        flags=cv2.WARP_INVERSE_MAP | how,
        borderMode=cv2.BORDER_REPLICATE if border is None else cv2.BORDER_CONSTANT,
        borderValue=(border or 0,) * 3,
    )
    return patch, back


def image_pyramid(image: np.ndarray, least: int) -> list[np.ndarray]:
    """`image` (H, W, 3), then half as large and so on while the longest side is `least` px or more.

    For pictures that are looked at many times: each time from the smallest that is large enough. An
    odd row or column at the end is left out, so that a pixel is exactly four of the one before.
    """
    scales = [image]
    while max(image.shape[:2]) // 2 >= least and min(image.shape[:2]) >= 2:
        height, width = (n // 2 * 2 for n in image.shape[:2])
        image = cv2.resize(
            image[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA
        )
        scales.append(image)
    return scales


def pyramid_level(scales: list[np.ndarray], shrink: float) -> tuple[np.ndarray, int]:
    """Of `halved` pictures the smallest that is to be shrunk `shrink` times or less, and by how
    much it has been shrunk already."""
    index = min(math.floor(math.log2(max(shrink, 1))), len(scales) - 1)
    return scales[index], 2**index


def rotation_matrix(angle: float) -> np.ndarray:
    """(2, 2): turns points clockwise on the screen."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return np.array([[cos, -sin], [sin, cos]])
