"""Committed results about the heat maps: each method's faithfulness and each model's mean maps.

`python -m training.saliency` writes three files in `results/`: `saliency.json` (summary and
provenance), `saliency_faces.npz` (the measurements per face behind the summary) and
`saliency_maps.npz` (the mean maps).
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.artifacts import store, weights_file
from fer_core.artifacts.predictions import npz_bytes
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.explanations import Measurement, summarise
from fer_core.registry import get_model_spec

SPLIT = "PublicTest"
WRITER = "saliency"
COMMAND = f"python -m training.{WRITER}"
K = len(EMOTIONS)
MIN_FACES = 10  # faces needed for a mean map


@dataclass(frozen=True, eq=False)
class MeanMaps:
    """One model's mean heat map per emotion, over correctly classified faces.

    Attributes:
        depth: Depth of the layer that is explained.
        maps: (7, 48, 48) float32 in [0, 1]; all 0 for an emotion with fewer than `MIN_FACES` faces,
            too few to generalise from.
        n: (7,) faces averaged.
        flat: (7,) further faces, left out because their map is flat.
    """

    depth: int
    maps: np.ndarray
    n: np.ndarray
    flat: np.ndarray

    def has_map(self, i: int) -> bool:
        """Whether there is a mean map for the emotion with index `i`."""
        return bool(self.n[i] >= MIN_FACES)

    def __post_init__(self) -> None:
        if self.maps.shape != (K, 48, 48) or {self.n.shape, self.flat.shape} != {(K,)}:
            raise ValueError(f"maps {self.maps.shape}, n {self.n.shape}, flat {self.flat.shape}")


@dataclass(frozen=True, eq=False)
class ModelResults:
    """One model's explanation results.

    Attributes:
        weights: File → SHA-256 of its weights, and of its members', when they were measured.
        provenance: When and with what the results were computed.
        measurements: Method → faithfulness.
        mean_maps: Method → mean maps.
    """

    weights: Mapping[str, str]
    provenance: Mapping[str, Any]
    measurements: Mapping[str, Measurement]
    mean_maps: Mapping[str, MeanMaps]


@dataclass(frozen=True, eq=False)
class ExplanationResults:
    """The explanation results of all models.

    Attributes:
        ids: (N,) str, the faces that every method was measured on.
        max_faces: Maximum number of faces per mean map.
        models: Model name → results, in registry order.
    """

    ids: np.ndarray
    max_faces: int
    models: Mapping[str, ModelResults]


def files() -> tuple[Path, Path, Path]:
    """Paths of the summary, of the measurements per face and of the mean maps."""
    names = ("saliency.json", "saliency_faces.npz", "saliency_maps.npz")
    summary, faces, maps = (store.artifacts().results / name for name in names)
    return summary, faces, maps


def current_checksums(model_name: str) -> dict[str, str]:
    """File → recorded SHA-256 of a model's weights, its members' included."""
    checksums = store.read_checksums(store.artifacts().weights)
    names = [
        weights_file.path(get_model_spec(name)).name
        for name in (model_name, *get_model_spec(model_name).members)
    ]
    return {file: checksums.get(file, "") for file in names}


def is_stale(results: ModelResults, model_name: str) -> bool:
    """Whether the model's weights have changed since the results were computed."""
    return dict(results.weights) != current_checksums(model_name)


@store.cached
def load_results() -> ExplanationResults:
    """Load the committed results, with read-only arrays that all sessions share.

    Raises `ResultsError` if a file is missing or damaged.
    """
    summary_path, faces_path, maps_path = files()
    summary = store.read_json(summary_path, WRITER)
    faces_file, maps_file = (
        io.BytesIO(store.read_verified(path, WRITER)) for path in (faces_path, maps_path)
    )
    try:
        with np.load(faces_file, allow_pickle=False) as file:
            faces = {key: _read_only(file[key]) for key in file.files}
        with np.load(maps_file, allow_pickle=False) as file:
            maps = {key: file[key] for key in file.files}
        return ExplanationResults(
            faces["ids"],
            summary["max_faces"],
            {
                name: _model_results(name, model_summary, faces, maps)
                for name, model_summary in summary["models"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise _corrupted_error(summary_path) from error
    except zipfile.BadZipFile as error:
        raise _corrupted_error(summary_path) from error


def _corrupted_error(summary_path: Path) -> ResultsError:
    return ResultsError(
        f"{summary_path.name} or one of its two array files is damaged; restore them from the "
        "repository."
    )


def _model_results(
    name: str, summary: dict[str, Any], faces: dict[str, np.ndarray], maps: dict[str, np.ndarray]
) -> ModelResults:
    measurements = {
        method: Measurement(means["depth"], faces[f"{name}.{method}"])
        for method, means in summary["methods"].items()
    }
    if any(len(measurement.faces) != len(faces["ids"]) for measurement in measurements.values()):
        raise ValueError("a method was measured on other faces")
    row = maps["variants"].tolist().index(name)
    mean_maps = {
        method: MeanMaps(
            means["depth"],
            _read_only(maps[f"{method}.maps"][row].astype(np.float32)),
            _read_only(maps[f"{method}.n"][row]),
            _read_only(maps[f"{method}.flat"][row]),
        )
        for method, means in summary["means"].items()
    }
    return ModelResults(summary["weights"], summary["provenance"], measurements, mean_maps)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def save_results(results: ExplanationResults) -> None:
    """Write the three files; raises `FerError` if one cannot be written."""
    summary_path, faces_path, maps_path = files()
    faces = {"ids": results.ids} | {
        f"{name}.{method}": measurement.faces.astype(np.float32)
        for name, model in results.models.items()
        for method, measurement in model.measurements.items()
    }
    summary = {
        "split": SPLIT,
        "faces": len(results.ids),
        "max_faces": results.max_faces,
        "models": {name: _model_summary(model) for name, model in results.models.items()},
    }
    store.write_files(
        {
            faces_path: npz_bytes(faces),
            maps_path: npz_bytes(_map_arrays(results)),
            summary_path: store.json_bytes(summary),
        }
    )


def _map_arrays(results: ExplanationResults) -> dict[str, np.ndarray]:
    """The arrays of `saliency_maps.npz`: one row per model."""
    arrays: dict[str, np.ndarray] = {"variants": np.array(list(results.models), str)}
    for method in sorted({m for model in results.models.values() for m in model.mean_maps}):
        # A model without this method gets zeros, and its summary does not list the method.
        empty = MeanMaps(0, np.zeros((K, 48, 48)), np.zeros(K), np.zeros(K))
        rows = [model.mean_maps.get(method, empty) for model in results.models.values()]
        arrays[f"{method}.maps"] = np.array([row.maps for row in rows], np.float16)
        arrays[f"{method}.n"] = np.array([row.n for row in rows], np.int32)
        arrays[f"{method}.flat"] = np.array([row.flat for row in rows], np.int32)
    return arrays


def _model_summary(model: ModelResults) -> dict[str, Any]:
    """A model's entry in `saliency.json`."""
    return {
        "weights": dict(model.weights),
        "provenance": dict(model.provenance),
        "methods": {
            method: asdict(summarise(measurement))
            for method, measurement in model.measurements.items()
        },
        "means": {
            method: {
                "depth": means.depth,
                "n": dict(zip(EMOTIONS, means.n.tolist(), strict=True)),
                "flat": dict(zip(EMOTIONS, means.flat.tolist(), strict=True)),
            }
            for method, means in model.mean_maps.items()
        },
    }
