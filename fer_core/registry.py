"""The registry: one record a model variant, with all that is said of it.

It reads no file: what is on disk is told by `fer_core.artifacts`. Importing it imports no NumPy,
torch or TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from fer_core.errors import UnknownModelError

ModelKind = Literal["yes/no models", "multi-class network", "ensemble", "stacking"]
#: How a variant answers: by a network with one answer out of seven, by a network with seven yes/no
#: answers, or by a rule over other variants' answers.
PredictorKind = Literal["network", "yes_no", "combination"]
#: See `fer_core.models.ensembles`.
EnsembleRule = Literal["vector_scaling", "weighted_mean", "logistic_regression", "mean"]


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
class ModelSpec:
    """One model variant.

    `study_accuracy` is the study's own number, a fraction (for the yes/no models one an emotion);
    it was measured on that study's validation folder, not on PrivateTest. None for a variant that
    the study does not have.

    A network names its architecture in `network`: `scratch_cnn`, `yes_no_cnns`, `keras_cnn` or
    `timm:` and timm's name of a backbone. A combination names the variants it is made of in
    `members` and how their answers become one in `combine`.

    `layer_depths` is the depth that is taken when nobody names one, by explanation method.
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

    @property
    def yes_no(self) -> bool:
        """Whether it offers seven independent yes/no scores besides its probabilities."""
        return self.predictor == "yes_no"

    @property
    def framework(self) -> Literal["torch", "keras"]:
        """What its network is built and explained with; a combination's members are torch's."""
        return "keras" if self.network == "keras_cnn" else "torch"


def get_model_spec(name: str) -> ModelSpec:
    """The variant of that name; `UnknownModelError`, a `ValueError`, lists the valid ones."""
    if name not in MODELS:
        raise UnknownModelError(f"unknown variant {name!r}; choose one of {', '.join(MODELS)}")
    return MODELS[name]


def list_models() -> list[str]:
    """Names of all variants, in the order in which they are shown."""
    return list(MODELS)


def list_networks() -> tuple[str, ...]:
    """Names of those that are trained networks, not combinations of others."""
    return tuple(name for name, variant in MODELS.items() if not variant.members)


#: Depths with the truest maps on PublicTest (`python -m training.layer_search`; the table is in
#: docs/saliency.md): the highest mean, of two within a point the finer one. Of the multi-class CNN
#: and the yes/no models, which share it, and of what is made of them.
_SCRATCH_DEPTHS: Mapping[str, int] = {
    "grad_cam": 3,
    "grad_cam_plus_plus": 3,
    "layer_cam": 2,
    "eigen_cam": 3,
    "score_cam": 4,
}

#: Every variant by name, in the order in which they are shown. One more is one more record here,
#: a recipe in `training.recipes` and its trained files.
MODELS: dict[str, ModelSpec] = {
    v.name: v
    for v in (
        ModelSpec(
            name="individual",
            title="Individual emotion models",
            short_title="Individual",
            kind="yes/no models",
            summary="Seven networks, each asked one question: is it this emotion, or not?",
            architecture=(
                "Seven separate CNNs that share nothing but the input. Each began as a copy of "
                "the multi-class CNN with the output of its own emotion, and learned on from "
                "there by yes and no alone: four blocks of 3×3 convolutions, batch normalisation,"
                " ReLU, max pooling and dropout, then two fully connected layers, the second with"
                " one output."
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
            summary="Four convolution blocks and two fully connected layers, from scratch.",
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
            summary="The seven yes/no models and the multi-class CNN, averaged by weight.",
            architecture=(
                "A weighted mean of two sets of seven probabilities: those of the multi-class CNN"
                " and those of the seven yes/no models, which were recalibrated so that they sum "
                "to 1."
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
            summary="The seven yes/no models' answers, recalibrated and made to compete.",
            architecture=(
                "Each yes/no answer's log-odds times a slope plus an offset, then softmax, so "
                "that seven independent answers become probabilities that sum to 1 (vector "
                "scaling, Guo et al. 2017)."
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
            summary="A logistic regression that learned how far to trust which model's answer.",
            architecture=(
                "Multinomial logistic regression on fourteen numbers: the log-odds of the seven "
                "yes/no answers and the logarithms of the multi-class CNN's seven probabilities "
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
            summary="A deep residual network (timm) with the study's head; the study's winner.",
            architecture=(
                "timm's ResNet-101, 101 layers with shortcuts around every few of them, then the "
                "study's head: dropout 0.5 and batch normalisation on the seven outputs."
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
                "timm's EfficientNet-B5, depthwise convolutions scaled up in depth, width and "
                "picture size together, then the study's head: dropout 0.5 and batch "
                "normalisation on the seven outputs."
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
            summary="The study's Sequential network on TensorFlow/Keras, trained from scratch.",
            architecture=(
                "Keras Sequential: four blocks of convolution (64 filters 3×3, 128 of 5×5, 512 of"
                " 3×3, 512 of 3×3), batch normalisation, ReLU, max pooling and dropout 0.25, then"
                " two fully connected layers (256 and 512) and seven outputs."
            ),
            study_accuracy=0.5416,
            preprocessing=Preprocessing(mean=0.0, std=1.0),
            predictor="network",
            network="keras_cnn",
            layer_depths={"grad_cam": 3, "layer_cam": 3},
        ),
    )
}
