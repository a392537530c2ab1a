"""Numbered boxes around the faces of a photo; no number covers a face where there is room."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from fer_core.reports.drawing import font
from fer_core.reports.palette import BACKGROUND, OUTLINE

Box = tuple[float, float, float, float]  # left, top, right, bottom, in px

PLATE_SHARE = 0.22  # height of a number's plate, as a share of the median face's
MIN_PLATE, MAX_PLATE = 15.0, 52.0  # px of a display photo


def draw_boxes(
    jpeg: bytes,
    photo_width: int,
    boxes: Sequence[tuple[int, int, int, int]],
    colours: Sequence[str],
    selected: int,
) -> Image.Image:
    """Draw numbered face boxes on a display photo.

    Lines scale with the photo and numbers with the faces, so that both are legible on a phone.

    Args:
        jpeg: The display photo from `drawing.encode_for_display`.
        photo_width: Width of the original photo in pixels.
        boxes: (x, y, width, height) per face, in pixels of the original photo.
        colours: One colour per face, for its box and the foot of its number.
        selected: Index of the face whose box is drawn last and thicker.

    Returns:
        A new image.
    """
    image = Image.open(io.BytesIO(jpeg)).convert("RGB")
    draw = ImageDraw.Draw(image)
    scale = image.width / photo_width
    scaled = [(x * scale, y * scale, (x + w) * scale, (y + h) * scale) for x, y, w, h in boxes]
    stroke = _stroke(scaled, image.size)
    order = [i for i in range(len(boxes)) if i != selected]
    order += [selected] if selected < len(boxes) else []
    for i in order:
        _draw_box(draw, scaled[i], stroke, colours[i], i == selected)
    for i, plate in enumerate(place_plates(scaled, image.size)):
        _draw_plate(draw, plate, str(i + 1), colours[i])
    return image


def _stroke(boxes: Sequence[Box], size: tuple[int, int]) -> int:
    """Width of the lines in px: by the photo, and thinner where the faces are small."""
    by_photo = max(size) / 250
    by_face = float(np.median([bottom - top for _, top, _, bottom in boxes])) / 20 if boxes else 1
    return max(2, round(min(by_photo, by_face)))


def place_plates(boxes: Sequence[Box], size: tuple[int, int]) -> list[Box]:
    """Choose for each number the place that covers least of faces and of other numbers.

    Args:
        boxes: The faces in the image.
        size: Width and height of the image, in px.

    Returns:
        One plate per face, inside the image.
    """
    if not boxes:
        return []
    heights = [bottom - top for _, top, _, bottom in boxes]
    height = float(np.clip(PLATE_SHARE * np.median(heights), MIN_PLATE, MAX_PLATE))
    faces = np.array(boxes, float)
    plates: list[Box] = []
    for i, box in enumerate(boxes):
        width = height * (0.5 + 0.6 * len(str(i + 1)))
        places = [_inside(place, size) for place in _places(box, width, height)]
        taken = np.vstack([faces, np.array(plates, float).reshape(-1, 4)])
        covered = [_overlap(np.array(place), taken).sum() for place in places]
        plates.append(places[int(np.argmin(np.round(covered)))])
    return plates


def _places(box: Box, width: float, height: float) -> list[Box]:
    """Eight places around a box, the best first: above, below, then at its sides."""
    left, top, right, bottom = box
    gap = height * 0.25
    above, below = top - gap - height, bottom + gap
    centre = (left + right - width) / 2
    corners = [
        *((x, above) for x in (left, right - width, centre)),
        *((x, below) for x in (left, right - width, centre)),
        (left - gap - width, top),
        (right + gap, top),
    ]
    return [(x, y, x + width, y + height) for x, y in corners]


def _inside(place: Box, size: tuple[int, int]) -> Box:
    """The place, moved into the image."""
    left, top, right, bottom = place
    x = min(max(0.0, left), size[0] - (right - left))
    y = min(max(0.0, top), size[1] - (bottom - top))
    return (x, y, x + right - left, y + bottom - top)


def _overlap(place: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Areas in px², (N,), that a place (4,) shares with others (N, 4)."""
    low = np.maximum(place[:2], others[:, :2])
    high = np.minimum(place[2:], others[:, 2:])
    areas: np.ndarray = np.prod(np.maximum(high - low, 0), axis=1)
    return areas


def _draw_box(
    draw: ImageDraw.ImageDraw, box: Box, stroke: int, colour: str, selected: bool
) -> None:
    """A coloured line with a dark outline on both sides, visible on any background."""
    left, top, right, bottom = box
    line = stroke * 3 // 2 if selected else stroke
    for grow, width, fill in ((line, line + stroke, OUTLINE), (line - stroke / 2, line, colour)):
        corners = (left - grow, top - grow, right + grow, bottom + grow)
        draw.rounded_rectangle(corners, radius=line * 3, outline=fill, width=width)


def _draw_plate(draw: ImageDraw.ImageDraw, plate: Box, text: str, colour: str) -> None:
    """A light number on a dark plate with a coloured foot."""
    left, top, right, bottom = plate
    height = bottom - top
    foot = max(2.0, height * 0.14)
    draw.rounded_rectangle(plate, radius=height * 0.2, fill=OUTLINE)
    draw.rectangle((left, bottom - foot, right, bottom), fill=colour)
    middle = ((left + right) / 2, (top + bottom - foot) / 2)
    draw.text(middle, text, fill=BACKGROUND, font=font(height * 0.66), anchor="mm")
