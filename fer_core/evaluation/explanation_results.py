"""What the heat maps say in general: how true each method is, and each variant's mean maps.

Written by `python -m training.saliency` into three files of `results/`: `saliency.json` (summary
and provenance), `saliency_faces.npz` (what the summary was computed from, face by face) and
`saliency_maps.npz` (the mean maps).
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fer_core.artifacts import store, weights_file
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation.explanations import Measurement, summarise
from fer_core.registry import get_model_spec

SPLIT = "PublicTest"
WRITER = "saliency"
COMMAND = f"python -m training.{WRITER}"
K = len(EMOTIONS)
MIN_FACES = 10  # faces of a mean map


@dataclass(frozen=True, eq=False)
class MeanMaps:
    """Mean map of each emotion's correctly recognised faces, by one method at one depth.

    `maps` (7, 48, 48) float32 in [0, 1], all 0 where `n` (7,) is below `FEWEST`: that would be some
    persons' maps, nothing general. `flat` (7,) faces more had a flat map and were left out.
    """

    depth: int
    maps: np.ndarray
    n: np.ndarray
    flat: np.ndarray

    def has_map(self, i: int) -> bool:
        """Whether there is a mean map of the emotion of that index."""
        return bool(self.n[i] >= MIN_FACES)

    def __post_init__(self) -> None:
        if self.maps.shape != (K, 48, 48) or {self.n.shape, self.flat.shape} != {(K,)}:
            raise ValueError(f"maps {self.maps.shape}, n {self.n.shape}, flat {self.flat.shape}")


@dataclass(frozen=True, eq=False)
class ModelResults:
    """What was found of one variant: `measured` and `means` by method. `weights` are its files' and
    its parts' SHA-256 at that time, `made` says when and with what."""

    weights: Mapping[str, str]
    provenance: Mapping[str, Any]
    measurements: Mapping[str, Measurement]
    mean_maps: Mapping[str, MeanMaps]


@dataclass(frozen=True, eq=False)
class ExplanationResults:
    """All variants, in the order of the registry. `ids` (N,) str of the faces that every method was
    measured on, `most` the most faces a mean map is made of."""

    ids: np.ndarray
    max_faces: int
    models: Mapping[str, ModelResults]


def files() -> tuple[Path, Path, Path]:
    """The summary and the two files of arrays beside it: of faces, and of mean maps."""
    names = ("saliency.json", "saliency_faces.npz", "saliency_maps.npz")
    summary, faces, maps = (store.artifacts().results / name for name in names)
    return summary, faces, maps


def current_checksums(name: str) -> dict[str, str]:
    """File → recorded SHA-256 of a variant's weights and those of its members."""
    sums = store.read_checksums(store.artifacts().weights)
    names = [
        weights_file.path(get_model_spec(each)).name
        for each in (name, *get_model_spec(name).members)
    ]
    return {file: sums.get(file, "") for file in names}


def is_stale(found: ModelResults, name: str) -> bool:
    """Whether the variant's weights have changed since."""
    return dict(found.weights) != current_checksums(name)


@store.cached
def load_results() -> ExplanationResults:
    """The committed results; `ResultsError` where a file is missing or damaged. Arrays are
    read-only: every visitor shares them."""
    text, by_face, by_emotion = files()
    told = store.read_json(text, WRITER)
    face_file, map_file = (io.BytesIO(store.read_verified(p, WRITER)) for p in (by_face, by_emotion))
    try:
        with np.load(face_file, allow_pickle=False) as saved:
            faces = {key: _locked(saved[key]) for key in saved.files}
        with np.load(map_file, allow_pickle=False) as saved:
            maps = {key: saved[key] for key in saved.files}
        return ExplanationResults(
            faces["ids"],
            told["maps_at_most"],
            {
                name: _variant(name, told["variants"][name], faces, maps)
                for name in told["variants"]
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise _damaged(text) from error
    except zipfile.BadZipFile as error:
        raise _damaged(text) from error


def _damaged(text: Path) -> ResultsError:
    return ResultsError(
        f"{text.name} or an array file beside it is damaged; restore them from the repository."
    )


def _variant(
    name: str, told: dict[str, Any], faces: dict[str, np.ndarray], maps: dict[str, np.ndarray]
) -> ModelResults:
    measured = {
        method: Measurement(summary["depth"], faces[f"{name}.{method}"])
        for method, summary in told["methods"].items()
    }
    if any(len(each.faces) != len(faces["ids"]) for each in measured.values()):
        raise ValueError("a method was measured on other faces")
    row = maps["variants"].tolist().index(name)
    means = {
        method: MeanMaps(
            mean["depth"],
            _locked(maps[f"{method}.maps"][row].astype(np.float32)),
            _locked(maps[f"{method}.n"][row]),
            _locked(maps[f"{method}.flat"][row]),
        )
        for method, mean in told["means"].items()
    }
    return ModelResults(told["weights"], told["made"], measured, means)


def _locked(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def save_results(found: ExplanationResults) -> None:
    """Write the three files; a reader never sees half of one."""
    text, by_face, by_emotion = files()
    faces = {"ids": found.ids} | {
        f"{name}.{method}": each.faces.astype(np.float32)
        for name, variant in found.models.items()
        for method, each in variant.measurements.items()
    }
    maps: dict[str, np.ndarray] = {"variants": np.array(list(found.models), str)}
    for method in sorted({m for each in found.models.values() for m in each.mean_maps}):
        # A variant without this method has zeros, and the summary doesn't name it.
        nothing = MeanMaps(0, np.zeros((K, 48, 48)), np.zeros(K), np.zeros(K))
        rows = [each.mean_maps.get(method, nothing) for each in found.models.values()]
        maps[f"{method}.maps"] = np.array([row.maps for row in rows], np.float16)
        maps[f"{method}.n"] = np.array([row.n for row in rows], np.int32)
        maps[f"{method}.flat"] = np.array([row.flat for row in rows], np.int32)
    told = {
        "split": SPLIT,
        "faces": len(found.ids),
        "maps_at_most": found.max_faces,
        "variants": {
            name: {
                "weights": dict(each.weights),
                "made": dict(each.provenance),
                "methods": {m: asdict(summarise(row)) for m, row in each.measurements.items()},
                "means": {
                    m: {
                        "depth": mean.depth,
                        "n": dict(zip(EMOTIONS, mean.n.tolist(), strict=True)),
                        "flat": dict(zip(EMOTIONS, mean.flat.tolist(), strict=True)),
                    }
                    for m, mean in each.mean_maps.items()
                },
            }
            for name, each in found.models.items()
        },
    }
    text.parent.mkdir(parents=True, exist_ok=True)
    for path, arrays in ((by_face, faces), (by_emotion, maps)):
        half = path.with_suffix(".part.npz")
        np.savez_compressed(half, **arrays)  # type: ignore[arg-type]
        half.replace(path)
    half = text.with_suffix(".part.json")
    half.write_text(json.dumps(told, indent=1) + "\n")
    half.replace(text)
    store.record_checksums(text, by_face, by_emotion)
