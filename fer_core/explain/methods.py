"""The registry of explanation methods. Imports neither torch nor TensorFlow."""

from dataclasses import dataclass

from fer_core.registry import MODELS, ModelSpec, get_model_spec, networks_of

#: Networks small enough for methods that need many forward passes per face.
SMALL_NETWORKS = ("scratch_cnn", "yes_no_cnns")


@dataclass(frozen=True)
class Method:
    """A method that turns a network's activations into a heat map.

    `cam_class` is the class for torch networks, as "module:Class", imported when the first map is
    computed; its constructor takes a network and a list of one layer, as in the package grad-cam.
    `needs_gradients` says whether it needs gradients, `has_keras` whether `keras_maps` implements
    the method as well.

    `unit` is the unit of the raw map and of `Explanation.peak`. A raw map whose maximum is below
    `min_peak` is flat (docs/saliency.md explains the limit). Without `class_discriminative`, a
    network has the same map for every emotion. An `is_slow` method supports SMALL_NETWORKS only.
    `depth` is the default for models whose record in the registry has none.
    """

    name: str
    title: str
    summary: str
    reference: str
    cam_class: str
    unit: str
    min_peak: float
    needs_gradients: bool = True
    has_keras: bool = False
    class_discriminative: bool = True
    is_slow: bool = False
    depth: int = 3

    def supports(self, model: ModelSpec) -> bool:
        """Whether the method can explain every network of a model; an own model's layers are not
        known."""
        return not model.is_own and all(
            (self.has_keras or network.framework == "torch")
            and (not self.is_slow or network.network in SMALL_NETWORKS)
            for network in networks_of(model)
        )

    @property
    def model_names(self) -> tuple[str, ...]:
        """Names of the models it supports, in the order of the registry."""
        return tuple(name for name, model in MODELS.items() if self.supports(model))


#: In the order in which they are offered, the most faithful first (docs/saliency.md).
METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            name="layer_cam",
            title="LayerCAM",
            summary="Weights each location of each channel by its own effect on the logit, so "
            "early layers show fine detail.",
            reference="Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943",
            cam_class="fer_core.explain.torch_maps:LayerCam",
            unit="logits",
            min_peak=0.5,
            has_keras=True,
        ),
        Method(
            name="grad_cam",
            title="Grad-CAM",
            summary="Weights each channel of a layer by how much it raises the emotion's logit.",
            reference="Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391",
            cam_class="fer_core.explain.torch_maps:GradCam",
            unit="logits",
            min_peak=0.1,
            has_keras=True,
        ),
        Method(
            name="grad_cam_plus_plus",
            title="Grad-CAM++",
            summary="Like Grad-CAM, but uses only evidence that raises the logit, and gives small "
            "regions the same weight as large ones.",
            reference="Chattopadhay et al. 2018, https://arxiv.org/abs/1710.11063",
            cam_class="fer_core.explain.torch_maps:GradCamPlusPlus",
            unit="logits",
            min_peak=0.1,
        ),
        Method(
            name="eigen_cam",
            title="Eigen-CAM",
            summary="Shows the main pattern of a layer's activations (first principal component); "
            "it is the same for every emotion.",
            reference="Muhammad and Yeasin 2020, https://arxiv.org/abs/2008.00299",
            cam_class="fer_core.explain.torch_maps:EigenCam",
            unit="activation",
            min_peak=0.01,
            needs_gradients=False,
            class_discriminative=False,
        ),
        Method(
            name="score_cam",
            title="Score-CAM",
            summary="Weights each channel by the logit that remains when the network sees only the "
            "regions the channel marks; needs no gradients.",
            reference="Wang et al. 2020, https://arxiv.org/abs/1910.01279",
            cam_class="fer_core.explain.torch_maps:ScoreCam",
            unit="activation",
            min_peak=0.01,
            needs_gradients=False,
            is_slow=True,
        ),
    )
}


def list_methods(model_name: str) -> list[Method]:
    """List the methods that support a model, in the order of METHODS.

    Raises `UnknownModelError`, a `ValueError`, for an unknown model.
    """
    return [method for method in METHODS.values() if method.supports(get_model_spec(model_name))]


def get_method(name: str, model_name: str) -> Method:
    """Look up a method.

    Args:
        name: the method's name.
        model_name: the model to explain.

    Returns:
        The method.

    Raises:
        ValueError: the method does not exist or does not support the model; the message lists the
            valid ones.
    """
    valid = {method.name: method for method in list_methods(model_name)}
    if not valid:
        raise ValueError(f"heat maps are not available for {model_name}, an own model")
    if name not in valid:
        raise ValueError(
            f"{model_name} does not support method {name!r}; choose one of {', '.join(valid)}"
        )
    return valid[name]


def default_depth(model_name: str, method: str) -> int:
    """The most faithful depth of a model and method, 1 (early layer) to 4 (late layer)."""
    return get_model_spec(model_name).layer_depths.get(method, METHODS[method].depth)
