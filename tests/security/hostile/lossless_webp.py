"""Builders of lossless WebPs (RFC 9649, section 3) with as many prefix codes as may be."""

import struct

import numpy as np
from built import encode, riff, webp_chunks
from oversized import ROOM
from PIL import Image

ALPHA = b"ALPH"  # codespell:ignore
GROUPS = 2**16  # as many as a file can number


class Bits:
    """A stream of bits, lowest bit of each byte first."""

    def __init__(self) -> None:
        self.done = bytearray()
        self.value = self.count = 0

    def put(self, value: int, count: int) -> None:
        self.value |= value << self.count
        self.count += count
        whole = self.count // 8 * 8
        self.done += (self.value & ((1 << whole) - 1)).to_bytes(whole // 8, "little")
        self.value, self.count = self.value >> whole, self.count - whole

    def packed(self, room: int = 64) -> bytes:
        return bytes(self.done) + bytes((self.value & 255,)) + bytes(room)


def one_symbol(bits: Bits) -> None:
    """A prefix code of the symbol 0 only, which takes no bits."""
    bits.put(0b0001, 4)


def eight_bits(bits: Bits) -> None:
    """A prefix code in which each of the symbols 0 to 255 takes eight bits."""
    bits.put(0, 1)
    bits.put(12 - 4, 4)
    for length in (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8):
        bits.put(1 if length in (0, 8) else 0, 3)
    bits.put(1, 1)  # 256 lengths follow, the others are 0
    bits.put(3, 3)
    bits.put(256 - 2, 8)
    bits.put((1 << 256) - 1, 256)  # each of length 8


def long_codes(bits: Bits) -> None:
    """A prefix code of 16 symbols whose lengths are 1 to 15 bits: it needs a second table."""
    bits.put(0, 1)
    bits.put(19 - 4, 4)
    for length in (17, 18, 0, 1, 2, 3, 4, 5, 16, *range(6, 16)):
        bits.put(4 if 1 <= length <= 15 else 4 if length == 0 else 0, 3)
    bits.put(1, 1)
    bits.put(2, 3)
    bits.put(16 - 2, 6)
    for length in (*range(1, 16), 15):
        bits.put(int(f"{length:04b}"[::-1], 2), 4)


def predicted(bits: Bits) -> None:
    """The transforms: "select", the slowest predictor; colours; green taken from the others."""
    for kind, symbol in ((0, 11), (1, 3)):
        bits.put(1 | kind << 1 | 7 << 3, 6)  # blocks of 512×512
        bits.put(0, 1)
        bits.put(0b101 | symbol << 3, 11)  # a code of one symbol for green
        for _ in range(4):
            one_symbol(bits)
    bits.put(1 | 2 << 1, 3)


def stream(
    width: int, height: int, side: int = 4, groups: int = GROUPS, *, slow: bool = False
) -> bytes:
    """Pixels in blocks of `side` × `side` that use `groups` groups in turn (a multiple of eight).

    All pixels are the same and take no bits, or, if `slow`, random ones of about six bits.
    """
    bits = Bits()
    if slow:
        predicted(bits)
    bits.put(0, 1)  # no further transform
    bits.put(0b10111 if slow else 0, 5 if slow else 1)  # a colour cache of 2^11, or none
    bits.put(1 | (side.bit_length() - 3) << 1, 4)
    bits.put(0, 1)
    for code in (eight_bits, eight_bits, one_symbol, one_symbol, one_symbol):
        code(bits)
    numbers = b"".join(struct.pack("<H", n) for n in range(groups))
    blocks = -(-width // side) * -(-height // side)
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
    numbers = (numbers * -(-blocks // groups))[: 2 * blocks].translate(mirrored)
    bits.put(int.from_bytes(numbers, "little"), 16 * blocks)
    group = Bits()
    for _ in range(3):
        (long_codes if slow else one_symbol)(group)
    for _ in range(2):  # alpha and distances
        one_symbol(group)
    size, value = 8 * len(group.done) + group.count, int.from_bytes(group.packed(0), "little")
    eight = value * ((1 << size * 8) - 1) // ((1 << size) - 1)  # in whole bytes
    codes = eight.to_bytes(size, "little") * (groups // 8)
    bits.put(int.from_bytes(codes, "little"), 8 * len(codes))
    return bits.packed() + (np.random.default_rng(0).bytes(ROOM - len(bits.done)) if slow else b"")


def still(
    width: int, height: int, side: int = 4, groups: int = GROUPS, *, slow: bool = False
) -> bytes:
    return riff((b"VP8L", _body(width, height, side, groups, slow)))


def _body(width: int, height: int, side: int, groups: int, slow: bool) -> bytes:
    size = (width - 1) | (height - 1) << 14
    return b"\x2f" + struct.pack("<I", size) + stream(width, height, side, groups, slow=slow)


def animated(width: int, height: int) -> bytes:
    """Two frames, of which only the first is decoded as a photo."""
    return animation(width, height, [still(width, height)] * 2)


def animation(width: int, height: int, stills: list[bytes]) -> bytes:
    """Lossless pictures of this size as the frames of an animation."""
    head = struct.pack("<I", 2) + _three(width - 1) + _three(height - 1)
    frame = bytes(6) + _three(width - 1) + _three(height - 1) + _three(100) + b"\0"
    bodies = [frame + riff(webp_chunks(each)[0])[12:] for each in stills]
    return riff((b"VP8X", head), (b"ANIM", bytes(6)), *((b"ANMF", body) for body in bodies))


def with_alpha(width: int, height: int) -> bytes:
    """A lossy picture whose alpha is such a stream."""
    picture = Image.new("RGBA", (width, height), (9, 9, 9, 9))
    chunks = webp_chunks(encode(picture, "WEBP", method=0))
    alpha = b"\1" + stream(width, height)
    return riff(*((kind, alpha if kind == ALPHA else body) for kind, body in chunks))


def _three(value: int) -> bytes:
    return value.to_bytes(3, "little")
