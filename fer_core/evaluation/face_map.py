"""Map of faces: FER2013's test faces where a network's features of them are alike.

`python -m training.face_map` reduces each network's features, the inputs of its last linear layer,
to their `COMPONENTS` principal components, and these to two dimensions by t-SNE (van der Maaten and
Hinton 2008). Both are committed, so that a new face can be placed among its nearest neighbours.
Only neighbourhoods mean something on such a map, not distances, sizes or directions.
"""

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from fer_core.artifacts import store, summaries
from fer_core.artifacts.predictions import npz_bytes
from fer_core.artifacts.store import artifacts, cached
from fer_core.datasets.fer2013_ids import TEST_ROWS, official_id
from fer_core.errors import ResultsError
from fer_core.models.predictors import network_features
from fer_core.registry import get_model_spec

COMMAND: Final = "face_map"  # the `training` command that writes the files
COMPONENTS: Final = 32
NEIGHBOURS: Final = 10  # of a face, that place it and that are counted
USUAL: Final = 0.99  # share of the test faces that have another one as near as usual
CHUNK: Final = 500  # faces whose distances to all others are in memory at a time
MAX_CODE: Final = 127  # of the principal components, which are stored in 8 bits


class Neighbours(NamedTuple):
    """The test faces whose features are most like those of M other faces, nearest first."""

    rows: np.ndarray  # (M, K) rows of the map
    distances: np.ndarray  # (M, K) Euclidean, between principal components


@dataclass(frozen=True, eq=False)
class FaceMap:
    """A network's map of FER2013's N test faces, in the order of `TEST_ROWS`.

    Attributes:
        coordinates: (N, 2) float.
        codes: (N, `COMPONENTS`) int8; multiplied by `scale`, the principal components.
        scale: Of the codes.
        mean: (D,) float, of the D features.
        components: (D, `COMPONENTS`) float, the principal axes.
        variance: Share of the features' variance that the components hold.
        codes_kept: Share of a face's `NEIGHBOURS` nearest by all features that are among those by
            the components; mean over all faces.
        map_kept: The same for the nearest on the map.
        placement_error: Median distance at which a face is placed from its own place, when its
            neighbours alone place it, in standard deviations of the map.
    """

    coordinates: np.ndarray
    codes: np.ndarray
    scale: float
    mean: np.ndarray
    components: np.ndarray
    variance: float
    codes_kept: float
    map_kept: float
    placement_error: float

    @cached_property
    def ids(self) -> list[str]:
        """Id of each face."""
        return [official_id(row) for row in TEST_ROWS]

    @cached_property
    def principal(self) -> np.ndarray:
        """(N, `COMPONENTS`) float32, the principal components."""
        values: np.ndarray = self.codes.astype(np.float32) * np.float32(self.scale)
        return values

    def reduce(self, features: np.ndarray) -> np.ndarray:
        """Project features (M, D) on the axes: (M, `COMPONENTS`) float32."""
        values: np.ndarray = (features.astype(np.float32) - self.mean) @ self.components
        return values

    def nearest(self, reduced: np.ndarray, count: int = NEIGHBOURS) -> Neighbours:
        """The `count` test faces nearest to each of M reduced faces, (M, `COMPONENTS`)."""
        squares = (
            (reduced**2).sum(axis=1)[:, None]
            - 2 * reduced @ self.principal.T
            + (self.principal**2).sum(axis=1)
        )
        rows = np.argpartition(squares, count - 1, axis=1)[:, :count]
        found = np.take_along_axis(squares, rows, axis=1)
        order = found.argsort(axis=1, kind="stable")
        distances = np.sqrt(np.maximum(np.take_along_axis(found, order, axis=1), 0))
        return Neighbours(np.take_along_axis(rows, order, axis=1), distances)

    @cached_property
    def usual_distance(self) -> float:
        """How near the share `USUAL` of the test faces have another one; others are unlike all."""
        parts = np.array_split(self.principal, max(1, len(self.principal) // CHUNK))
        nearest = [self.nearest(part, 2).distances[:, 1] for part in parts]
        return float(np.quantile(np.concatenate(nearest), USUAL))

    @property
    def rounding(self) -> float:
        """The farthest that the rounding of `codes` can put a test face from itself."""
        return float(self.scale * np.sqrt(COMPONENTS) / 2)

    def place(self, rows: np.ndarray) -> np.ndarray:
        """Where faces with these neighbours (M, K) belong: (M, 2), the median of their places."""
        places: np.ndarray = np.median(self.coordinates[rows], axis=1)
        return places


def path_of(model_name: str) -> Path:
    """Path of a network's map among the committed results."""
    return artifacts().results / f"face_map_{model_name}.npz"


def features_of(model_name: str, chips: np.ndarray) -> np.ndarray:
    """Features (N, D) float32 that a network computes of chips (N, 48, 48) uint8.

    Raises:
        NotTrainedError: The model has no weights yet.
        WeightsError: They are damaged.
    """
    return network_features(get_model_spec(model_name), "fp32", chips)


def save(model_name: str, face_map: FaceMap) -> None:
    """Write a network's map, with the checksum of its weights; raises `FerError` if it cannot."""
    arrays = {
        "coordinates": face_map.coordinates.astype(np.float16),
        "codes": face_map.codes,
        "mean": face_map.mean.astype(np.float32),
        "components": face_map.components.astype(np.float16),
        "weights": np.array(summaries.weights_checksum(model_name)),
    } | {name: np.array(getattr(face_map, name)) for name in _NUMBERS}
    store.write_files({path_of(model_name): npz_bytes(arrays)})


@cached
def load(model_name: str) -> FaceMap:
    """Read a network's map.

    Raises:
        ResultsError: It is missing, damaged, or that of other weights.
    """
    arrays = _read(model_name)
    path = path_of(model_name)
    if str(arrays.get("weights")) != summaries.weights_checksum(model_name):
        raise ResultsError(f"{path.name} is of other weights: run python -m training.{COMMAND}.")
    try:
        face_map = FaceMap(
            arrays["coordinates"].astype(np.float32),
            arrays["codes"],
            mean=arrays["mean"],
            components=arrays["components"].astype(np.float32),
            **{name: float(arrays[name]) for name in _NUMBERS},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise store.corrupted_error(path) from error
    shapes = face_map.coordinates.shape, face_map.codes.shape
    if shapes != ((len(TEST_ROWS), 2), (len(TEST_ROWS), COMPONENTS)):
        raise store.corrupted_error(path)
    return face_map


_NUMBERS: Final = ("scale", "variance", "codes_kept", "map_kept", "placement_error")


@cached
def _read(model_name: str) -> dict[str, np.ndarray]:
    path = path_of(model_name)
    content = io.BytesIO(store.read_verified(path, COMMAND))
    try:
        with np.load(content, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise store.corrupted_error(path) from error
