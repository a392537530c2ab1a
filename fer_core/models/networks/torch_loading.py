"""The torch networks by variant name: building, what they take, loading committed weights."""

from pathlib import Path
from typing import Any

from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from fer_core.artifacts import weights_file
from fer_core.models.networks.scratch_cnn import ScratchCNN, YesNoModels
from fer_core.registry import ModelSpec, Preprocessing, get_model_spec


def build(name: str, *, pretrained: bool = False, **options: Any) -> nn.Module:
    """The untrained network of a variant; `options` are its recipe's arguments for the class."""
    network = get_model_spec(name).network
    if network == "yes_no_cnns":
        return YesNoModels(**options)
    if network == "scratch_cnn":
        return ScratchCNN(**options)
    library, _, backbone = network.partition(":")
    if library != "timm":
        raise ValueError(f"{name} has no network on torch")
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import

    return FaceModel(backbone, pretrained=pretrained, **options)


def preprocess(images: Tensor, how: Preprocessing) -> Tensor:
    """Grey `images` (N, 1, H, W) float in [0, 1] → (N, channels, size, size), normalised."""
    if int(images.shape[-1]) != how.size:
        images = F.interpolate(images, (how.size, how.size), mode="bilinear", align_corners=False)
    return ((images - how.mean) / how.std).expand(-1, how.channels, -1, -1)


class ChipNetwork(nn.Module):
    """A network that takes chips as they are: (N, 48, 48) uint8 → (N, 7) logits."""

    def __init__(self, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.network = network
        self.preprocessing = preprocessing

    def forward(self, chips: Tensor) -> Tensor:
        logits: Tensor = self.network(preprocess(chips[:, None].float() / 255, self.preprocessing))
        return logits


def load_network(name: str) -> ChipNetwork:
    """A torch variant with its committed weights, float32, in evaluation mode.

    Raises `NotTrainedError` without weights and `WeightsError` where the file is damaged.
    """
    variant = get_model_spec(name)
    return network_from(variant, weights_file.verify(weights_file.path(variant)))


def network_from(variant: ModelSpec, path: Path) -> ChipNetwork:
    """The network of a torch variant with the tensors and the recipe in a safetensors file."""
    if variant.preprocessing is None:
        raise ValueError(f"{variant.name} is composed of others and has no network of its own")
    recipe = weights_file.read_provenance(path)["recipe"]
    network = build(variant.name, **recipe["network"])
    tensors = {key: tensor.float() for key, tensor in load_file(path).items()}
    network.load_state_dict(tensors, strict=False)  # batch counters are not stored
    return ChipNetwork(network, variant.preprocessing.at(recipe.get("size", 0))).eval()
