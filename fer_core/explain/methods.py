"""The registry of explanation methods: one record each. Imports neither torch nor TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass

from fer_core.registry import VARIANTS, get

#: Variants by what their networks are; composites are made of from-scratch networks.
SCRATCH = ("individual", "multiclass", "ensemble_full", "ensemble_single", "stacking")
TORCH = tuple(name for name in VARIANTS if name != "keras_cnn")
ALL = tuple(VARIANTS)


@dataclass(frozen=True)
class Method:
    """One way to turn a network's inner values into a heat map.

    `unit` is that of the raw map and so of `Explanation.strength`; a raw map that stays below
    `faint` everywhere counts as flat (docs/saliency.md says why there). Where `of_emotion` is
    false, a network's map is the same whatever emotion is asked about.
    """

    name: str
    title: str
    summary: str
    reference: str
    variants: tuple[str, ...]
    unit: str
    faint: float
    of_emotion: bool = True


METHODS: Mapping[str, Method] = {
    m.name: m
    for m in (
        Method(
            name="grad_cam",
            title="Grad-CAM",
            summary="Each channel of a layer counts by how much it raises the emotion's logit.",
            reference="Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391",
            variants=ALL,
            unit="logits",
            faint=0.1,
        ),
        Method(
            name="grad_cam_plus_plus",
            title="Grad-CAM++",
            summary="Like Grad-CAM, but only what raises the logit counts, and a small region "
            "weighs as much as a large one.",
            reference="Chattopadhay et al. 2018, https://arxiv.org/abs/1710.11063",
            variants=TORCH,
            unit="logits",
            faint=0.1,
        ),
        Method(
            name="layer_cam",
            title="LayerCAM",
            summary="Each place of each channel counts by its own effect on the logit, so early "
            "layers give fine detail.",
            reference="Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943",
            variants=ALL,
            unit="logits",
            faint=0.5,
        ),
        Method(
            name="eigen_cam",
            title="Eigen-CAM",
            summary="The main pattern of a layer's activity: where the network looks at all, "
            "whatever emotion is asked about.",
            reference="Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299",
            variants=TORCH,
            unit="activation",
            faint=0.01,
            of_emotion=False,
        ),
        Method(
            name="score_cam",
            title="Score-CAM",
            summary="Each channel counts by the logit that is left when the network sees only "
            "what the channel marks; no gradients.",
            reference="Wang et al. 2020, https://arxiv.org/abs/1910.01279",
            variants=SCRATCH,
            unit="activation",
            faint=0.01,
        ),
    )
}


def methods_of(variant: str) -> list[Method]:
    """The methods that work for a variant, in the order of METHODS; an unknown variant raises
    `ValueError`."""
    name = get(variant).name
    return [method for method in METHODS.values() if name in method.variants]


def method_for(name: str, variant: str) -> Method:
    """The method of that name. Raises `ValueError` that lists the valid ones where it does not
    exist or does not work for that variant."""
    valid = {method.name: method for method in methods_of(variant)}
    if name not in valid:
        raise ValueError(f"{variant} has no method {name!r}; choose one of {', '.join(valid)}")
    return valid[name]
