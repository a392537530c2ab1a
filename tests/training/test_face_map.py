"""Drawing a map of faces."""

import numpy as np
import pytest

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


def test_the_shares_say_how_many_neighbours_are_kept() -> None:
    features = np.random.default_rng(1).normal(size=(150, 40)).astype(np.float32)
    drawn = face_map.draw(features)
    by_features, by_codes, by_map = map(_nearest, (features, drawn.principal, drawn.coordinates))
    assert drawn.codes_kept == pytest.approx(_kept(by_features, by_codes), abs=0.001)
    assert drawn.map_kept == pytest.approx(_kept(by_features, by_map), abs=0.001)
    moved = np.linalg.norm(drawn.reduce(features) - drawn.principal, axis=1)
    assert moved.max() <= drawn.rounding


def _nearest(points: np.ndarray) -> list[set[int]]:
    """The ten nearest others of each point, by all distances."""
    distances = np.linalg.norm(points[:, None].astype(float) - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    return [set(row[:10].tolist()) for row in distances.argsort(axis=1)]


def _kept(first: list[set[int]], second: list[set[int]]) -> float:
    return float(np.mean([len(a & b) / 10 for a, b in zip(first, second, strict=True)]))


def test_the_overlap_counts_common_neighbours() -> None:
    first, second = np.array([[1, 2], [0, 2]]), np.array([[2, 1], [3, 4]])
    assert face_map.overlap(first, second) == 0.5
