"""Faults of photos in augmentation: they are what they are called, and none is free of chance."""

import cv2
import numpy as np
import pytest
import torch

from training.engine.augment import Augmentation, augment
from training.engine.faults import add_faults, blur, jpeg


@pytest.fixture
def images() -> torch.Tensor:
    """(6, 1, 48, 48) smooth random pictures in [0, 1]."""
    noise = torch.rand(6, 1, 48, 48, generator=torch.Generator().manual_seed(0))
    smooth = blur(noise, 2.0)
    return (smooth - smooth.min()) / (smooth.max() - smooth.min())


@pytest.mark.parametrize("quality", [10, 20, 50, 90])
def test_jpeg_is_what_opencv_writes(images: torch.Tensor, quality: int) -> None:
    pixels = (images * 255).round().to(torch.uint8)
    ours = jpeg(pixels / 255, torch.full((6, 1, 1, 1), float(quality))).clamp(0, 1) * 255
    for pixel, our in zip(pixels[:, 0].numpy(), ours[:, 0].numpy(), strict=True):
        _, content = cv2.imencode(".jpg", pixel, [cv2.IMWRITE_JPEG_QUALITY, quality])
        theirs = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE)
        assert np.abs(our - theirs).mean() < 0.6
        assert np.abs(our - pixel).mean() > 0.3 or quality == 90


def test_blur_is_opencvs(images: torch.Tensor) -> None:
    theirs = cv2.GaussianBlur(images[0, 0].numpy(), (9, 9), 1.4, borderType=cv2.BORDER_REFLECT_101)
    np.testing.assert_allclose(blur(images, 1.4)[0, 0].numpy(), theirs, atol=2e-3)


@pytest.mark.parametrize("probability", [0.0, 0.5])
def test_faults_are_random_and_keep_the_range(images: torch.Tensor, probability: float) -> None:
    faulty = [
        add_faults(images, probability, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    ]
    torch.testing.assert_close(faulty[0], faulty[1], atol=0, rtol=0)
    assert (faulty[0] - faulty[2]).abs().max() > 0.05 or not probability
    assert (faulty[0] - images).abs().max() > 0.05 or not probability
    assert all(batch.min() >= 0 and batch.max() <= 1 for batch in faulty)


def test_a_recipe_may_ask_for_faults() -> None:
    chips = torch.full((64, 48, 48), 128, dtype=torch.uint8)
    clean = {"brightness": 0, "contrast": 0, "erase": 0}
    for probability in (0.0, 0.5):
        generator = torch.Generator().manual_seed(0)
        batch = augment(chips, 48, Augmentation(faults=probability, **clean), generator)
        varied = (batch.std(dim=(1, 2, 3)) > 0.01).sum()  # a flat image varies by noise alone
        assert (10 < varied < 54) == bool(probability)
