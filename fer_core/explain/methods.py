"""The registry of explanation methods: one record each. Imports neither torch nor TensorFlow."""

from dataclasses import dataclass

from fer_core.registry import MODELS, ModelSpec, get_model_spec

#: Networks small enough for a method that runs one many times a face.
SMALL_NETWORKS = ("scratch_cnn", "yes_no_cnns")


@dataclass(frozen=True)
class Method:
    """One way to turn a network's inner values into a heat map.

    `cam` names the class that computes it for torch networks, `module:Class`, imported when a map
    is asked for; it takes a network and a list of one layer as the package grad-cam's classes do,
    and `gradients` says whether it needs them. `keras` says whether `keras_maps` has it too.

    `unit` is that of the raw map and so of `Explanation.strength`; a raw map that stays below
    `faint` everywhere counts as flat (docs/saliency.md says why there). Where `of_emotion` is
    false, a network's map is the same whatever emotion is asked about; a `slow` one is only for
    SMALL networks. `depth` is that of variants whose record in the registry names none.
    """

    name: str
    title: str
    summary: str
    reference: str
    cam_class: str
    unit: str
    min_peak: float
    gradients: bool = True
    has_keras: bool = False
    class_discriminative: bool = True
    is_slow: bool = False
    depth: int = 3

    def supports(self, variant: ModelSpec) -> bool:
        """Whether every network that the variant is made of can be explained by it."""
        networks = [get_model_spec(name) for name in variant.members] or [variant]
        return all(
            (self.has_keras or each.framework == "torch") and (not self.is_slow or each.network in SMALL_NETWORKS)
            for each in networks
        )

    @property
    def model_names(self) -> tuple[str, ...]:
        """Names of the variants that it works for, in the order of the registry."""
        return tuple(name for name, variant in MODELS.items() if self.supports(variant))


METHODS: dict[str, Method] = {
    m.name: m
    for m in (
        Method(
            name="grad_cam",
            title="Grad-CAM",
            summary="Each channel of a layer counts by how much it raises the emotion's logit.",
            reference="Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391",
            cam_class="fer_core.explain.torch_maps:GradCam",
            unit="logits",
            min_peak=0.1,
            has_keras=True,
        ),
        Method(
            name="grad_cam_plus_plus",
            title="Grad-CAM++",
            summary="Like Grad-CAM, but only what raises the logit counts, and a small region "
            "weighs as much as a large one.",
            reference="Chattopadhay et al. 2018, https://arxiv.org/abs/1710.11063",
            cam_class="fer_core.explain.torch_maps:GradCamPlusPlus",
            unit="logits",
            min_peak=0.1,
        ),
        Method(
            name="layer_cam",
            title="LayerCAM",
            summary="Each place of each channel counts by its own effect on the logit, so early "
            "layers give fine detail.",
            reference="Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943",
            cam_class="fer_core.explain.torch_maps:LayerCam",
            unit="logits",
            min_peak=0.5,
            has_keras=True,
        ),
        Method(
            name="eigen_cam",
            title="Eigen-CAM",
            summary="The main pattern of a layer's activity: where the network looks at all, "
            "whatever emotion is asked about.",
            reference="Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299",
            cam_class="fer_core.explain.torch_maps:EigenCam",
            unit="activation",
            min_peak=0.01,
            gradients=False,
            class_discriminative=False,
        ),
        Method(
            name="score_cam",
            title="Score-CAM",
            summary="Each channel counts by the logit that is left when the network sees only "
            "what the channel marks; no gradients.",
            reference="Wang et al. 2020, https://arxiv.org/abs/1910.01279",
            cam_class="fer_core.explain.torch_maps:ScoreCam",
            unit="activation",
            min_peak=0.01,
            gradients=False,
            is_slow=True,
        ),
    )
}


def list_methods(variant: str) -> list[Method]:
    """The methods that work for a variant, in the order of METHODS; an unknown variant raises
    `ValueError`."""
    return [method for method in METHODS.values() if method.supports(get_model_spec(variant))]


def get_method(name: str, variant: str) -> Method:
    """The method of that name. Raises `ValueError` that lists the valid ones where it does not
    exist or does not work for that variant."""
    valid = {method.name: method for method in list_methods(variant)}
    if name not in valid:
        raise ValueError(f"{variant} has no method {name!r}; choose one of {', '.join(valid)}")
    return valid[name]


def default_depth(variant: str, method: str) -> int:
    """The depth, 1 early to 4 late, that is taken when nobody names one."""
    return get_model_spec(variant).layer_depths.get(method, METHODS[method].depth)
