"""Progressive depth: train a residual network with few blocks per stage first.

Inactive blocks are skipped and cost nothing. The last normalisation of each block starts at zero
(Goyal et al. 2017), so activating the block does not change the network's output, as in Net2Net
(Chen et al. 2016). Parameter names do not change.
"""

from itertools import islice
from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import


class Stage(nn.Sequential):
    """The blocks of one resolution; only the first `active_blocks` are used, 0 = all."""

    active_blocks = 0

    def forward(self, images: Tensor) -> Tensor:
        for block in islice(self, self.active_blocks or len(self)):
            images = block(images)
        return images


def make_growable(network: "FaceModel") -> None:
    """Turn the stages of a timm ResNet or EfficientNet into `Stage`s, in place.

    Raises:
        ValueError: The backbone is neither.
    """
    backbone = network.backbone
    parent, names = backbone, ["layer1", "layer2", "layer3", "layer4"]
    if isinstance(blocks := getattr(backbone, "blocks", None), nn.Sequential):
        parent, names = blocks, [name for name, _ in blocks.named_children()]
    elif not hasattr(backbone, "layer1"):
        raise ValueError(
            f"{type(backbone).__name__} has no stages: expected ResNet or EfficientNet"
        )
    for name in names:
        stage = Stage(*getattr(parent, name))
        for block in islice(stage, 1, None):
            last = [layer for layer in block.modules() if isinstance(layer, nn.BatchNorm2d)][-1]
            nn.init.zeros_(last.weight)
        setattr(parent, name, stage)


def set_active_blocks(network: nn.Module, count: int) -> None:
    """Activate the first `count` blocks of every stage; 0 = all."""
    for module in network.modules():
        if isinstance(module, Stage):
            module.active_blocks = count
