"""Batch augmentation matches its parameters and does nothing when they are zero."""

import numpy as np
import pytest
import torch

from training.engine.augment import Augmentation, augment, mix_up

NO_AUGMENTATION = Augmentation(
    degrees=0, scale=0, shift=0, flip=False, brightness=0, contrast=0, erase=0
)


@pytest.fixture
def batch(chips: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(chips)


def run(
    batch: torch.Tensor, augmentation: Augmentation, size: int = 48, seed: int = 0
) -> torch.Tensor:
    return augment(batch, size, augmentation, torch.Generator().manual_seed(seed))


def test_zero_parameters_change_nothing(batch: torch.Tensor) -> None:
    torch.testing.assert_close(
        run(batch, NO_AUGMENTATION)[:, 0], batch.float() / 255, atol=1e-4, rtol=0
    )


def test_the_seed_determines_the_batch(batch: torch.Tensor) -> None:
    default = Augmentation()
    torch.testing.assert_close(run(batch, default), run(batch, default), atol=0, rtol=0)
    assert (run(batch, default) - run(batch, default, seed=1)).abs().max() > 0.1


def test_range_and_size(batch: torch.Tensor) -> None:
    images = run(batch, Augmentation(brightness=0.5, contrast=0.9), size=64)
    assert images.shape == (5, 1, 64, 64)
    assert images.min() >= 0
    assert images.max() <= 1


def test_flip_mirrors_about_half() -> None:
    ramp = torch.linspace(0, 255, 48).to(torch.uint8).expand(200, 48, 48).contiguous()
    images = run(ramp, Augmentation(**{**vars(NO_AUGMENTATION), "flip": True}))
    mirrored = images[:, 0, 0, 0] > images[:, 0, 0, -1]
    assert 60 < mirrored.sum() < 140


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_erase(probability: float) -> None:
    random = torch.randint(0, 256, (50, 48, 48), dtype=torch.uint8)
    images = run(random, Augmentation(**{**vars(NO_AUGMENTATION), "erase": probability}))[:, 0]
    changed = (images - random / 255).abs() > 1e-3
    share = changed.float().mean(dim=(1, 2))
    assert ((share > 0.005) == bool(probability)).all()
    assert share.max() < 0.3


def test_rotation_turns_by_the_angle() -> None:
    """A bright dot near the edge moves by sin(angle) times its distance from the centre."""
    dot = torch.zeros(300, 48, 48, dtype=torch.uint8)
    dot[:, 22:26, 42:46] = 255
    images = run(dot, Augmentation(**{**vars(NO_AUGMENTATION), "degrees": 20.0}))[:, 0]
    rows = (images.sum(dim=2) * torch.arange(48)).sum(dim=1) / images.sum(dim=(1, 2))
    reach = (rows - 23.5).abs().max()
    assert 5.5 < reach < 20 * np.sin(np.deg2rad(20)) + 0.5


def test_mix_up_blends_images_and_targets_alike() -> None:
    images, targets = torch.eye(2)[:, None, None], torch.eye(2)
    mixed, labels = (mix_up(batch, 0.75, torch.tensor([1, 0])) for batch in (images, targets))
    torch.testing.assert_close(mixed[0].ravel(), torch.tensor([0.75, 0.25]))
    torch.testing.assert_close(labels[0], torch.tensor([0.75, 0.25]))
    assert mix_up(images, 1.0, torch.tensor([1, 0])) is images
