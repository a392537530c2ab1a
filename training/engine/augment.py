"""Batch augmentation on the batch's device."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from training.engine.faults import add_faults


@dataclass(frozen=True)
class Augmentation:
    """Strength of each random change; lengths are fractions of the chip's side."""

    degrees: float = 10.0  # rotation within ± degrees
    scale: float = 0.2  # zoom factor within 1 ± scale
    shift: float = 0.1  # translation within ± shift, horizontally and vertically
    flip: bool = True  # mirror half of the chips
    brightness: float = 0.1  # offset within ± brightness, grey values in [0, 1]
    contrast: float = 0.25  # factor within 1 ± contrast
    erase: float = 0.3  # probability of blanking a random rectangle
    faults: float = 0.0  # probability of each fault of engine/faults.py


def augment(
    chips: Tensor, size: int, augmentation: Augmentation, generator: torch.Generator
) -> Tensor:
    """Augment each chip at random and resize it.

    Args:
        chips: (N, 48, 48) uint8.
        size: Side of the output in px.
        augmentation: Strength of the changes.
        generator: Random generator on the chips' device.

    Returns:
        (N, 1, size, size) float in [0, 1].
    """
    n, device = len(chips), chips.device

    def uniform(low: float, high: float) -> Tensor:
        return torch.rand(n, generator=generator, device=device) * (high - low) + low

    angle = uniform(-augmentation.degrees, augmentation.degrees).deg2rad()
    zoom = 1 / uniform(1 - augmentation.scale, 1 + augmentation.scale)
    mirror = (
        torch.where(uniform(0, 1) < 0.5, -1.0, 1.0) if augmentation.flip else torch.ones_like(zoom)
    )
    rows = [
        torch.stack(
            [mirror * zoom * angle.cos(), -zoom * angle.sin(), uniform(-2, 2) * augmentation.shift]
        ),
        torch.stack(
            [mirror * zoom * angle.sin(), zoom * angle.cos(), uniform(-2, 2) * augmentation.shift]
        ),
    ]
    theta = torch.stack(rows).permute(2, 0, 1)  # (N, 2, 3)
    grid = F.affine_grid(theta, [n, 1, size, size], align_corners=False)
    images = F.grid_sample(
        chips[:, None].float() / 255, grid, padding_mode="reflection", align_corners=False
    )
    mean = images.mean(dim=(2, 3), keepdim=True)
    contrast = uniform(1 - augmentation.contrast, 1 + augmentation.contrast)[:, None, None, None]
    brightness = uniform(-augmentation.brightness, augmentation.brightness)[:, None, None, None]
    images = ((images - mean) * contrast + mean + brightness).clamp(0, 1)
    if augmentation.faults:
        images = add_faults(images, augmentation.faults, generator)
    return torch.where(_rectangles(n, size, augmentation.erase, uniform), mean, images)


def _rectangles(n: int, size: int, probability: float, uniform) -> Tensor:  # type: ignore[no-untyped-def]
    """(N, 1, size, size) bool, true inside a random rectangle with sides up to half of `size`.

    With probability 1 - `probability` an image has no rectangle.
    """
    position = torch.arange(size, device=uniform(0, 1).device) / size
    inside = []
    for _ in range(2):
        length, start = uniform(0.1, 0.5), uniform(0, 1)
        low = (start * (1 - length))[:, None]
        inside.append((position >= low) & (position < low + length[:, None]))
    has_rectangle = (uniform(0, 1) < probability)[:, None, None]
    masks: Tensor = (inside[0][:, :, None] & inside[1][:, None, :] & has_rectangle)[:, None]
    return masks


def mix_up(batch: Tensor, share: float, other: Tensor) -> Tensor:
    """Blend each image or target with another of the batch (mixup, Zhang et al. 2018).

    Args:
        batch: Images or targets (N, …).
        share: Weight of the batch itself; 1 returns it unchanged.
        other: (N,) indices of the partners, which get the weight 1 - `share`.
    """
    return batch if share == 1 else torch.lerp(batch[other], batch, share)
