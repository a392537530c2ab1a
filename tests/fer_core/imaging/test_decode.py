"""Bytes → image: every format and mode, orientation, threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from images import BLUE, FORMATS, GREEN, RED, WHITE, encode, quarters
from PIL import Image

from fer_core.imaging import decode
from fer_core.imaging import rgb as rgb_conversion

# pytest brings its own warning filters; `test_nothing_is_printed` is the test of the library's.
pytestmark = pytest.mark.filterwarnings(r"ignore:::PIL\..*")


def corners(rgb: np.ndarray) -> list[tuple[int, ...]]:
    """Colours of the four quarters' middles, in reading order."""
    h, w = rgb.shape[:2]
    spots = ((h // 4, w // 4), (h // 4, 3 * w // 4), (3 * h // 4, w // 4), (3 * h // 4, 3 * w // 4))
    return [tuple(rgb[spot].tolist()) for spot in spots]


def assert_corners(rgb: np.ndarray, expected: list[tuple[int, int, int]], within: int = 0) -> None:
    assert np.abs(np.array(corners(rgb)) - np.array(expected)).max() <= within, corners(rgb)


@pytest.mark.parametrize("format_", FORMATS)
def test_formats(format_):
    rgb = decode.decode(encode(quarters(), format_))
    assert rgb.shape == (32, 64, 3)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous
    assert rgb.flags.writeable
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0, "quality": 95}])
def test_jpeg_flavours(options):
    rgb = decode.decode(encode(quarters(), "JPEG", **options))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_compressions(compression):
    rgb = decode.decode(encode(quarters(), "TIFF", compression=compression))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE])


def test_phone_photo_of_several_pictures_gives_the_first():
    data = encode(quarters(), "MPO", save_all=True, append_images=[quarters().rotate(180)])
    assert_corners(decode.decode(data), [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "TIFF"])
def test_animation_gives_the_first_frame(format_):
    frames = {"save_all": True, "append_images": [quarters().rotate(180)]}
    rgb = decode.decode(encode(quarters(), format_, **frames))
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
    rgb = decode.decode(encode(stored, format_, exif=exif, **options))
    assert rgb.shape == upright.shape
    assert rgb.flags.c_contiguous
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6 if format_ == "JPEG" else 0)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0", b"\0" * 40]
)
def test_damaged_exif_does_not_cost_the_photo(exif):
    rgb = decode.decode(encode(quarters(), "JPEG", exif=exif))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF"])
def test_grey(format_):
    ramp = np.repeat(np.arange(0, 256, 8, dtype=np.uint8)[None], 32, axis=0)
    rgb = decode.decode(encode(Image.fromarray(ramp), format_))
    assert np.abs(rgb.astype(int) - ramp[..., None]).max() <= (8 if format_ == "WEBP" else 3)


@pytest.mark.parametrize("format_", ["PNG", "BMP", "GIF", "TIFF"])
def test_palette(format_):
    rgb = decode.decode(encode(quarters().quantize(16), format_))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=8)


@pytest.mark.parametrize("format_", ["PNG", "BMP", "GIF", "TIFF"])
def test_one_bit(format_):
    bits = Image.fromarray(np.eye(8, dtype=bool))
    assert np.array_equal(decode.decode(encode(bits, format_))[..., 0], np.eye(8) * 255)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "WEBP"])
def test_transparency_becomes_white(format_):
    pixels = np.zeros((8, 24, 4), np.uint8)
    pixels[:, 8:16], pixels[:, 16:] = (255, 0, 0, 128), (255, 0, 0, 255)
    options = {"lossless": True, "exact": True} if format_ == "WEBP" else {}
    rgb = decode.decode(encode(Image.fromarray(pixels), format_, **options))
    assert rgb[4, [4, 12, 20]].tolist() == [[255, 255, 255], [255, 127, 127], [255, 0, 0]]


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_grey_with_alpha_becomes_white(format_):
    pixels = np.zeros((8, 16, 2), np.uint8)
    pixels[:, 8:, 1] = 255
    rgb = decode.decode(encode(Image.fromarray(pixels, "LA"), format_))
    assert rgb[4, [4, 12], 0].tolist() == [255, 0]


@pytest.mark.parametrize("format_", ["PNG", "GIF"])
@pytest.mark.parametrize("several", [False, True])
def test_transparent_palette_becomes_white(format_, several):
    picture = Image.new("P", (16, 8), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (8, 0, 16, 8))
    transparency = bytes([0, 255]) if several and format_ == "PNG" else 0
    rgb = decode.decode(encode(picture, format_, transparency=transparency))
    assert rgb[4, [4, 12]].tolist() == [[255, 255, 255], [0, 0, 255]]


def test_transparent_colour_of_rgb_and_grey_png():
    rgb = decode.decode(encode(Image.new("RGB", (4, 4), RED), "PNG", transparency=RED))
    assert rgb[0, 0].tolist() == [255, 255, 255]
    rgb = decode.decode(encode(Image.new("L", (4, 4), 7), "PNG", transparency=7))
    assert rgb[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
def test_cmyk(format_):
    """Also the inverted CMYK that Adobe writes into a JPEG, as Pillow does."""
    rgb = decode.decode(encode(quarters().convert("CMYK"), format_))
    assert_corners(rgb, [RED, GREEN, BLUE, WHITE], within=6)


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
@pytest.mark.parametrize("dtype", ["<u2", ">u2"])
def test_16_bit_grey_is_scaled(format_, dtype):
    values = np.array([[0, 257, 128 * 257, 65535]], np.uint16)
    mode = "I;16" if dtype == "<u2" else "I;16B"
    data = values.astype(dtype).tobytes()
    picture = Image.frombytes(mode, (4, 1), data)
    assert decode.decode(encode(picture, format_))[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize(
    ("highest", "white"), [(200, 255), (1000, 1023), (3900, 4095), (16000, 16383)]
)
def test_16_bit_grey_of_fewer_bits_is_scaled_by_these(highest, white):
    """As a camera of 10, 12 or 14 bits writes it; no brighter than its own white explains."""
    values = np.array([[0, highest // 2, highest]], np.uint16)
    pixels = decode.decode(encode(Image.fromarray(values), "PNG"))[0, :, 0]
    assert pixels.tolist() == np.rint(values[0] / white * 255).tolist()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 128, 255], [0, 128, 255]),
        ([0, 32896, 65535], [0, 128, 255]),
        ([0, 2048, 4095], [0, 128, 255]),
        ([-1000, 0, 1000], [0, 128, 255]),
        ([-(2**31), 0, 2**31 - 1], [0, 128, 255]),
        ([-7, -7, -7], [0, 0, 0]),
    ],
)
def test_32_bit_integers(values, expected):
    picture = Image.fromarray(np.array([values], np.int32))
    assert decode.decode(encode(picture, "TIFF"))[0, :, 0].tolist() == expected


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
    got = decode.decode(encode(picture, "TIFF"))[0, :, 0].astype(int)
    assert np.abs(got - expected).max() <= 1  # half of the range may round either way


@pytest.mark.parametrize("block", [1, 7, 64, 200])
@pytest.mark.parametrize("orientation", STORED)
def test_turned_picture_is_put_together_from_blocks(monkeypatch, orientation, block):
    upright = np.random.default_rng(0).integers(0, 256, (11, 17, 3), np.uint8)
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](upright)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    monkeypatch.setattr(rgb_conversion, "BLOCK_PIXELS", block)
    assert np.array_equal(decode.decode(encode(stored, "PNG", exif=exif)), upright)


@pytest.mark.parametrize("most", [15_000, 13_000])
@pytest.mark.parametrize("orientation", [1, 6])
def test_progressive_jpeg_too_large_to_hold_keeps_its_size(monkeypatch, orientation, most):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(quarters(), "JPEG", progressive=True, subsampling=0, exif=exif)
    whole = decode.decode(data)
    monkeypatch.setattr(decode, "MAX_JPEG_BYTES", 1)
    monkeypatch.setattr(decode, "MAX_COEFFICIENT_BYTES", most)
    smaller = decode.decode(data)
    assert smaller.shape == whole.shape
    assert not np.array_equal(smaller, whole)
    assert_corners(smaller, corners(whole), within=6)


@pytest.mark.parametrize(
    ("format_", "options", "count"),
    [
        ("GIF", {}, 3),
        ("WEBP", {}, 3),
        ("PNG", {}, 3),
        ("TIFF", {}, 3),
        ("MPO", {}, 1),  # the others are depth or details of the first
        ("JPEG", {"save_all": False}, 1),
    ],
)
def test_pictures_of_a_file_are_counted_and_the_first_is_read(format_, options, count):
    others = [Image.new("RGB", (64, 32), colour) for colour in (RED, BLUE)]
    data = encode(quarters(), format_, **{"save_all": True, "append_images": others} | options)
    image, picture_count = decode.decode_first(data)
    assert picture_count == count
    assert_corners(image, [RED, GREEN, BLUE, WHITE], within=60)


def test_a_damaged_second_picture_does_not_spoil_the_first():
    whole = encode(quarters(), "GIF", save_all=True, append_images=[Image.new("RGB", (64, 32))])
    first = decode.decode(whole)
    cut = whole[: whole.rfind(b"\x2c") + 4]
    np.testing.assert_array_equal(decode.decode(cut), first)


def test_a_motion_photo_may_hold_any_bytes_behind_its_end():
    """A phone's video there is random enough to hold a hundred marks of a JPEG's pass."""
    data = encode(quarters(), "JPEG")
    assert decode.decode(data + b"\xff\xda" * 1000).shape == (32, 64, 3)


def test_large_float_picture_is_converted_block_by_block(monkeypatch):
    values = np.random.default_rng(0).random((40, 50), np.float32)
    data = encode(Image.fromarray(values), "TIFF")
    whole = decode.decode(data)
    monkeypatch.setattr(rgb_conversion, "BLOCK_PIXELS", 7)
    assert np.array_equal(decode.decode(data), whole)


def test_threads():
    files = [encode(quarters(), format_) for format_ in FORMATS] * 8
    serial = [decode.decode(data) for data in files]
    with ThreadPoolExecutor(8) as pool:
        for one, other in zip(serial, pool.map(decode.decode, files), strict=True):
            assert np.array_equal(one, other)
