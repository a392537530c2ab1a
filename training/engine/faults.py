"""Faults that photos have, for augmentation: exposure, low resolution, blur, noise and JPEG.

Everything runs on the batch's device.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

MAX_GAMMA = 2.0  # and its inverse at the least
MIN_SIDE = 16  # px, of the reduced image
MAX_SIGMA = 1.5  # px, of the Gaussian blur
MAX_NOISE = 30 / 255  # standard deviation of the noise, grey values in [0, 1]
QUALITY = 10.0, 90.0  # of JPEG
BLOCK = 8  # side of JPEG's blocks in px
#: JPEG's quantisation table for luminance at quality 50 (ITU-T T.81, annex K.1).
LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)


def add_faults(images: Tensor, probability: float, generator: torch.Generator) -> Tensor:
    """Give each image each of the five faults at random.

    Args:
        images: (N, 1, size, size) float in [0, 1]; `size` is a multiple of 8.
        probability: Of each fault.
        generator: Random generator on the images' device.

    Returns:
        Images of the same shape and range.
    """
    n, device = len(images), images.device

    def uniform(low: float, high: float, count: int = n) -> Tensor:
        values = torch.rand(count, generator=generator, device=device) * (high - low) + low
        return values[:, None, None, None]

    def choose(faulty: Tensor) -> Tensor:
        return torch.where(uniform(0, 1) < probability, faulty.clamp(0, 1), images)

    gamma = uniform(-math.log(MAX_GAMMA), math.log(MAX_GAMMA)).exp()
    images = choose(images.clamp(min=1e-4) ** gamma)
    size = images.shape[-1]
    side = round(uniform(MIN_SIDE, size, 1).item())  # one for the whole batch, as is the blur
    reduced = F.interpolate(images, (side, side), mode="area")
    images = choose(F.interpolate(reduced, (size, size), mode="bilinear", align_corners=False))
    images = choose(blur(images, uniform(0.3, MAX_SIGMA, 1).item()))
    noise = torch.randn(images.shape, generator=generator, device=device)
    images = choose(images + noise * uniform(0, MAX_NOISE))
    return choose(jpeg(images, uniform(*QUALITY)))


def blur(images: Tensor, sigma: float) -> Tensor:
    """Blur images (N, 1, H, W) by a Gaussian of `sigma` px."""
    radius = max(1, round(3 * sigma))
    steps = torch.arange(-radius, radius + 1, device=images.device, dtype=images.dtype)
    kernel = (-(steps**2) / (2 * sigma**2)).exp()
    kernel = kernel / kernel.sum()
    padded = F.pad(images, [radius] * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, kernel[None, None, None]), kernel[None, None, :, None])


def jpeg(images: Tensor, quality: Tensor) -> Tensor:
    """Quantise images as JPEG does with grey images.

    Args:
        images: (N, 1, size, size) float in [0, 1]; `size` is a multiple of 8.
        quality: (N, 1, 1, 1), 1 to 100.

    Returns:
        Images of the same shape; values may lie outside [0, 1].
    """
    n, size = len(images), images.shape[-1]
    table = torch.tensor(LUMINANCE, device=images.device, dtype=images.dtype).view(BLOCK, BLOCK)
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)
    steps = ((table * scale + 50) / 100).floor().clamp(1, 255)[:, :, None]
    count = size // BLOCK
    blocks = images.view(n, count, BLOCK, count, BLOCK).transpose(2, 3) * 255 - 128
    dct = _dct_matrix(images)
    coefficients = (dct @ blocks @ dct.T / steps).round() * steps
    pixels = (dct.T @ coefficients @ dct + 128) / 255
    return pixels.transpose(2, 3).reshape(n, 1, size, size)


def _dct_matrix(like: Tensor) -> Tensor:
    """(8, 8): the orthonormal discrete cosine transform, with device and type of `like`."""
    steps = torch.arange(BLOCK, device=like.device, dtype=like.dtype)
    matrix = (math.pi / BLOCK * (steps + 0.5) * steps[:, None]).cos() * math.sqrt(2 / BLOCK)
    matrix[0] /= math.sqrt(2)
    return matrix
