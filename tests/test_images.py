"""Bytes → picture: every format and mode, orientation, limits and what cannot be read."""

import io
import struct
import subprocess
import sys
import time
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from fer_core import images
from fer_core.errors import ImageError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
# pytest brings its own warning filters; `test_nothing_is_printed` is the test of the library's.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")


def encode(picture: Image.Image, format_: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def quarters() -> Image.Image:
    """64×32: red, green above blue, white."""
    pixels = np.empty((32, 64, 3), np.uint8)
    pixels[:16, :32], pixels[:16, 32:], pixels[16:, :32], pixels[16:, 32:] = RED, GREEN, BLUE, WHITE
    return Image.fromarray(pixels)


def corners(rgb: np.ndarray) -> list[tuple[int, ...]]:
    """Colours of the four quarters' middles, in reading order."""
    h, w = rgb.shape[:2]
    spots = ((h // 4, w // 4), (h // 4, 3 * w // 4), (3 * h // 4, w // 4), (3 * h // 4, 3 * w // 4))
    return [tuple(rgb[spot].tolist()) for spot in spots]


def assert_corners(rgb: np.ndarray, expected: list[tuple[int, int, int]], within: int = 0) -> None:
    assert np.abs(np.array(corners(rgb)) - np.array(expected)).max() <= within, corners(rgb)


@pytest.mark.parametrize("format_", FORMATS)
def test_formats(format_):
    rgb = images.decode(encode(quarters(), format_))
    assert rgb.shape == (32, 64, 3)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous
    assert rgb.flags.writeable
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0, "quality": 95}])
def test_jpeg_flavours(options):
    rgb = images.decode(encode(quarters(), "JPEG", **options))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_compressions(compression):
    rgb = images.decode(encode(quarters(), "TIFF", compression=compression))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE])


def test_phone_photo_of_several_pictures_gives_the_first():
    data = encode(quarters(), "MPO", save_all=True, append_images=[quarters().rotate(180)])
    assert_corners(images.decode(data), [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "TIFF"])
def test_animation_gives_the_first_frame(format_):
    frames = {"save_all": True, "append_images": [quarters().rotate(180)]}
    rgb = images.decode(encode(quarters(), format_, **frames))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


# EXIF orientation → what the camera stored, as a function of the upright pixels.
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: lambda a: np.rot90(a, 3),
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_exif_orientation(format_, orientation):
    upright = np.array(quarters())
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](upright)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if format_ == "WEBP" else {}
    rgb = images.decode(encode(stored, format_, exif=exif, **options))
    assert rgb.shape == upright.shape
    assert rgb.flags.c_contiguous
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6 if format_ == "JPEG" else 0)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"\0" * 40]
)
def test_damaged_exif_does_not_cost_the_photo(exif):
    rgb = images.decode(encode(quarters(), "JPEG", exif=exif))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_grey(format_):
    ramp = np.repeat(np.arange(0, 256, 8, dtype=np.uint8)[None], 32, axis=0)
    rgb = images.decode(encode(Image.fromarray(ramp), format_))
    assert np.abs(rgb.astype(int) - ramp[..., None]).max() <= (8 if format_ == "WEBP" else 3)


@pytest.mark.parametrize("format_", ["PNG", "BMP", "GIF", "TIFF"])
def test_palette(format_):
    rgb = images.decode(encode(quarters().quantize(16), format_))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=8)


@pytest.mark.parametrize("format_", ["PNG", "BMP", "GIF", "TIFF"])
def test_one_bit(format_):
    bits = Image.fromarray(np.eye(8, dtype=bool))
    assert np.array_equal(images.decode(encode(bits, format_))[..., 0], np.eye(8) * 255)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "WEBP"])
def test_transparency_becomes_white(format_):
    pixels = np.zeros((8, 24, 4), np.uint8)
    pixels[:, 8:16], pixels[:, 16:] = (255, 0, 0, 128), (255, 0, 0, 255)
    options = {"lossless": True, "exact": True} if format_ == "WEBP" else {}
    rgb = images.decode(encode(Image.fromarray(pixels), format_, **options))
    assert rgb[4, [4, 12, 20]].tolist() == [[255, 255, 255], [255, 127, 127], [255, 0, 0]]


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_grey_with_alpha_becomes_white(format_):
    pixels = np.zeros((8, 16, 2), np.uint8)
    pixels[:, 8:, 1] = 255
    rgb = images.decode(encode(Image.fromarray(pixels, "LA"), format_))
    assert rgb[4, [4, 12], 0].tolist() == [255, 0]


@pytest.mark.parametrize("format_", ["PNG", "GIF"])
@pytest.mark.parametrize("several", [False, True])
def test_transparent_palette_becomes_white(format_, several):
    picture = Image.new("P", (16, 8), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (8, 0, 16, 8))
    transparency = bytes([0, 255]) if several and format_ == "PNG" else 0
    rgb = images.decode(encode(picture, format_, transparency=transparency))
    assert rgb[4, [4, 12]].tolist() == [[255, 255, 255], [0, 0, 255]]


def test_transparent_colour_of_rgb_and_grey_png():
    rgb = images.decode(encode(Image.new("RGB", (4, 4), RED), "PNG", transparency=RED))
    assert rgb[0, 0].tolist() == [255, 255, 255]
    rgb = images.decode(encode(Image.new("L", (4, 4), 7), "PNG", transparency=7))
    assert rgb[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
def test_cmyk(format_):
    """Also the inverted CMYK that Adobe writes into a JPEG, as Pillow does."""
    rgb = images.decode(encode(quarters().convert("CMYK"), format_))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
@pytest.mark.parametrize("dtype", ["<u2", ">u2"])
def test_16_bit_grey_is_scaled(format_, dtype):
    values = np.array([[0, 257, 128 * 257, 65535]], np.uint16)
    mode = "I;16" if dtype == "<u2" else "I;16B"
    data = values.astype(dtype).tobytes()
    picture = Image.frombytes(mode, (4, 1), data)
    assert images.decode(encode(picture, format_))[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 128, 255], [0, 128, 255]),
        ([0, 32896, 65535], [0, 128, 255]),
        ([-1000, 0, 1000], [0, 128, 255]),
        ([-(2**31), 0, 2**31 - 1], [0, 128, 255]),
        ([-7, -7, -7], [0, 0, 0]),
    ],
)
def test_32_bit_integers(values, expected):
    picture = Image.fromarray(np.array([values], np.int32))
    assert images.decode(encode(picture, "TIFF"))[0, :, 0].tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 128.0, 255.0], [0, 128, 255]),
        ([0.0, np.nan, 1.0], [0, 0, 255]),
        ([-np.inf, 0.5, np.inf], [0, 128, 255]),
        ([np.nan, np.nan, np.nan], [0, 0, 0]),
        ([-3e38, 0.0, 3e38], [0, 128, 255]),
    ],
)
def test_floats(values, expected):
    picture = Image.fromarray(np.array([values], np.float32))
    got = images.decode(encode(picture, "TIFF"))[0, :, 0].astype(int)
    assert np.abs(got - expected).max() <= 1  # half of the range may round either way


@pytest.mark.parametrize("block", [1, 7, 64, 200])
@pytest.mark.parametrize("orientation", STORED)
def test_turned_picture_is_put_together_from_blocks(monkeypatch, orientation, block):
    upright = np.random.default_rng(0).integers(0, 256, (11, 17, 3), np.uint8)
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](upright)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    monkeypatch.setattr(images, "_BLOCK", block)
    assert np.array_equal(images.decode(encode(stored, "PNG", exif=exif)), upright)


@pytest.mark.parametrize("most", [15_000, 13_000])
@pytest.mark.parametrize("orientation", [1, 6])
def test_progressive_jpeg_too_large_to_hold_keeps_its_size(monkeypatch, orientation, most):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(quarters(), "JPEG", progressive=True, subsampling=0, exif=exif)
    whole = images.decode(data)
    monkeypatch.setattr(images, "MAX_JPEG_BYTES", 1)
    monkeypatch.setattr(images, "MAX_COEFFICIENTS", most)
    smaller = images.decode(data)
    assert smaller.shape == whole.shape
    assert not np.array_equal(smaller, whole)
    assert_corners(smaller, corners(whole), within=6)


def test_progressive_jpeg_whose_coefficients_are_too_many(monkeypatch):
    data = encode(quarters(), "JPEG", progressive=True, subsampling=0)
    monkeypatch.setattr(images, "MAX_JPEG_BYTES", 1)
    monkeypatch.setattr(images, "MAX_COEFFICIENTS", 64 * 32 * 6 - 1)
    assert "progressive" in refused(data)


def test_a_motion_photo_may_hold_any_bytes_behind_its_end():
    """A phone's video there is random enough to hold a hundred marks of a JPEG's pass."""
    data = encode(quarters(), "JPEG")
    assert images.decode(data + b"\xff\xda" * 1000).shape == (32, 64, 3)


def test_large_float_picture_is_converted_block_by_block(monkeypatch):
    values = np.random.default_rng(0).random((40, 50), np.float32)
    data = encode(Image.fromarray(values), "TIFF")
    whole = images.decode(data)
    monkeypatch.setattr(images, "_BLOCK", 7)
    assert np.array_equal(images.decode(data), whole)


# --- what cannot be read -------------------------------------------------------------------------


def refused(data: bytes) -> str:
    """The message `decode` refuses with: one sentence for a person."""
    with pytest.raises(ImageError) as caught:
        images.decode(data)
    message = str(caught.value)
    assert message[0].isupper()
    assert message.endswith(".")
    assert "\n" not in message
    assert "0x" not in message
    return message


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"hello, this is a letter", "JPEG"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\0" * 5000, "JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"PK\x03\x04rest", "ZIP"),
    ],
)
def test_other_files(data, word):
    assert word in refused(data)


@pytest.mark.parametrize("format_", ["PPM", "ICO", "TGA", "PCX", "JPEG2000", "EPS"])
def test_only_the_six_formats(format_):
    """Pillow reads many more, and an obscure decoder is a poorly tried one."""
    assert "TIFF" in refused(encode(quarters(), format_))


TRUNCATED = {
    "JPEG": {},
    "progressive JPEG": {"progressive": True},
    "PNG": {},
    "WEBP": {},
    "BMP": {},
    "GIF": {},
    "TIFF": {},
    "LZW TIFF": {"compression": "tiff_lzw"},
}


@pytest.mark.parametrize("kind", TRUNCATED)
def test_truncated(kind):
    """A cut file is refused, or the cut took nothing of the picture (a trailing end mark)."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    data = encode(Image.fromarray(noise), kind.split()[-1], **TRUNCATED[kind])
    whole = images.decode(data)
    for cut in [*range(1, len(data) - 16, 97), *range(len(data) - 16, len(data))]:
        try:
            rgb = images.decode(data[:cut])
        except ImageError:
            continue
        assert cut >= len(data) - 16
        assert np.array_equal(rgb, whole)
    refused(data[: len(data) // 2])


@pytest.mark.parametrize("format_", FORMATS)
def test_damaged_bytes_raise_nothing_but_image_error(format_):
    rng = np.random.default_rng(1)
    data = np.frombuffer(encode(quarters().resize((24, 20)), format_), np.uint8)
    for _ in range(150):
        damaged = data.copy()
        reach = min(len(data), 120) if rng.random() < 0.6 else len(data)  # mostly the header
        damaged[rng.integers(0, reach, 4)] = rng.integers(0, 256, 4)
        try:
            rgb = images.decode(damaged.tobytes())
        except ImageError:
            continue
        assert rgb.dtype == np.uint8
        assert rgb.ndim == 3
        assert rgb.shape[2] == 3


@pytest.mark.parametrize(
    "error", [MemoryError(), struct.error("x"), SyntaxError("x"), OverflowError(), RecursionError()]
)
def test_any_error_of_a_decoder_becomes_a_sentence(monkeypatch, error):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(Image, "open", fail)
    refused(b"anything")


# --- limits --------------------------------------------------------------------------------------


def png_claiming(width: int, height: int, pixels: bytes = bytes(1000)) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def tiff_with_tile(side: int, tile: int, samples: int = 1) -> bytes:
    """A grey picture of side² whose one deflated tile unpacks to tile² bytes."""
    pixels = zlib.compress(bytes(tile * tile))
    pixels += bytes(len(pixels) % 2)
    long, short = 4, 3
    tags = [(256, long, side), (257, long, side), (258, short, 8), (259, short, 8), (262, short, 1)]
    tags += [(277, short, samples), (322, long, tile), (323, long, tile), (324, long, 8)]
    tags += [(325, long, len(pixels))]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    head = b"II*\0" + struct.pack("<I", 8 + len(pixels))
    return head + pixels + struct.pack("<H", len(tags)) + rows + bytes(4)


def test_bytes_are_limited_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("was opened"))
    assert "20 MB" in refused(b"\xff\xd8\xff" + bytes(images.MAX_BYTES))


def test_file_of_exactly_the_limit_is_read():
    data = encode(quarters(), "PNG")
    assert images.decode(data + bytes(images.MAX_BYTES - len(data))).shape == (32, 64, 3)


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (9_000, 9_000), (7_072, 7_072), (50_000_001, 1)]
)
def test_pixels_are_limited_before_they_are_decoded(size):
    start = time.perf_counter()
    tracemalloc.start()
    message = refused(png_claiming(*size))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "million" in message
    assert peak < 2_000_000
    assert time.perf_counter() - start < 1


def test_picture_of_exactly_the_limit_is_read(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 64 * 32)
    data = encode(quarters(), "PNG")
    assert images.decode(data).shape == (32, 64, 3)
    monkeypatch.setattr(images, "MAX_PIXELS", 64 * 32 - 1)
    assert "64 × 32" in refused(data)


def test_webp_canvas_is_limited_before_its_decoder_is_made(monkeypatch):
    """The decoder sets memory for the whole canvas aside, twice."""
    frames = {"save_all": True, "append_images": [Image.new("RGBA", (16, 16))]}
    data = bytearray(encode(Image.new("RGBA", (16, 16), (1, 2, 3, 4)), "WEBP", **frames))
    start = data.find(b"VP8X") + 12
    data[start : start + 6] = (12_000).to_bytes(3, "little") * 2
    monkeypatch.setattr("PIL._webp.WebPAnimDecoder", lambda _: pytest.fail("was made"))
    assert "million" in refused(bytes(data))


def test_tiff_tile_larger_than_its_picture_is_limited():
    assert images.decode(tiff_with_tile(64, 128)).shape == (64, 64, 3)
    refused(tiff_with_tile(64, 8192))


def test_jpeg_of_too_many_passes():
    data = encode(quarters(), "JPEG", progressive=True)
    last = data[data.rfind(b"\xff\xda") : -2]
    assert images.decode(data[:-2] + last * 10 + b"\xff\xd9").shape == (32, 64, 3)
    assert "passes" in refused(data[:-2] + last * 200 + b"\xff\xd9")


def test_png_text_bomb():
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "b" * 80_000_000, zip=True)
    refused(encode(quarters(), "PNG", pnginfo=text))


def test_picture_without_pixels():
    refused(png_claiming(0, 0))
    refused(png_claiming(0, 10))
    refused(b"GIF89a" + struct.pack("<HHBBB", 0, 0, 0, 0, 0) + b";")


# --- silence and threads -------------------------------------------------------------------------


def test_nothing_is_printed():
    """In a fresh process, since pytest has its own way with warnings."""
    code = (
        "import sys; from fer_core import images\n"
        "from fer_core.errors import ImageError\n"
        "try: images.decode(sys.stdin.buffer.read())\n"
        "except ImageError: pass\n"
    )
    palette = Image.new("P", (16, 8), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    warned_of = [
        png_claiming(9_000, 9_000),  # DecompressionBombWarning
        encode(palette, "PNG", transparency=bytes([0, 255])),  # "should be converted to RGBA"
        encode(quarters(), "TIFF")[:-20],  # "Possibly corrupt EXIF data"
        tiff_with_tile(8, 16, samples=99),  # logged: "More samples per pixel than can be decoded"
    ]
    for data in warned_of:
        run = subprocess.run(
            [sys.executable, "-c", code], input=data, capture_output=True, check=True
        )
        assert run.stdout == run.stderr == b""


def test_threads():
    files = [encode(quarters(), format_) for format_ in FORMATS] * 8
    serial = [images.decode(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        for one, other in zip(serial, pool.map(images.decode, files), strict=True):
            assert np.array_equal(one, other)
