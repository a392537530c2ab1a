"""Random files and images: each gives an answer or an error message.

Part of `make hostile`, with a fixed, quick selection. FUZZ_EXAMPLES=20000 in the environment tries
that many new ones, at a few minutes per ten thousand.
"""

import os
import struct

import numpy as np
import pytest
from bounds import excess
from cases import EVERY_KIND, good
from counted_work import counted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fer_core.errors import ImageError
from fer_core.faces import align
from fer_core.imaging import decode
from fer_core.pipeline import DetectedFaces, classify_chips, detect_faces

# pytest brings its own warning filters, beside those of the library.
pytestmark = [pytest.mark.hostile, pytest.mark.filterwarnings(r"ignore:::PIL\..*")]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
HEADER = 200  # bytes that contain most of a format's fields
#: Numbers at which arithmetic often fails.
EDGES = (0, 1, 2, 7, 255, 256, 32_767, 32_768, 65_535, 2**31 - 1, 2**31, 2**32 - 1)
SIGNATURES = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    b"\xff\xd8\xff\xc0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\xff\0\0\0WEBPVP8 ",
    b"RIFF\xff\0\0\0WEBPVP8L",
    b"RIFF\xff\0\0\0WEBPVP8X\n\0\0\0",
    b"BM",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"II+\0\x08\0\0\0",
)


def fuzz(quick: int) -> settings:
    """Use `quick` fixed examples, or FUZZ_EXAMPLES new ones."""
    return settings(
        max_examples=EXAMPLES or quick,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A small valid file, changed in one to five ways."""
    data = bytearray(good(draw(st.sampled_from(EVERY_KIND))))
    for _ in range(draw(st.integers(1, 5))):
        reach = min(len(data), HEADER) if draw(st.booleans()) else len(data)
        at = draw(st.integers(0, max(0, reach - 1)))
        what = draw(st.sampled_from(["flip", "field", "cut", "drop", "repeat", "splice", "noise"]))
        if what == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif what == "field":
            code = draw(st.sampled_from(["<H", ">H", "<I", ">I"]))
            value = draw(st.sampled_from(EDGES)) % (2 ** (8 * struct.calcsize(code)))
            data[at : at + struct.calcsize(code)] = struct.pack(code, value)
        elif what == "cut":
            del data[at:]
        elif what == "drop":
            del data[at : at + draw(st.integers(1, 64))]
        elif what == "repeat":
            data[at:at] = data[at : at + draw(st.integers(1, 512))] * draw(st.integers(1, 40))
        elif what == "splice":
            other = good(draw(st.sampled_from(EVERY_KIND)))
            start = draw(st.integers(0, len(other) - 1))
            data[at:at] = other[start : start + draw(st.integers(1, 2000))]
        else:
            noise = draw(st.binary(max_size=40))
            data[at : at + len(noise)] = noise
    return bytes(data)


def survives(data: bytes) -> None:
    """Check that a file is classified or rejected within the bounds."""
    with counted() as work:
        found = read(data)
    if found is not None:
        assert found.image.dtype == np.uint8
        assert found.image.ndim == 3
        assert found.image.flags.c_contiguous
        assert found.image.shape[0] * found.image.shape[1] <= decode.MAX_PIXELS
        answers = classify_chips(found.chips, ["multiclass"])
        assert len(answers) == len(found.faces)
    assert excess(work, len(data)) == {}


def read(data: bytes) -> DetectedFaces | None:
    """Detect the photo's faces; None where it is rejected with an error message."""
    try:
        return detect_faces(data)
    except ImageError as error:
        sentence = str(error)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "\n" not in sentence
        return None


@given(damaged_files())
@fuzz(1500)
def test_damaged_files(data: bytes) -> None:
    survives(data)


@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
@fuzz(1000)
def test_anything_behind_a_good_beginning(signature: bytes, rest: bytes) -> None:
    survives(signature + rest)


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    """Images of odd shapes: uniform, noise, stripes, or faces that are cut, rotated or repeated."""
    side = st.one_of(st.integers(1, 70), st.sampled_from([1, 2, 31, 32, 33, 63, 64, 65, 320, 1281]))
    height, width = draw(side), draw(side)
    what = draw(st.sampled_from(["flat", "noise", "stripes", "face", "faces", "view"]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    if what == "flat":
        return np.full((height, width, 3), draw(st.integers(0, 255)), np.uint8)
    if what == "noise":
        return random.integers(0, 256, (height, width, 3), np.uint8)
    if what == "stripes":
        return np.tile(np.uint8([[[0], [255]]]), (height, width // 2 + 1, 3))[:, :width]
    face = decode.decode(good("PNG"))
    if what == "view":  # not contiguous, turned
        return np.rot90(face[:: draw(st.integers(1, 4))], draw(st.integers(0, 3)))
    top, left = draw(st.integers(0, 95)), draw(st.integers(0, 95))
    tiled = np.tile(face, (height // 96 + 2, width // 96 + 2, 1))
    whole = tiled[top : top + height, left : left + width]
    return np.ascontiguousarray(whole if what == "faces" else whole[:96, :96])


@given(pictures())
@fuzz(80)
def test_detector_on_odd_pictures(image: np.ndarray) -> None:
    height, width = image.shape[:2]
    found = align.detect(image)
    assert len(found) <= 100
    for face in [*found, align.full_image_face(image)]:
        x, y, w, h = face.box
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height
        if face.eyes is not None:
            assert np.isfinite(face.eyes).all()
        chip = align.crop_chip(image, face)
        assert chip.shape == (48, 48)
        assert chip.dtype == np.uint8
