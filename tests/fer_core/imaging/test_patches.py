"""The image pyramid: the right level is used, and coordinates keep their meaning."""

import numpy as np
import pytest

from fer_core.imaging.patches import image_pyramid, pyramid_level, sample_patch


def test_each_is_half_the_one_before_and_none_is_smaller_than_asked():
    scales = image_pyramid(np.zeros((1001, 700, 3), np.uint8), 200)
    assert [scale.shape for scale in scales] == [(1001, 700, 3), (500, 350, 3), (250, 175, 3)]


@pytest.mark.parametrize("shape", [(1, 5000, 3), (5000, 1, 3), (2, 5000, 3), (1, 1, 3)])
def test_slivers_do_not_vanish(shape):
    scales = image_pyramid(np.zeros(shape, np.uint8), 320)
    assert all(min(scale.shape) >= 1 for scale in scales)


@pytest.mark.parametrize(
    ("shrink", "taken"), [(0.2, 1), (1, 1), (1.99, 1), (2, 2), (3.9, 2), (4, 4), (50, 4)]
)
def test_the_smallest_that_need_not_be_enlarged(shrink, taken):
    scales = image_pyramid(np.zeros((1000, 1000, 3), np.uint8), 250)
    scale, shrunk = pyramid_level(scales, shrink)
    assert shrunk == taken
    assert scale.shape[0] == 1000 // taken


def test_a_patch_is_the_same_from_every_scale():
    """A slope, so that a place off by half a pixel shows."""
    slope = np.add.outer(np.arange(1024), 2 * np.arange(1023)) / 16
    image = np.dstack([slope.astype(np.uint8)] * 3)
    for middle in ((512, 400), (300.5, 612.25)):
        whole, back = sample_patch(image, np.array(middle), 700, 20, 100)
        for scale, shrunk in [pyramid_level(image_pyramid(image, 200), s) for s in (2, 4)]:
            part, part_back = sample_patch(scale, np.array(middle) / shrunk, 700 / shrunk, 20, 100)
            assert np.abs(whole.astype(int) - part).max() <= 1
            np.testing.assert_allclose(part_back * shrunk, back, atol=1e-9)
