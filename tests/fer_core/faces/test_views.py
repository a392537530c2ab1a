"""The detector's views: tiles show every small face whole, and their number is bounded."""

import numpy as np
import pytest

from fer_core.faces import views
from fer_core.faces.views import MAX_TILED_PIXELS, TILE_SIDE, full_views, smallest_face, tiles
from fer_core.imaging.patches import image_pyramid

#: Width and height of small, usual, wide and the largest pictures.
SIZES = [(1281, 960), (4000, 3000), (12_000, 600), (7071, 7071), (65_535, 762), (16_667, 480)]


def blank(width: int, height: int) -> list[np.ndarray]:
    return image_pyramid(np.zeros((height, width, 3), np.uint8), views.SMALL_SIDE)


@pytest.mark.parametrize("size", [(1, 1), (512, 512), (1280, 960), (1280, 1280)])
def test_no_tiles_where_the_full_view_is_not_reduced(size):
    assert tiles(blank(*size)) == []


@pytest.mark.parametrize("size", [*SIZES, (1281, 1), (1, 65_535)])
def test_tiles_cover_the_picture_within_the_bound(size):
    pyramid = blank(*size)
    views = tiles(pyramid)
    ends = [tile.origin + tile.scale * tile.pixels.shape[1::-1] for tile in views]
    np.testing.assert_allclose(np.min([tile.origin for tile in views], axis=0), 0)
    np.testing.assert_allclose(np.max(ends, axis=0), size)
    assert max(max(tile.pixels.shape) for tile in views) <= TILE_SIDE
    assert sum(tile.pixels[:, :, 0].size for tile in views) <= 1.4 * MAX_TILED_PIXELS
    assert len(views) <= 90


@pytest.mark.parametrize("size", SIZES[:4])
def test_the_largest_face_for_tiles_is_whole_in_one_of_them(size):
    views = tiles(blank(*size))
    side = views[0].max_face
    for x, y in np.random.default_rng(0).uniform(0, np.array(size) - side, (300, 2)):
        assert any(
            (tile.origin <= (x + 1, y + 1)).all()
            and (
                tile.origin + tile.scale * tile.pixels.shape[1::-1] + 1 >= (x + side, y + side)
            ).all()
            for tile in views
        )


def test_the_smallest_face_grows_with_the_reduction():
    sides = [smallest_face(*size) for size in ((640, 480), (4000, 2000), (7000, 7000))]
    assert sides == [20, 20, 50]


def test_a_point_of_a_view_keeps_its_place_in_the_picture():
    """A slope in x and y, so that a wrong place shows."""
    x, y = np.meshgrid(np.arange(3000) / 12, np.arange(2400) / 10)
    pyramid = image_pyramid(np.dstack([x, y, x]).astype(np.uint8), views.SMALL_SIDE)
    for view in [*full_views(pyramid), *tiles(pyramid)]:
        height, width = view.pixels.shape[:2]
        place = view.origin + view.scale * (width // 2, height // 2)
        np.testing.assert_allclose(
            view.pixels[height // 2, width // 2, :2], place / (12, 10), atol=2
        )
