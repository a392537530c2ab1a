"""Counts of the work a photo causes in the library: deterministic, unlike time and memory.

Time and memory follow from these counts; `tests/security/hostile/bench.py` measures them.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
from PIL import Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from fer_core.faces import yunet
from fer_core.imaging import header_limits, webp_header

BLOCK = 2**20  # px; smaller canvases are transient blocks, not whole images


@dataclass
class Work:
    """Counts for one photo, from its bytes to its chips."""

    reads: int = 0  # read calls on the file
    bytes_read: int = 0
    bytes_unpacked: int = 0  # text chunks and colour profiles of a PNG
    canvas_pixels: int = 0  # total size of Pillow's canvases larger than a block
    pixels_passed: int = 0  # of a JPEG, also one in a TIFF, once per scan
    bytes_unfiltered: int = 0  # of a PNG's or TIFF's pixels as stored
    code_blocks: int = 0  # of a WebP, each with own prefix codes
    calls: int = 0  # Python and C function calls: header parsing costs calls
    looks: int = 0  # face detector runs
    pixels_looked_at: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """Count the work of this thread within the block, without changing it."""
    work = Work()
    with ExitStack() as patches:
        for owner, name, wrapper in (
            (header_limits.ReadLimitedBytesIO, "read", _reading),
            (PngImagePlugin, "_safe_zlib_decompress", _unpacking),
            (Image.core, "new", _making_canvas),
            (Image.core, "fill", _making_canvas),
            (Image.Image, "_new", _deriving_canvas),
            (Image.Image, "tobytes", _copying_canvas),
            (JpegImagePlugin.JpegImageFile, "load_prepare", _passing),
            (PngImagePlugin.PngImageFile, "load_prepare", _unfiltering_png),
            (TiffImagePlugin.TiffImageFile, "load_prepare", _unfiltering_tiff),
            (WebPImagePlugin.WebPImageFile, "_open", _opening_webp),
            (yunet, "detect", _looking),
        ):
            original = getattr(owner, name)
            patches.enter_context(patch.object(owner, name, wrapper(original, work)))
        calls = 0

        def count(_frame: Any, event: str, _function: Any) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            yield work
        finally:
            sys.setprofile(before)
            work.calls = calls


def _reading(read: Any, work: Work) -> Any:
    def reading(file: Any, size: int | None = -1, /) -> bytes:
        work.reads += 1
        data: bytes = read(file, size)
        work.bytes_read += len(data)
        return data

    return reading


def _unpacking(unpack: Any, work: Work) -> Any:
    def unpacking(packed: bytes) -> bytes:
        data: bytes = unpack(packed)
        work.bytes_unpacked += len(data)
        return data

    return unpacking


def _canvas(work: Work, size: tuple[int, int]) -> None:
    pixels = size[0] * size[1]
    work.canvas_pixels += pixels if pixels > BLOCK else 0


def _making_canvas(make: Any, work: Work) -> Any:
    def making(mode: str, size: tuple[int, int], *colour: Any) -> Any:
        _canvas(work, size)
        return make(mode, size, *colour)

    return making


def _deriving_canvas(derive: Any, work: Work) -> Any:
    def deriving(image: Any, core: Any) -> Any:  # cropped, rotated, converted
        _canvas(work, core.size)
        return derive(image, core)

    return deriving


def _copying_canvas(copy: Any, work: Work) -> Any:
    def copying(image: Any, *arguments: Any) -> Any:
        _canvas(work, image.size)
        return copy(image, *arguments)

    return copying


def _passing(prepare: Any, work: Work) -> Any:
    def passing(image: Any) -> None:
        scans = image.fp.getvalue().count(b"\xff\xda")
        work.pixels_passed += scans * image.width * image.height
        prepare(image)

    return passing


def _unfiltering_png(prepare: Any, work: Work) -> Any:
    def unfiltering(image: Any) -> None:
        depth, colour = image.fp.getvalue()[24:26]
        samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 0)
        work.bytes_unfiltered += image.width * image.height * samples * max(depth, 8) // 8
        prepare(image)

    return unfiltering


def _unfiltering_tiff(prepare: Any, work: Work) -> Any:
    def unfiltering(image: Any) -> None:
        tags, pixels = image.tag_v2, image.width * image.height
        bits = max(tags.get(258, (1,))) * tags.get(277, 1)
        work.bytes_unfiltered += pixels * bits // 8
        if image.info.get("compression") == "jpeg":
            data = image.fp.getvalue()
            starts = tags.get(273) or tags.get(324) or (0,)
            sizes = tags.get(279) or tags.get(325) or (len(data),)
            blocks = zip(starts, sizes, strict=False)
            counts = [data.count(b"\xff\xda", at, at + size) for at, size in blocks]
            work.pixels_passed += sum(counts) * pixels // len(counts)
        prepare(image)

    return unfiltering


def _opening_webp(opening: Any, work: Work) -> Any:
    def counting(image: Any) -> None:
        work.code_blocks += webp_header.count_code_blocks(image.fp.getvalue())
        opening(image)

    return counting


def _looking(look: Any, work: Work) -> Any:
    def looking(image: np.ndarray, score: float) -> np.ndarray:
        work.looks += 1
        work.pixels_looked_at += image.shape[0] * image.shape[1]
        rows: np.ndarray = look(image, score)
        return rows

    return looking
