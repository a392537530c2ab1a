"""The blocks of a lossless WebP are counted before it is decoded."""

import numpy as np
import pytest
from built import riff, webp_chunks
from images import encode, quarters
from lossless_webp import animation, still, with_alpha
from PIL import Image

from fer_core.errors import ImageError, VideoError
from fer_core.imaging import decode, webp_header
from fer_core.video.read import read_frames


def photo(width: int = 150, height: int = 90) -> Image.Image:
    """Something like a photo: gradients and a little noise."""
    y, x = np.mgrid[:height, :width]
    noise = np.random.default_rng(0).integers(0, 8, (height, width, 3))
    return Image.fromarray((np.stack([x, y, x + y], axis=2) % 248 + noise).astype(np.uint8))


@pytest.mark.parametrize(
    "image",
    [photo(), photo().quantize(200), photo().quantize(12), quarters(), Image.new("RGBA", (3, 70))],
    ids=["photo", "200 colours", "12 colours", "4 colours", "transparent"],
)
@pytest.mark.parametrize("method", [0, 4, 6])
def test_lossless_photos_are_read(image: Image.Image, method: int) -> None:
    data = encode(image.convert("RGBA"), "WEBP", lossless=True, method=method)
    assert 1 <= webp_header.count_code_blocks(data) <= 2600  # as libwebp's encoder limits them
    assert decode.decode(data).shape[:2] == image.size[::-1]


@pytest.mark.parametrize("side", [4, 16, 128])
@pytest.mark.parametrize("slow", [False, True])
def test_blocks_are_counted(side: int, slow: bool) -> None:
    """Behind the transforms too; the decoder agrees that it is a picture."""
    data = still(128, 100, side, 8, slow=slow)
    assert webp_header.count_code_blocks(data) == -(-128 // side) * -(-100 // side)
    assert decode.decode(data).shape == (100, 128, 3)


@pytest.mark.parametrize("make", [still, with_alpha])
def test_a_webp_of_too_many_blocks_is_refused_before_its_decoder_is_made(monkeypatch, make) -> None:
    data = make(256, 256)
    assert decode.decode(data).shape == (256, 256, 3)
    behind_another_chunk = riff((b"junk", b"12345678"), *webp_chunks(data))
    monkeypatch.setattr(webp_header, "MAX_CODE_BLOCKS", 64 * 64 - 1)
    monkeypatch.setattr("PIL._webp.WebPAnimDecoder", lambda _: pytest.fail("was made"))
    for file in (data, behind_another_chunk):
        with pytest.raises(ImageError, match="blocks"):
            decode.decode(file)


def test_large_transforms_are_refused(monkeypatch) -> None:
    data = encode(photo(), "WEBP", lossless=True, method=6)
    monkeypatch.setattr(webp_header, "MAX_TRANSFORM_PIXELS", 3)
    with pytest.raises(ImageError, match="blocks"):
        decode.decode(data)


def test_lossy_photos_have_no_blocks() -> None:
    assert webp_header.count_code_blocks(encode(photo(), "WEBP")) == 0


def test_an_animation_of_too_many_blocks_is_refused_as_a_film(monkeypatch, tmp_path) -> None:
    """Its first frame is as usual, and is decoded as a photo."""
    data = animation(256, 256, [still(256, 256, 128, 8), still(256, 256)])
    assert webp_header.count_code_blocks(data, all_pictures=True) == 64 * 64
    assert decode.decode(data).shape == (256, 256, 3)
    (tmp_path / "film.webp").write_bytes(data)
    assert len(list(read_frames(tmp_path / "film.webp", None))) == 2
    monkeypatch.setattr(webp_header, "MAX_CODE_BLOCKS", 64 * 64 - 1)
    with pytest.raises(VideoError, match="blocks"):
        list(read_frames(tmp_path / "film.webp", None))
