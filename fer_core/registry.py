"""The registry: one record a model variant. Importing it imports no NumPy, torch or TensorFlow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, Literal

from fer_core.artifacts import store
from fer_core.artifacts.checksums import read_sums
from fer_core.errors import ResultsError

HERE = Path(__file__).parent
WEIGHTS_DIR = HERE / "weights"
RESULTS_DIR = HERE / "results"
EVALUATE = "evaluate all"  # the command that writes a variant's results
MOST_HEADER = 100_000_000  # bytes of a safetensors header; what that library itself allows

Kind = Literal["yes/no models", "multi-class network", "ensemble", "stacking"]


@dataclass(frozen=True)
class Preprocessing:
    """What a network does with a 48×48 grey chip before its first layer."""

    size: int = 48  # pixels a side
    channels: int = 1  # the grey value repeated
    mean: float = 0.5
    std: float = 0.25

    def at(self, size: int) -> "Preprocessing":
        """The same with `size` pixels a side, as a recipe may want it; 0 changes nothing."""
        return replace(self, size=size) if size else self


@dataclass(frozen=True)
class Variant:
    """One model variant of the study.

    `study_accuracy` is the study's own number, a fraction (for `individual` one an emotion); it was
    measured on that study's validation folder, not on PrivateTest. A composite variant names the
    variants it is made of in `parts`.
    """

    name: str
    title: str
    kind: Kind
    summary: str
    study_accuracy: float | Mapping[str, float]
    preprocessing: Preprocessing | None = None
    parts: tuple[str, ...] = ()

    @property
    def weights(self) -> Path:
        """A network's tensors, or a composite's few fitted numbers."""
        suffix = "json" if self.parts else "safetensors"
        return WEIGHTS_DIR / f"{self.name}.{suffix}"

    @property
    def graph(self) -> Path:
        """The ONNX graph whose initialisers lie in the weights file; networks only."""
        return WEIGHTS_DIR / f"{self.name}.onnx"

    @property
    def results(self) -> Path:
        """Summary of the evaluation; the predictions lie beside it in an `.npz`."""
        return RESULTS_DIR / f"{self.name}.json"

    @property
    def files(self) -> tuple[Path, ...]:
        """This variant's own files, parts' files not included."""
        return (self.weights,) if self.parts else (self.weights, self.graph)

    @property
    def ready(self) -> bool:
        """Whether everything needed to predict has been trained and is in place."""
        return not self.missing

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the files, the parts' too, that are not in place."""
        own = [path.name for path in self.files if not path.is_file()]
        return (*own, *(name for part in self.parts for name in get(part).missing))

    @property
    def lost(self) -> bool:
        """Whether a file that is missing was there once: its checksum is recorded."""
        return bool(set(self.missing) & read_sums(WEIGHTS_DIR).keys())

    @property
    def weights_bytes(self) -> int | None:
        """Size on disk in bytes, with the parts'; None when not trained."""
        if not self.ready:
            return None
        own = sum(path.stat().st_size for path in self.files)
        return own + sum(get(part).weights_bytes or 0 for part in self.parts)

    @property
    def parameters(self) -> int | None:
        """Stored numbers (weights and batch-norm statistics), with the parts'; None where a file
        is missing or so damaged that they cannot be counted."""
        if not self.ready:
            return None
        own = _count_numbers(self.weights)
        parts = [get(part).parameters for part in self.parts]
        return None if own is None or None in parts else own + sum(map(int, filter(None, parts)))

    @property
    def summary_results(self) -> dict[str, Any] | None:
        """The committed results (see `training.evaluate`); None where there are none, or where the
        file is not what was committed, which `results_problem` says."""
        try:
            return store.read_json(self.results, EVALUATE)
        except ResultsError:
            return None

    @property
    def results_problem(self) -> str | None:
        """The sentence that says what is wrong with the committed summary; None where all is well
        or the variant was never evaluated."""
        return store.problem(self.results, EVALUATE)

    @property
    def labels(self) -> tuple[str, ...]:
        """Whose labels its networks, a composite's parts, learned from, each said once; empty where
        none was evaluated."""
        return tuple(sorted({made["labels"] for made in self._networks_made()}))

    @property
    def learned_from_votes(self) -> bool:
        """Whether people's votes (FER+) had a share in what its networks learned."""
        return any(made["recipe"].get("votes", 0) for made in self._networks_made())

    @property
    def teacher(self) -> str:
        """Name of the variant whose answers it learned to give (distillation); "" for none."""
        recipe = (self.summary_results or {}).get("recipe", {})
        return str(recipe.get("teacher", ""))

    @property
    def teacher_replaced(self) -> bool:
        """Whether the teacher has been trained anew since, so that its answers are others now."""
        taught_by = (self.summary_results or {}).get("taught_by", {})
        return any(
            (get(name).summary_results or {}).get("sha256") != digest
            for name, digest in taught_by.items()
        )

    def _networks_made(self) -> list[dict[str, Any]]:
        """The results of its networks, a composite's parts, that were evaluated."""
        networks = [get(part) for part in self.parts] or [self]
        return [made for network in networks if (made := network.summary_results)]

    def accuracy(self, split: str) -> float | None:
        """Committed seven-way accuracy on a split, a fraction; None where not evaluated."""
        summary = self.summary_results
        return None if summary is None else summary["splits"][split]["accuracy"]


def _count_numbers(path: Path) -> int | None:
    """How many numbers a weights file stores; of a safetensors file only the header is read.

    None where it cannot be told. That the file is whole is checked when it is loaded: reading all
    of it for a number in a table would take too long.
    """
    try:
        return _numbers(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _numbers(path: Path) -> int:
    if path.suffix == ".safetensors":
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            content = file.read(min(length, MOST_HEADER))
        if len(content) != length:
            raise ValueError(f"{len(content)} bytes of a header of {length}")
        header = json.loads(content)
        return sum(prod(t["shape"]) for name, t in header.items() if name != "__metadata__")

    def leaves(value: Any) -> int:
        if isinstance(value, dict):
            return sum(leaves(v) for v in value.values())
        if isinstance(value, list):
            return sum(leaves(v) for v in value)
        return 1

    return leaves(json.loads(path.read_text())["fitted"])


def get(name: str) -> Variant:
    """The variant of that name; an unknown name raises `ValueError` that lists the valid ones."""
    if name not in VARIANTS:
        raise ValueError(f"unknown variant {name!r}; choose one of {', '.join(VARIANTS)}")
    return VARIANTS[name]


def default_variant() -> str | None:
    """Name of the ready variant most accurate on PublicTest (never chosen on PrivateTest)."""
    scored = {n: v.accuracy("PublicTest") for n, v in VARIANTS.items() if v.ready}
    known = {n: accuracy for n, accuracy in scored.items() if accuracy is not None}
    if known:
        return max(known, key=lambda n: known[n])
    return next(iter(scored), None)


VARIANTS: Mapping[str, Variant] = {
    v.name: v
    for v in (
        Variant(
            name="individual",
            title="Individual emotion models",
            kind="yes/no models",
            summary="Seven networks, each asked one question: is it this emotion, or not?",
            study_accuracy={
                "angry": 0.8641,
                "disgust": 0.9843,
                "fear": 0.8559,
                "happy": 0.7417,
                "neutral": 0.8279,
                "sad": 0.8388,
                "surprise": 0.8872,
            },
            preprocessing=Preprocessing(),
        ),
        Variant(
            name="multiclass",
            title="Multi-class CNN",
            kind="multi-class network",
            summary="Four convolution blocks and two fully connected layers, from scratch.",
            study_accuracy=0.4215,
            preprocessing=Preprocessing(),
        ),
        Variant(
            name="ensemble_full",
            title="Ensemble: single-emotion and multi-class",
            kind="ensemble",
            summary="The seven yes/no models and the multi-class CNN, averaged by weight.",
            study_accuracy=0.4508,
            parts=("individual", "multiclass"),
        ),
        Variant(
            name="ensemble_single",
            title="Ensemble: single-emotion only",
            kind="ensemble",
            summary="The seven yes/no models' answers, recalibrated and made to compete.",
            study_accuracy=0.4016,
            parts=("individual",),
        ),
        Variant(
            name="stacking",
            title="Stacking",
            kind="stacking",
            summary="A logistic regression that learned how far to trust which model's answer.",
            study_accuracy=0.4083,
            parts=("individual", "multiclass"),
        ),
        Variant(
            name="resnet101",
            title="ResNet-101",
            kind="multi-class network",
            summary="A deep residual network (timm) with the study's head; the study's winner.",
            study_accuracy=0.6443,
            preprocessing=Preprocessing(size=96, channels=3),
        ),
        Variant(
            name="efficientnet_b5",
            title="EfficientNet-B5",
            kind="multi-class network",
            summary="A compound-scaled network (timm) with the study's head.",
            study_accuracy=0.5134,
            preprocessing=Preprocessing(size=96, channels=3),
        ),
        Variant(
            name="keras_cnn",
            title="Keras CNN from scratch",
            kind="multi-class network",
            summary="The study's Sequential network on TensorFlow/Keras, trained from scratch.",
            study_accuracy=0.5416,
            preprocessing=Preprocessing(mean=0.0, std=1.0),
        ),
    )
}
#: Names of those that are trained networks, not combinations of others.
NETWORKS = tuple(name for name, variant in VARIANTS.items() if not variant.parts)
