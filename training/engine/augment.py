"""Batch augmentation, on the device the batch lies on."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Augmentation:
    """How far a chip may be moved and changed; fractions of the chip where nothing else is said."""

    degrees: float = 10.0
    scale: float = 0.2  # zoom factor within 1 ± scale
    shift: float = 0.1
    flip: bool = True
    brightness: float = 0.1  # added, grey values in [0, 1]
    contrast: float = 0.25  # factor within 1 ± contrast
    erase: float = 0.3  # probability that a rectangle is blanked


def augment(chips: Tensor, size: int, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """`chips` (N, 48, 48) uint8 → (N, 1, size, size) float in [0, 1], each changed at random."""
    n, device = len(chips), chips.device

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(n, generator=generator, device=device) * (high - low) + low

    angle = uniform(-augmentation.degrees, augmentation.degrees).deg2rad()
    zoom = 1 / uniform(1 - augmentation.scale, 1 + augmentation.scale)
    mirror = torch.where(uniform(0, 1) < 0.5, -1.0, 1.0) if augmentation.flip else torch.ones_like(zoom)
    rows = [
        torch.stack([mirror * zoom * angle.cos(), -zoom * angle.sin(), uniform(-2, 2) * augmentation.shift]),
        torch.stack([mirror * zoom * angle.sin(), zoom * angle.cos(), uniform(-2, 2) * augmentation.shift]),
    ]
    theta = torch.stack(rows).permute(2, 0, 1)  # (N, 2, 3)
    grid = F.affine_grid(theta, [n, 1, size, size], align_corners=False)
    images = F.grid_sample(
        chips[:, None].float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    middle = images.mean(dim=(2, 3), keepdim=True)
    contrast = uniform(1 - augmentation.contrast, 1 + augmentation.contrast)[:, None, None, None]
    brightness = uniform(-augmentation.brightness, augmentation.brightness)[:, None, None, None]
    images = ((images - middle) * contrast + middle + brightness).clamp(0, 1)
    return torch.where(_rectangles(n, size, augmentation.erase, uniform), middle, images)


def _rectangles(n: int, size: int, probability: float, uniform) -> Tensor:  # type: ignore[no-untyped-def]
    """(N, 1, size, size) bool, true inside a random rectangle of up to half a side, or nowhere."""
    place = torch.arange(size, device=uniform(0, 1).device) / size
    inside = []
    for _ in range(2):
        length, start = uniform(0.1, 0.5), uniform(0, 1)
        low = (start * (1 - length))[:, None]
        inside.append((place >= low) & (place < low + length[:, None]))
    chosen = (uniform(0, 1) < probability)[:, None, None]
    masks: Tensor = (inside[0][:, :, None] & inside[1][:, None, :] & chosen)[:, None]
    return masks


def mix_up(batch: Tensor, share: float, other: Tensor) -> Tensor:
    """Blend images or targets (N, …) with those at `other` (N,), which get 1 − share (Zhang 2018).

    A share of 1 gives the batch itself.
    """
    return batch if share == 1 else torch.lerp(batch[other], batch, share)
