"""Drawing a map of faces."""

import numpy as np

from fer_core.evaluation.face_map import COMPONENTS
from training import face_map


def test_neighbours_stay_neighbours() -> None:
    """Four groups of faces far apart in 64 features, of which the map knows nothing."""
    random = np.random.default_rng(0)
    group = np.arange(200) % 4
    features = random.normal(0, 30, (4, 64))[group] + random.normal(0, 1, (200, 64))
    drawn = face_map.draw(features.astype(np.float32))
    assert drawn.codes.dtype == np.int8
    assert np.abs(drawn.codes).max() == 127
    assert (group[face_map.neighbours(drawn.coordinates)] == group[:, None]).all()
    assert 0 < drawn.map_kept < 1
    assert drawn.codes_kept < 1
    reduced = drawn.reduce(features.astype(np.float32))
    assert reduced.shape == (200, COMPONENTS)
    np.testing.assert_allclose(reduced, drawn.principal, atol=0.51 * drawn.scale)


def test_the_overlap_counts_common_neighbours() -> None:
    first, second = np.array([[1, 2], [0, 2]]), np.array([[2, 1], [3, 4]])
    assert face_map.overlap(first, second) == 0.5
