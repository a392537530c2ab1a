"""Truncated files: each format cut at the end of each part of its header."""

from functools import partial

import boundaries
from cases import Case, good

#: One file per structure of each format.
CUT = ("JPEG", "progressive JPEG", "PNG", "animated PNG", "WEBP", "lossless WEBP")
CUT += ("animated WEBP", "BMP", "palette BMP", "GIF", "animated GIF", "TIFF", "JPEG TIFF")


def cases() -> dict[str, Case]:
    found: dict[str, Case] = {}
    seen: set[bytes] = set()
    for kind in CUT:
        data = good(kind)
        early = boundaries.pixels_start(data)
        for cut in boundaries.find_cuts(data):
            if data[:cut] in seen:
                continue  # formats begin alike
            seen.add(data[:cut])
            expects = "sentence" if cut <= early else "either"
            found[f"cut {kind}: at {cut}"] = Case(partial(_cut, kind, cut), expects)
    return found


def _cut(kind: str, at: int) -> bytes:
    return good(kind)[:at]
