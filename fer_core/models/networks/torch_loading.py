"""Build torch networks by model name, preprocess their input and load committed weights."""

from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from fer_core.artifacts import weights_file
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.registry import ModelSpec, Preprocessing, get_model_spec


def build(name: str, *, pretrained: bool = False, **options: Any) -> nn.Module:
    """Build a model's untrained network.

    Args:
        name: the model's name.
        pretrained: whether a timm backbone starts from its published weights.
        options: arguments of the network's class, from the recipe.

    Returns:
        The network.

    Raises:
        ValueError: the model has no torch network.
    """
    network = get_model_spec(name).network
    if network == "yes_no_cnns":
        return YesNoModels(**options)
    if network == "scratch_cnn":
        return ScratchCNN(**options)
    library, _, backbone = network.partition(":")
    if library != "timm":
        raise ValueError(f"{name} has no torch network")
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import

    return FaceModel(backbone, pretrained=pretrained, **options)


def preprocess(images: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Resize and normalise grey `images` (N, 1, H, W) float in [0, 1].

    Returns (N, channels, size, size).
    """
    size = preprocessing.size
    if int(images.shape[-1]) != size:
        images = F.interpolate(images, (size, size), mode="bilinear", align_corners=False)
    images = (images - preprocessing.mean) / preprocessing.std
    return images.expand(-1, preprocessing.channels, -1, -1)


def chip_input(chips: Tensor, preprocessing: Preprocessing) -> Tensor:
    """Turn chips (N, 48, 48) uint8 into a network's input, (N, channels, size, size) float32."""
    return preprocess(chips[:, None].float() / 255, preprocessing)


class ChipNetwork(nn.Module):
    """A network with its preprocessing: chips (N, 48, 48) uint8 → logits (N, 7)."""

    def __init__(self, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.network = network
        self.preprocessing = preprocessing

    def forward(self, chips: Tensor) -> Tensor:
        logits: Tensor = self.network(chip_input(chips, self.preprocessing))
        return logits


def load_network(name: str) -> ChipNetwork:
    """Load a torch model with its committed weights, float32, in evaluation mode.

    Raises `NotTrainedError` where weights are missing and `WeightsError` where they are damaged.
    """
    model = get_model_spec(name)
    return network_from(model, weights_file.verify(weights_file.path(model)))


def network_from(model: ModelSpec, path: Path) -> ChipNetwork:
    """Build a torch model from the tensors and the recipe in a safetensors file."""
    if model.preprocessing is None:
        raise ValueError(f"{model.name} is an ensemble and has no network of its own")
    recipe = weights_file.read_provenance(path)["recipe"]
    network = build(model.name, **recipe["network"])
    tensors = {key: tensor.float() for key, tensor in load_file(path).items()}
    network.load_state_dict(tensors, strict=False)  # batch counters are not stored
    return ChipNetwork(network, model.preprocessing.at(recipe.get("size", 0))).eval()
