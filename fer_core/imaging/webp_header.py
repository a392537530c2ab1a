"""What a WebP's header says about the memory that its decoder will need.

The pixels of a lossless WebP (and the lossless alpha of a lossy one) may be divided into blocks of
4×4 to 512×512, each with its own group of five prefix codes. The decoder makes a table of 5 to 20
kB of every group, whatever the size of the file. The size of the blocks follows after the
transforms, whose own small images are therefore read here, without their values. Specification:
RFC 9649, section 3.
"""

from collections.abc import Iterator

from fer_core.errors import ImageError

MAX_CODE_BLOCKS = 5_000  # libwebp has always made fewer than 4,000
MAX_TRANSFORM_PIXELS = 200_000  # all transforms together; encoders use up to one per 128 px
_TOO_MANY_BLOCKS = "The WebP is encoded in far more blocks than a photo; please re-save it."
_ALPHA = b"ALPH"  # codespell:ignore
_CODE_LENGTH_ORDER = (17, 18, 0, 1, 2, 3, 4, 5, 16, *range(6, 16))
_N_LITERALS, _N_LENGTHS, _N_DISTANCES = 256, 24, 40
_MAX_CODE_LENGTH = 15

#: A prefix code as a table over the next bits of the stream: (bits used, symbol) per entry.
_Table = list[tuple[int, int]]


def read_webp_size(data: bytes) -> tuple[int, int] | None:
    """Read width and height from the first chunk of a WebP; None for other files."""
    kind, body = data[12:16], data[20:30]
    if not data.startswith(b"RIFF") or data[8:12] != b"WEBP" or len(body) < 10:
        return None
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
        return width, height
    if kind == b"VP8L":
        return _lossless_size(body)
    if kind == b"VP8 ":
        return _lossy_size(body)
    return None


def check_code_blocks(data: bytes, all_pictures: bool = False) -> None:
    """Raise `ImageError` for a WebP of more than MAX_CODE_BLOCKS, ValueError for a damaged one."""
    if data[8:12] == b"WEBP" and count_code_blocks(data, all_pictures) > MAX_CODE_BLOCKS:
        raise ImageError(_TOO_MANY_BLOCKS)


def count_code_blocks(data: bytes, all_pictures: bool = False) -> int:
    """Count the blocks that may have their own prefix codes, in the first picture of a WebP.

    Args:
        data: the file.
        all_pictures: count in every frame of an animation.

    Returns:
        The largest number, of a picture or its alpha; 0 where none is lossless.

    Raises:
        ValueError: it is damaged.
        ImageError: its transforms are larger than any encoder makes them.
    """
    blocks, alpha = 0, b""
    for kind, body in _picture_chunks(data, all_pictures):
        if kind == _ALPHA and body[:1] and body[0] & 3 == 1:  # compressed without loss
            alpha = body[1:]
        elif kind == b"VP8L":
            stream = _Stream(body[5:])
            blocks = max(blocks, stream.count_code_blocks(*_lossless_size(body)))
        elif kind == b"VP8 " and alpha:
            blocks = max(blocks, _Stream(alpha).count_code_blocks(*_lossy_size(body)))
            alpha = b""
    return blocks


def _lossless_size(body: bytes) -> tuple[int, int]:
    bits = int.from_bytes(body[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _lossy_size(body: bytes) -> tuple[int, int]:
    width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
    return width, height


def _chunks(data: bytes, start: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the body of each chunk, until the data end."""
    while start + 8 <= len(data):
        kind, size = data[start : start + 4], int.from_bytes(data[start + 4 : start + 8], "little")
        yield kind, data[start + 8 : start + 8 + size]
        start += 8 + size + size % 2


def _picture_chunks(data: bytes, all_pictures: bool) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a still picture, or of an animation's first or of all frames."""
    for kind, body in _chunks(data, 12):
        picture = list(_chunks(body, 16)) if kind == b"ANMF" else [(kind, body)]
        yield from picture
        if not all_pictures and any(kind in (b"VP8 ", b"VP8L") for kind, _ in picture):
            return


class _Stream:
    """The bits of a lossless picture behind its size, lowest bit of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0  # in bits
        self._transform_pixels = 0

    def count_code_blocks(self, width: int, height: int) -> int:
        """Read the transforms of a picture of this size; return its number of blocks."""
        kinds = set()
        while self._bits(1):
            kind = self._bits(2)
            if kind in kinds:
                raise ValueError("a transform comes twice")
            kinds.add(kind)
            if kind in (0, 1):  # predictor, colour
                self._skip_image(*self._blocks(width, height))
            elif kind == 3:  # palette; several narrow pixels are packed into one
                colours = self._bits(8) + 1
                self._skip_image(colours, 1)
                width = -(-width >> sum(colours <= n for n in (2, 4, 16)))
        if self._bits(1):
            self._bits(4)  # size of the colour cache
        if not self._bits(1):
            return 1
        across, down = self._blocks(width, height)
        return across * down

    def _blocks(self, width: int, height: int) -> tuple[int, int]:
        side = 4 << self._bits(3)
        return -(-width // side), -(-height // side)

    def _bits(self, count: int) -> int:
        value = self._peek() & ((1 << count) - 1)
        self._position += count
        return value

    def _peek(self) -> int:
        """The next 64 bits or more; zeros behind the end, where the decoder will fail."""
        first = self._position >> 3
        return int.from_bytes(self._data[first : first + 9], "little") >> (self._position & 7)

    def _skip_image(self, width: int, height: int) -> None:
        """Read a transform's image, whose pixels need not be known."""
        left = width * height
        self._transform_pixels += left
        if self._transform_pixels > MAX_TRANSFORM_PIXELS:
            raise ImageError(_TOO_MANY_BLOCKS)
        cached = 1 << self._bits(4) if self._bits(1) else 0
        green = self._read_code(_N_LITERALS + _N_LENGTHS + cached)
        others = [self._read_code(_N_LITERALS) for _ in range(3)]
        distance = self._read_code(_N_DISTANCES)
        others = [table for table in others if len(table) > 1]  # the rest take no bits
        while left > 0:
            bits = self._peek()
            used, symbol = green[bits & (len(green) - 1)]
            left -= 1
            if symbol < _N_LITERALS:
                for table in others:
                    used += table[bits >> used & (len(table) - 1)][0]
            elif symbol < _N_LITERALS + _N_LENGTHS:  # a copy of earlier pixels
                extra, length = _extra_bits(symbol - _N_LITERALS)
                left -= length + (bits >> used & ((1 << extra) - 1))
                used += extra
                taken, symbol = distance[bits >> used & (len(distance) - 1)]
                used += taken + _extra_bits(symbol)[0]
            self._position += used

    def _read_code(self, n_symbols: int) -> _Table:
        lengths = [0] * n_symbols
        if self._bits(1):
            is_second, is_byte = self._bits(1), self._bits(1)
            lengths[self._bits(8 if is_byte else 1)] = 1
            if is_second:
                lengths[self._bits(8)] = 1
            return _table(lengths)
        length_lengths = [0] * len(_CODE_LENGTH_ORDER)
        for symbol in _CODE_LENGTH_ORDER[: self._bits(4) + 4]:
            length_lengths[symbol] = self._bits(3)
        table = _table(length_lengths)
        left = 2 + self._bits(2 + 2 * self._bits(3)) if self._bits(1) else n_symbols
        place, previous = 0, 8
        while place < n_symbols and left > 0:
            left -= 1
            used, length = table[self._peek() & (len(table) - 1)]
            self._position += used
            count = 1
            if length <= _MAX_CODE_LENGTH:
                previous = length or previous
            else:
                base, extra = ((3, 2), (3, 3), (11, 7))[length - 16]
                count = base + self._bits(extra)
                length = previous if length == 16 else 0
            lengths[place : place + count] = [length] * count
            place += count
        if place > n_symbols:
            raise ValueError("a code has too many lengths")
        return _table(lengths)


def _extra_bits(symbol: int) -> tuple[int, int]:
    """Number of extra bits after a length's symbol, and the number of pixels but one without."""
    if symbol < 4:
        return 0, symbol
    extra = symbol - 2 >> 1
    return extra, 2 + (symbol & 1) << extra


def _table(lengths: list[int]) -> _Table:
    """Build the canonical prefix code of these lengths; its bits come highest first."""
    symbols = sorted((length, symbol) for symbol, length in enumerate(lengths) if length)
    if len(symbols) == 1:
        return [(0, symbols[0][1])]
    longest = symbols[-1][0] if symbols else 0
    table: _Table = [(0, 0)] * (1 << longest)
    code = 0
    for length, symbol in symbols:
        if code >= 1 << longest:
            break
        first = int(f"{code >> longest - length:0{length}b}"[::-1], 2)
        table[first :: 1 << length] = [(length, symbol)] * (1 << longest - length)
        code += 1 << longest - length
    if code != 1 << longest or not symbols:
        raise ValueError("a prefix code is not complete")
    return table
