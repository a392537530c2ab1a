"""Contact sheets hold every face, on one page or on A4 pages, and no metadata."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from fer_core.answers import Answer
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS
from fer_core.reports import contact_sheet
from fer_core.reports.contact_sheet import SheetFace


def faces(count: int, models: int) -> list[SheetFace]:
    """Faces of one grey each, so that a chip is found by its colour."""
    names = list(MODELS)[:models]
    return [
        SheetFace(
            np.full((48, 48), i % 200, np.uint8),
            f"photo {i + 1}, face 1",
            {
                name: Answer({e: 0.7 if e == EMOTIONS[(i + j) % 7] else 0.05 for e in EMOTIONS}, 1)
                for j, name in enumerate(names)
            },
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("models", [1, 2, 8])
def test_every_face_is_on_the_picture(models: int) -> None:
    image = Image.open(io.BytesIO(contact_sheet.png(faces(100, models), "Faces")))
    assert (image.format, image.info, image.width) == ("PNG", {}, contact_sheet.WIDTH)
    pixels = np.asarray(image.convert("RGB"))
    grey = pixels[(pixels[..., 0] == pixels[..., 1]) & (pixels[..., 1] == pixels[..., 2])][:, 0]
    counts = np.bincount(grey, minlength=256)
    assert (counts[:100] >= contact_sheet.CHIP**2).all()


def test_more_faces_need_more_pages() -> None:
    content = contact_sheet.pdf(faces(130, 8), "Faces")
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", content)) == 4
    assert b"MediaBox [ 0 0 595" in content  # A4, in points
