"""The model registry: one `ModelSpec` per model, with its descriptive metadata.

This module reads no files; `fer_core.artifacts` reports what is on disk. Importing it does not
import NumPy, torch or TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from fer_core.errors import UnknownModelError

ModelKind = Literal["yes/no models", "multi-class network", "ensemble", "stacking", "own model"]
#: How a model predicts: with one seven-class network, with seven yes/no networks, or with a rule
#: that combines the outputs of other models ("combination": an ensemble). "own" is a user's ONNX
#: file, or predictions alone.
PredictorKind = Literal["network", "yes_no", "combination", "own"]
#: How an ensemble combines its members; see `fer_core.models.ensembles`.
EnsembleRule = Literal["vector_scaling", "weighted_mean", "logistic_regression", "mean"]


@dataclass(frozen=True)
class Preprocessing:
    """Input transform of a network: how a 48×48 grey chip becomes its input tensor."""

    size: int = 48  # side length in pixels; other sizes are resampled
    channels: int = 1  # the grey channel is repeated this many times
    mean: float = 0.5  # subtracted from grey values in [0, 1]
    std: float = 0.25  # divides the difference

    def at(self, size: int) -> "Preprocessing":
        """Return a copy with side length `size`, as set by a recipe; 0 keeps the default."""
        return replace(self, size=size) if size else self


@dataclass(frozen=True)
class ModelSpec:
    """Registry record of one model.

    Attributes:
        name: Unique identifier, used in file names, on the command line and in JSON.
        title: Display name.
        short_title: Display name where space is short.
        kind: Family of the model, as shown to readers.
        summary: One sentence for tables and cards.
        architecture: Layers and outputs, for the model card.
        predictor: Which kind of predictor loads the model.
        study_accuracy: Accuracy reported by the study, a fraction; one per emotion for the yes/no
            models. It was measured on the study's own validation folder, not on PrivateTest. None
            if the model is not part of the study.
        preprocessing: Input transform of a network; None for an ensemble.
        network: Architecture of a network: `scratch_cnn`, `yes_no_cnns`, `keras_cnn`, or `timm:`
            followed by timm's name of the backbone. Empty for an ensemble.
        members: Names of an ensemble's members; empty for a network.
        combine: Rule by which an ensemble combines its members; None for a network.
        layer_depths: Default layer depth per explanation method.
        file: Path of the ONNX file of a user's own model; empty for others, and where there are
            only predictions.
    """

    name: str
    title: str
    short_title: str
    kind: ModelKind
    summary: str
    architecture: str
    predictor: PredictorKind
    study_accuracy: float | Mapping[str, float] | None = None
    preprocessing: Preprocessing | None = None
    network: str = ""
    members: tuple[str, ...] = ()
    combine: EnsembleRule | None = None
    layer_depths: Mapping[str, int] = field(default_factory=dict)
    file: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is a user's own model, of which nothing is committed."""
        return self.predictor == "own"

    @property
    def in_study(self) -> bool:
        """Whether the model is one of the study's, which reported its accuracy."""
        return self.study_accuracy is not None

    @property
    def yes_no(self) -> bool:
        """Whether the model also has seven independent yes/no scores."""
        return self.predictor == "yes_no"

    @property
    def framework(self) -> Literal["torch", "keras"]:
        """Framework that builds and explains the network; all ensemble members use torch."""
        return "keras" if self.network == "keras_cnn" else "torch"


def get_model_spec(name: str) -> ModelSpec:
    """Look up a model by name.

    Raises:
        UnknownModelError: No model has this name; the message lists the valid names. It is also a
            `ValueError`.

    Examples:
        >>> get_model_spec("stacking").members
        ('individual', 'multiclass')
    """
    if name not in MODELS:
        raise UnknownModelError(f"unknown model {name!r}; choose one of {', '.join(MODELS)}")
    return MODELS[name]


def list_models(pattern: str = "*") -> list[str]:
    """Names of all models, or of those that match a pattern, in display order.

    Args:
        pattern: A name in which `*` stands for any characters, `?` for one and `[ab]` for a or b.

    Returns:
        The names; none if no model matches.

    Examples:
        >>> list_models()[:2]
        ['individual', 'multiclass']
        >>> list_models("ens*")
        ['ensemble_full', 'ensemble_single']
    """
    return [name for name in MODELS if fnmatchcase(name, pattern)]


def list_networks() -> tuple[str, ...]:
    """Names of the committed networks, neither ensembles nor own models, in display order."""
    return tuple(name for name, model in MODELS.items() if not model.members and not model.is_own)


def networks_of(model: ModelSpec) -> list[ModelSpec]:
    """The networks that answer for a model: an ensemble's members, or the model itself."""
    return [get_model_spec(name) for name in model.members] or [model]


#: Layer depths with the most faithful maps on PublicTest (`python -m training.layer_search`; table
#: in docs/saliency.md): the highest mean, or the finer of two layers within one point of each
#: other. For the multi-class CNN, the yes/no models, which share its architecture, and their
#: ensembles.
_SCRATCH_DEPTHS: Mapping[str, int] = {
    "grad_cam": 4,
    "grad_cam_plus_plus": 3,
    "layer_cam": 2,
    "eigen_cam": 3,
    "score_cam": 3,
}

#: All models by name, in display order. To add one: a record here, a recipe in `training.recipes`
#: and its trained files.
MODELS: dict[str, ModelSpec] = {
    model.name: model
    for model in (
        ModelSpec(
            name="individual",
            title="Individual emotion models",
            short_title="Individual",
            kind="yes/no models",
            summary="Seven binary networks, one per emotion: is it this emotion or not?",
            architecture=(
                "Seven separate CNNs that share only their input. Each was initialised with the "
                "weights of the multi-class CNN and the output of its own emotion, then "
                "fine-tuned on yes/no targets alone: four blocks of 3×3 convolutions, batch "
                "normalisation, ReLU, max pooling and dropout, then two fully connected layers, "
                "the second with one output."
            ),
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
            predictor="yes_no",
            network="yes_no_cnns",
            layer_depths=_SCRATCH_DEPTHS,
        ),
        ModelSpec(
            name="multiclass",
            title="Multi-class CNN",
            short_title="Multi-class CNN",
            kind="multi-class network",
            summary="Four convolutional blocks and two fully connected layers, from scratch.",
            architecture=(
                "Four blocks of 3×3 convolutions, batch normalisation, ReLU, max pooling and "
                "dropout, then two fully connected layers and seven outputs."
            ),
            study_accuracy=0.4215,
            preprocessing=Preprocessing(),
            predictor="network",
            network="scratch_cnn",
            layer_depths=_SCRATCH_DEPTHS,
        ),
        ModelSpec(
            name="ensemble_full",
            title="Ensemble: single-emotion and multi-class",
            short_title="Ensemble, both",
            kind="ensemble",
            summary="Weighted mean of the seven yes/no models and the multi-class CNN.",
            architecture=(
                "A weighted mean of two sets of seven probabilities: those of the multi-class CNN "
                "and those of the seven yes/no models, recalibrated to sum to 1."
            ),
            study_accuracy=0.4508,
            members=("individual", "multiclass"),
            predictor="combination",
            combine="weighted_mean",
            layer_depths=_SCRATCH_DEPTHS,
        ),
        ModelSpec(
            name="ensemble_single",
            title="Ensemble: single-emotion only",
            short_title="Ensemble, single",
            kind="ensemble",
            summary="The seven yes/no models, recalibrated into probabilities that sum to 1.",
            architecture=(
                "The log-odds of each yes/no model times a slope plus an offset, then softmax: "
                "seven independent scores become probabilities that sum to 1 (vector scaling, "
                "Guo et al. 2017)."
            ),
            study_accuracy=0.4016,
            members=("individual",),
            predictor="combination",
            combine="vector_scaling",
            layer_depths=_SCRATCH_DEPTHS,
        ),
        ModelSpec(
            name="stacking",
            title="Stacking",
            short_title="Stacking",
            kind="stacking",
            summary="A logistic regression on the outputs of the yes/no models and the CNN.",
            architecture=(
                "Multinomial logistic regression on fourteen features: the log-odds of the seven "
                "yes/no models and the log-probabilities of the multi-class CNN's seven classes "
                "(Wolpert 1992)."
            ),
            study_accuracy=0.4083,
            members=("individual", "multiclass"),
            predictor="combination",
            combine="logistic_regression",
            layer_depths=_SCRATCH_DEPTHS,
        ),
        ModelSpec(
            name="resnet101",
            title="ResNet-101",
            short_title="ResNet-101",
            kind="multi-class network",
            summary="A deep residual network (timm) with the study's head; the study's best model.",
            architecture=(
                "timm's ResNet-101, 101 layers with residual (skip) connections, then the study's "
                "head: dropout 0.5 and batch normalisation on the seven outputs."
            ),
            study_accuracy=0.6443,
            preprocessing=Preprocessing(size=96, channels=3),
            predictor="network",
            network="timm:resnet101",
            layer_depths={"grad_cam": 3, "grad_cam_plus_plus": 3, "layer_cam": 1, "eigen_cam": 3},
        ),
        ModelSpec(
            name="efficientnet_b5",
            title="EfficientNet-B5",
            short_title="EfficientNet-B5",
            kind="multi-class network",
            summary="A compound-scaled network (timm) with the study's head.",
            architecture=(
                "timm's EfficientNet-B5, depthwise convolutions with depth, width and input size "
                "scaled up together, then the study's head: dropout 0.5 and batch normalisation "
                "on the seven outputs."
            ),
            study_accuracy=0.5134,
            preprocessing=Preprocessing(size=96, channels=3),
            predictor="network",
            network="timm:efficientnet_b5",
            layer_depths={"grad_cam": 4, "grad_cam_plus_plus": 4, "layer_cam": 1, "eigen_cam": 3},
        ),
        ModelSpec(
            name="keras_cnn",
            title="Keras CNN from scratch",
            short_title="Keras CNN",
            kind="multi-class network",
            summary="The study's Keras Sequential network (TensorFlow), trained from scratch.",
            architecture=(
                "Keras Sequential: four convolutional blocks (64 filters of 3×3, 128 of 5×5, 512 "
                "of 3×3, 512 of 3×3) with batch normalisation, ReLU, max pooling and dropout "
                "0.25, then two fully connected layers (256 and 512 units) and seven outputs."
            ),
            study_accuracy=0.5416,
            preprocessing=Preprocessing(mean=0.0, std=1.0),
            predictor="network",
            network="keras_cnn",
            layer_depths={"grad_cam": 3, "layer_cam": 3},
        ),
        ModelSpec(
            name="ferplus",
            title="FER+ CNN",
            short_title="FER+ CNN",
            kind="multi-class network",
            summary="The multi-class CNN taught by ten people's votes; ours, not the study's.",
            architecture=(
                "Four blocks of 3×3 convolutions, batch normalisation, ReLU, max pooling and "
                "dropout, then two fully connected layers and seven outputs, as in the multi-class "
                "CNN, whose weights it started from."
            ),
            preprocessing=Preprocessing(),
            predictor="network",
            network="scratch_cnn",
            layer_depths=_SCRATCH_DEPTHS,
        ),
    )
}
