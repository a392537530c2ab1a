"""The map of faces: neighbours, places, and the committed files."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id
from fer_core.errors import ResultsError
from fer_core.evaluation import face_map
from fer_core.evaluation.face_map import COMPONENTS, NEIGHBOURS, FaceMap
from fer_core.registry import list_networks
from training.engine.data import FerData


@pytest.mark.parametrize("name", list_networks())
def test_every_network_has_a_map_of_its_weights(name: str) -> None:
    loaded = face_map.load(name)
    assert loaded.components.shape[1] == COMPONENTS
    assert loaded.ids[0] == official_id(TEST_ROWS[0])
    assert 0 < loaded.map_kept < loaded.codes_kept < 1


def test_the_nearest_are_those_of_scipy() -> None:
    loaded = face_map.load("multiclass")
    others = loaded.principal[:40] + np.random.default_rng(0).normal(0, 1, (40, COMPONENTS))
    neighbours = loaded.nearest(others.astype(np.float32))
    distances = cdist(others, loaded.principal)
    expected = np.sort(distances, axis=1)[:, :NEIGHBOURS]
    np.testing.assert_allclose(neighbours.distances, expected, rtol=1e-3)
    at_rows = np.take_along_axis(distances, neighbours.rows, axis=1)
    np.testing.assert_allclose(at_rows, expected, rtol=1e-3)


def test_the_usual_distance_is_to_another_face() -> None:
    loaded = face_map.load("multiclass")
    distances = cdist(loaded.principal, loaded.principal)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.min(axis=1)
    assert (nearest <= loaded.usual_distance).mean() == pytest.approx(0.99, abs=0.001)


def test_a_face_is_placed_in_the_middle_of_its_neighbours() -> None:
    places = np.array([[0.0, 0], [2, 1], [9, 9], [1, 5]])
    planted = FaceMap(places, np.eye(4, dtype=np.int8), 1, np.zeros(4), np.eye(4), 1, 1, 1, 0)
    np.testing.assert_array_equal(planted.place(np.array([[0, 1, 3], [2, 2, 2]])), [[1, 1], [9, 9]])


def test_a_test_face_is_its_own_nearest(fer2013: FerData) -> None:
    loaded = face_map.load("multiclass")
    rows = np.arange(0, len(TEST_ROWS), 300)
    index = {image_id: i for i, image_id in enumerate(fer2013.ids.tolist())}
    chips = fer2013.chips[[index[loaded.ids[row]] for row in rows]]
    features = face_map.features_of("multiclass", chips)
    neighbours = loaded.nearest(loaded.reduce(features))
    # Of two copies of a picture either may be first.
    np.testing.assert_allclose(
        loaded.principal[neighbours.rows[:, 0]], loaded.principal[rows], atol=2 * loaded.scale
    )
    assert (neighbours.distances[:, 0] <= loaded.rounding).all()


def test_a_map_of_other_weights_is_refused(
    copied_results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(face_map.summaries, "weights_checksum", lambda name: "of other weights")
    with pytest.raises(ResultsError, match=r"face_map_multiclass\.npz is of other weights"):
        face_map.load("multiclass")
    assert copied_results.exists()


def test_a_damaged_map_is_named(copied_results: Path) -> None:
    (copied_results / "face_map_multiclass.npz").write_bytes(b"x")
    with pytest.raises(ResultsError, match=r"face_map_multiclass\.npz"):
        face_map.load("multiclass")
