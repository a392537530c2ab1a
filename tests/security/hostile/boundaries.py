"""Ends of the parts of a file's header: a file cut there may look complete."""

import re
import struct


def find_cuts(data: bytes) -> list[int]:
    """Find every offset to cut at, in order; neither 0 nor the file's length."""
    for signature, parse in (
        (b"\xff\xd8", _jpeg),
        (b"\x89PNG", _png),
        (b"RIFF", _webp),
        (b"BM", _bmp),
        (b"GIF", _gif),
        (b"II", _tiff),
        (b"MM", _tiff),
    ):
        if data.startswith(signature):
            return sorted({cut for cut in parse(data) if 0 < cut < len(data)})
    raise ValueError(data[:8])


def pixels_start(data: bytes) -> int:
    """Find where the pixels start: a file cut before that must be rejected."""
    if data.startswith(b"\xff\xd8"):
        return data.index(b"\xff\xda")
    if data.startswith(b"\x89PNG"):
        return data.index(b"IDAT") + 4
    if data.startswith(b"RIFF"):
        return max(data.find(kind) for kind in (b"VP8 ", b"VP8L")) + 8
    if data.startswith(b"BM"):
        return int.from_bytes(data[10:14], "little")
    if data.startswith(b"GIF"):
        return data.index(b",\0\0\0\0") + 11
    return 8  # a TIFF's pixels may lie before its header


def _jpeg(data: bytes) -> list[int]:
    cuts, at = [1, 2], 2
    while found := re.compile(rb"\xff[^\x00\xff\xd0-\xd9]").search(data, at):
        size = int.from_bytes(data[found.end() : found.end() + 2], "big")
        at = found.end() + size
        cuts += [found.start(), found.start() + 1, found.end(), found.end() + 2, at - 1, at]
    return [*cuts, (at + len(data)) // 2, len(data) - 2, len(data) - 1]


def _png(data: bytes) -> list[int]:
    cuts, at = [4, 8], 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        cuts += [at + 4, at + 8, at + 8 + size // 2, at + 8 + size, at + 12 + size]
        at += 12 + size
    return cuts


def _webp(data: bytes) -> list[int]:
    cuts, at = [4, 8, 12], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        cuts += [at + 4, at + 8, at + 18, at + 8 + size // 2, at + 8 + size]
        at += 8 + size + size % 2
    return cuts


def _bmp(data: bytes) -> list[int]:
    start = int.from_bytes(data[10:14], "little")
    fields = [1, 2, 6, 10, 14, 18, 22, 26, 28, 30, 34, 38, 42, 46, 50, 54]
    return [*fields, (54 + start) // 2, start - 1, start, (start + len(data)) // 2, len(data) - 1]


def _gif(data: bytes) -> list[int]:
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    cuts = [3, 6, 8, 10, 11, 13, (13 + at) // 2, at]
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x2C:
            flags = data[at + 9]
            body = at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            cuts += [at + 1, at + 5, at + 9, at + 10, body, body + 1]
            at = body + 1
        else:
            cuts += [at + 1, at + 2]
            at += 2
        while data[at]:
            cuts += [at + 1, at + 1 + data[at]]
            at += 1 + data[at]
        at += 1
        cuts.append(at)
    return cuts


def _tiff(data: bytes) -> list[int]:
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    table = [at + 2 + 12 * i for i in range(count + 1)]
    cuts = [2, 4, 8, at // 2, at, at + 1, *table, *(t + 8 for t in table), table[-1] + 4]
    return [*cuts, (table[-1] + len(data)) // 2, len(data) - 1]
