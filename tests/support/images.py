"""Small synthetic images as file contents."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")


def encode(image: Image.Image, format_: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def quarters() -> Image.Image:
    """64×32 image: red and green above blue and white."""
    pixels = np.empty((32, 64, 3), np.uint8)
    pixels[:16, :32], pixels[:16, 32:], pixels[16:, :32], pixels[16:, 32:] = RED, GREEN, BLUE, WHITE
    return Image.fromarray(pixels)


def png_claiming(width: int, height: int, pixels: bytes = bytes(1000)) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff_with_tile(side: int, tile: int, samples: int = 1) -> bytes:
    """A grey image of side² pixels whose only deflated tile unpacks to tile² bytes."""
    pixels = zlib.compress(bytes(tile * tile))
    pixels += bytes(len(pixels) % 2)
    long, short = 4, 3
    tags = [(256, long, side), (257, long, side), (258, short, 8), (259, short, 8), (262, short, 1)]
    tags += [(277, short, samples), (322, long, tile), (323, long, tile), (324, long, 8)]
    tags += [(325, long, len(pixels))]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<I", 8 + len(pixels))
    return head + pixels + struct.pack("<H", len(tags)) + rows + bytes(4)
