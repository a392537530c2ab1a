"""The formulas of the corruptions, each for a 48×48 chip and for a whole photo alike.

Lengths are in px of a face whose chip's square has a side of 48 px, and grow with the face in a
photo. Every formula takes an (H, W) or (H, W, 3) uint8 image, the amount, the face's square and a
random generator, and returns a new image of the same shape and type.
"""

import io
from typing import Final, NamedTuple

import cv2
import numpy as np
from PIL import Image

from fer_core.explain.regions import BOXES
from fer_core.faces import align
from fer_core.faces.align import CHIP_SIZE, Face
from fer_core.imaging.patches import rotation_matrix

COVER_GREY: Final = 128  # grey value of what hides a region
MIDDLE_GREY: Final = 127.5  # about which contrast is reduced
EYE_ROW: Final = 15  # of the chip: the brows end above it

Box = tuple[tuple[int, int], tuple[int, int]]  # half-open ranges of the chip's rows and columns

#: What can be hidden, as a box on the chip.
COVERS: Final[dict[str, Box]] = {
    "eyes": BOXES["eyes"],
    "brows": ((BOXES["eyes"][0][0], EYE_ROW), BOXES["eyes"][1]),
    "mouth": BOXES["mouth"],
}


class FaceSquare(NamedTuple):
    """The square of an image that becomes the chip: centre and side in px, angle in degrees."""

    x: float
    y: float
    side: float
    angle: float = 0.0  # by which the face is turned, clockwise

    @property
    def scale(self) -> float:
        """Pixels of the image per pixel of the chip."""
        return self.side / CHIP_SIZE


#: The square of a chip, which is all of it.
CHIP_SQUARE: Final = FaceSquare(CHIP_SIZE / 2, CHIP_SIZE / 2, CHIP_SIZE)


def square_of(image: np.ndarray, face: Face) -> FaceSquare:
    """The square of `image`, (H, W, 3), from which the chip of `face` is cut."""
    if face.eyes is None:
        x, y, width, height = face.box
        return FaceSquare(x + width / 2, y + height / 2, min(width, height))
    (x_centre, y_centre), side, angle = align.crop_square(face, image.shape[1], image.shape[0])
    return FaceSquare(float(x_centre), float(y_centre), side, angle)


def hide(
    image: np.ndarray, box: Box, square: FaceSquare = CHIP_SQUARE, area: float = 1.0
) -> np.ndarray:
    """Paint a box of the face grey (`COVER_GREY`).

    Args:
        image: (H, W) or (H, W, 3) uint8.
        box: Half-open ranges of the chip's rows and columns.
        square: Where the face is.
        area: Fraction of the box's area; the hidden part keeps the box's centre and shape.

    Returns:
        A new image.
    """
    (top, bottom), (left, right) = box
    centre = np.array([left + right, top + bottom]) / 2
    half = np.array([right - left, bottom - top]) / 2 * np.sqrt(area)
    corners = centre + np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half - CHIP_SIZE / 2
    points = corners * square.scale @ rotation_matrix(square.angle).T + (square.x, square.y)
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]] + 0.5
    inside = np.ones(image.shape[:2], bool)
    for (x1, y1), (x2, y2) in zip(points, np.roll(points, -1, axis=0), strict=True):
        inside &= (x2 - x1) * (rows - y1) - (y2 - y1) * (columns - x1) >= -1e-6
    result = image.copy()
    result[inside] = COVER_GREY
    return result


def hide_region(
    region: str, image: np.ndarray, amount: float, square: FaceSquare, _: np.random.Generator
) -> np.ndarray:
    """Hide `amount` percent of a region of `COVERS`, from its centre outwards, in grey."""
    return hide(image, COVERS[region], square, amount / 100)


def rotate(
    image: np.ndarray, amount: float, square: FaceSquare, _: np.random.Generator
) -> np.ndarray:
    """Turn the image clockwise by `amount` degrees about the face; the border is mirrored."""
    centre = np.array([square.x, square.y]) - 0.5  # OpenCV measures from the centre of a pixel
    linear = rotation_matrix(amount)
    return _warp(image, np.column_stack([linear, centre - linear @ centre]))


def shift(
    image: np.ndarray, amount: float, square: FaceSquare, _: np.random.Generator
) -> np.ndarray:
    """Move the image to the right by `amount` px of the 48 px face; the border is mirrored."""
    return _warp(image, np.array([[1, 0, amount * square.scale], [0, 1, 0]], float))


def _warp(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return cv2.warpAffine(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


def brighten(
    image: np.ndarray, amount: float, _: FaceSquare, __: np.random.Generator
) -> np.ndarray:
    """Add `amount` grey values."""
    return _to_bytes(image + np.float32(amount))


def darken(
    image: np.ndarray, amount: float, square: FaceSquare, random: np.random.Generator
) -> np.ndarray:
    """Subtract `amount` grey values."""
    return brighten(image, -amount, square, random)


def reduce_contrast(
    image: np.ndarray, amount: float, _: FaceSquare, __: np.random.Generator
) -> np.ndarray:
    """Keep `amount` percent of each pixel's distance from the middle grey."""
    return _to_bytes((image - np.float32(MIDDLE_GREY)) * (amount / 100) + MIDDLE_GREY)


def gamma(image: np.ndarray, amount: float, _: FaceSquare, __: np.random.Generator) -> np.ndarray:
    """Raise the values, as fractions of 255, to the power of `amount`."""
    return _to_bytes((image / np.float32(255)) ** amount * 255)


def blur(
    image: np.ndarray, amount: float, square: FaceSquare, _: np.random.Generator
) -> np.ndarray:
    """Blur by a Gaussian whose standard deviation is `amount` px of the 48 px face."""
    sigma = amount * square.scale
    return cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)


def reduce_resolution(
    image: np.ndarray, amount: float, square: FaceSquare, _: np.random.Generator
) -> np.ndarray:
    """Reduce the image to `amount` px per side of the face (area mean); enlarge it linearly."""
    height, width = image.shape[:2]
    factor = min(amount / square.side, 1)
    small = (max(round(width * factor), 1), max(round(height * factor), 1))
    reduced = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
    return cv2.resize(reduced, (width, height), interpolation=cv2.INTER_LINEAR)


def add_noise(
    image: np.ndarray, amount: float, square: FaceSquare, random: np.random.Generator
) -> np.ndarray:
    """Add normal noise with a standard deviation of `amount` grey values, alike in all colours.

    Its grains are as large as a pixel of the 48 px face, and no smaller than one of the image.
    """
    height, width = image.shape[:2]
    grain = max(square.scale, 1)
    grid = (int(np.ceil(height / grain)), int(np.ceil(width / grain)))
    noise = random.normal(0, amount, grid).astype(np.float32)
    rows = (np.arange(height) / grain).astype(int)
    columns = (np.arange(width) / grain).astype(int)
    field = noise[rows][:, columns]
    return _to_bytes(image + (field if image.ndim == 2 else field[..., None]))


def compress(
    image: np.ndarray, amount: float, _: FaceSquare, __: np.random.Generator
) -> np.ndarray:
    """Store the image as JPEG at quality `amount` and read it again.

    JPEG's blocks are 8 px of the image, however large the face: in a photo it does less.
    """
    content = io.BytesIO()
    Image.fromarray(image).save(content, "JPEG", quality=int(amount))
    return np.array(Image.open(content))


def _to_bytes(image: np.ndarray) -> np.ndarray:
    values: np.ndarray = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    return values
