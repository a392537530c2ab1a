"""Bytes → image: limits, and unreadable files."""

import struct
import subprocess
import sys

import numpy as np
import pytest
from counted_work import counted
from images import FORMATS, encode, png_claiming, quarters, tiff_with_tile
from oversized import jpeg_tiff
from PIL import Image, PngImagePlugin, TiffImagePlugin

from fer_core.errors import ImageError
from fer_core.imaging import decode, header_limits

# pytest brings its own warning filters; `test_nothing_is_printed` is the test of the library's.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


def refused(data: bytes) -> str:
    """The error message of `decode`, which must suit a user."""
    with pytest.raises(ImageError) as caught:
        decode.decode(data)
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
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "Video"),
        (b"PK\x03\x04rest", "ZIP"),
        *((b"\0\0\0\x10ftyp" + brand + bytes(4), "HEIC") for brand in (b"heim", b"hevc", b"msf1")),
        *((b"\0\0\0\x10ftyp" + brand + bytes(4), "AVIF") for brand in (b"avif", b"avis")),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\1\0\1\0", "icon"),
        (b"P5\n4 4\n255\n", "PGM"),
        (b"\x1a\x45\xdf\xa3", "Video"),
        (b"RIFF\0\0\0\0AVI LIST", "Video"),
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
    whole = decode.decode(data)
    for cut in [*range(1, len(data) - 16, 97), *range(len(data) - 16, len(data))]:
        try:
            rgb = decode.decode(data[:cut])
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
            rgb = decode.decode(damaged.tobytes())
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


def test_bytes_are_limited_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("was opened"))
    assert "20 MB" in refused(b"\xff\xd8\xff" + bytes(decode.MAX_BYTES))


def test_file_of_exactly_the_limit_is_read():
    data = encode(quarters(), "PNG")
    assert decode.decode(data + bytes(decode.MAX_BYTES - len(data))).shape == (32, 64, 3)


@pytest.mark.parametrize(
    "size", [(60_000, 60_000), (9_000, 9_000), (7_072, 7_072), (50_000_001, 1)]
)
def test_pixels_are_limited_before_they_are_decoded(size):
    with counted() as work:
        message = refused(png_claiming(*size))
    assert "million" in message
    assert work.canvas_pixels == 0
    assert work.bytes_read < 1000


def test_picture_of_exactly_the_limit_is_read(monkeypatch):
    monkeypatch.setattr(decode, "MAX_PIXELS", 64 * 32)
    data = encode(quarters(), "PNG")
    assert decode.decode(data).shape == (32, 64, 3)
    monkeypatch.setattr(decode, "MAX_PIXELS", 64 * 32 - 1)
    assert "64 × 32" in refused(data)


def test_webp_canvas_is_limited_before_its_decoder_is_made(monkeypatch):
    """The decoder sets memory for the whole canvas aside, twice."""
    frames = {"save_all": True, "append_images": [Image.new("RGBA", (16, 16))]}
    data = bytearray(encode(Image.new("RGBA", (16, 16), (1, 2, 3, 4)), "WEBP", **frames))
    start = data.find(b"VP8X") + 12
    data[start : start + 6] = (12_000).to_bytes(3, "little") * 2
    monkeypatch.setattr("PIL._webp.WebPAnimDecoder", lambda _: pytest.fail("was made"))
    assert "million" in refused(bytes(data))


def test_tiff_packed_with_lzma_is_limited(monkeypatch):
    """Unpacking one of 50 million pixels takes a second by itself."""
    data = encode(quarters(), "TIFF", compression="lzma")
    monkeypatch.setattr(decode, "MAX_LZMA_BYTES", 64 * 32 * 3)
    assert decode.decode(data).shape == (32, 64, 3)
    monkeypatch.setattr(decode, "MAX_LZMA_BYTES", 64 * 32 * 3 - 1)
    assert "LZMA" in refused(data)


def test_what_photoshop_adds_is_read_up_to_a_limit():
    part = b"8BIM" + bytes(8)
    data = encode(quarters(), "JPEG")

    def with_parts(count: int) -> bytes:
        body = b"Photoshop 3.0\0" + part * 1000
        segment = b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body
        return data[:2] + segment * (count // 1000) + data[2:]

    assert decode.decode(with_parts(header_limits.MAX_PHOTOSHOP_BLOCKS)).shape == (32, 64, 3)
    assert "segments" in refused(with_parts(header_limits.MAX_PHOTOSHOP_BLOCKS + 1000))


def test_tiff_of_a_long_table_is_refused_before_pillow_reads_it(monkeypatch):
    """Pillow makes an object of every number, 2 s for 19 MB of them."""
    palette = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).convert("P")
    data = encode(palette, "TIFF")  # with a colour map of 768 numbers
    assert decode.decode(data).shape == (8, 8, 3)
    monkeypatch.setattr(header_limits, "MAX_TIFF_VALUES", 767)
    monkeypatch.setattr("PIL.TiffImagePlugin.TiffImageFile._open", lambda _: pytest.fail("read"))
    assert "table" in refused(data)


def test_tiff_tile_larger_than_its_picture_is_limited():
    assert decode.decode(tiff_with_tile(64, 128)).shape == (64, 64, 3)
    refused(tiff_with_tile(64, 8192))


def test_jpeg_of_too_many_passes():
    data = encode(quarters(), "JPEG", progressive=True)
    last = data[data.rfind(b"\xff\xda") : -2]
    assert decode.decode(data[:-2] + last * 10 + b"\xff\xd9").shape == (32, 64, 3)
    assert "passes" in refused(data[:-2] + last * 200 + b"\xff\xd9")


def test_progressive_jpeg_whose_coefficients_are_too_many(monkeypatch):
    data = encode(quarters(), "JPEG", progressive=True, subsampling=0)
    monkeypatch.setattr(decode, "MAX_JPEG_BYTES", 1)
    monkeypatch.setattr(decode, "MAX_COEFFICIENT_BYTES", 64 * 32 * 6 - 1)
    assert "progressive" in refused(data)


def test_png_text_bomb():
    text = PngImagePlugin.PngInfo()
    text.add_text("comment", "b" * 80_000_000, zip=True)
    refused(encode(quarters(), "PNG", pnginfo=text))


def test_picture_without_pixels():
    refused(png_claiming(0, 0))
    refused(png_claiming(0, 10))
    refused(b"GIF89a" + struct.pack("<HHBBB", 0, 0, 0, 0, 0) + b";")


def test_nothing_is_printed():
    """In a fresh process, since pytest has its own way with warnings."""
    code = (
        "import sys; from fer_core.imaging import decode\n"
        "from fer_core.errors import ImageError\n"
        "decode.guard_process()\n"
        "try: decode.decode(sys.stdin.buffer.read())\n"
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


@pytest.mark.parametrize(
    ("picture", "limit", "size"),
    [
        (quarters(), "MAX_PNG_BYTES", 64 * 32 * 3),
        (quarters().convert("RGBA"), "MAX_PNG_BYTES", 64 * 32 * 4),
        (quarters().convert("LA"), "MAX_PNG_BYTES", 64 * 32 * 2),
        (Image.new("I;16", (64, 32)), "MAX_DEEP_PNG_BYTES", 64 * 32 * 2),
    ],
    ids=["RGB", "RGBA", "grey and alpha", "16-bit grey"],
)
def test_png_is_limited_by_its_bytes(monkeypatch, picture, limit, size):
    data = encode(picture, "PNG")
    monkeypatch.setattr(decode, limit, size)
    assert decode.decode(data).shape == (32, 64, 3)
    monkeypatch.setattr(decode, limit, size - 1)
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda _: pytest.fail("was loaded"))
    assert "MB uncompressed" in refused(data)


def test_tiff_is_limited_by_the_bytes_of_its_tiles(monkeypatch):
    """A tile may be larger than the picture."""
    data = tiff_with_tile(64, 128)
    monkeypatch.setattr(decode, "MAX_TIFF_BYTES", 128 * 128)
    assert decode.decode(data).shape == (64, 64, 3)
    monkeypatch.setattr(decode, "MAX_TIFF_BYTES", 128 * 128 - 1)
    assert "MB uncompressed" in refused(data)


@pytest.mark.parametrize("tile", [None, 32])
def test_passes_of_a_jpeg_in_a_tiff_are_counted_before_it_is_decoded(monkeypatch, tile):
    """Also where all tiles share the same one; ten passes are ordinary."""
    assert decode.decode(jpeg_tiff(0, 64, tile)).shape == (64, 64, 3)
    assert decode.decode(jpeg_tiff(2, 64, tile)).shape == (64, 64, 3)
    monkeypatch.setattr(TiffImagePlugin.TiffImageFile, "load", lambda _: pytest.fail("was loaded"))
    assert "passes" in refused(jpeg_tiff(3, 64, tile))


def test_tiff_of_many_ordinary_jpegs_is_read():
    """The passes of one count, not those of all."""
    data = encode(quarters(), "TIFF", compression="jpeg", tiffinfo={278: 8})
    assert data.count(b"\xff\xda") == 4
    assert decode.decode(data).shape == (32, 64, 3)
