"""A deep residual network that starts shallow: blocks that take no part yet cost nothing.

A block that is left out passes its input on. Its last normalisation starts at zero (Goyal et al.
2017), so the network computes the same on the step the block joins, as in Net2Net (Chen et al.
2016). The names of the parameters stay as they were.
"""

from itertools import islice
from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel  # timm takes seconds to import


class Stage(nn.Sequential):
    """Blocks of one resolution, of which the first `taking_part` are used; 0 = all."""

    active_blocks = 0

    def forward(self, images: Tensor) -> Tensor:
        for block in islice(self, self.active_blocks or len(self)):
            images = block(images)
        return images


def make_growable(network: "FaceModel") -> None:
    """Turn the stages of a ResNet or an EfficientNet (timm) into `Stage`s.

    Raises `ValueError` for another backbone.
    """
    backbone = network.backbone
    parent, names = backbone, ["layer1", "layer2", "layer3", "layer4"]
    if isinstance(blocks := getattr(backbone, "blocks", None), nn.Sequential):
        parent, names = blocks, [name for name, _ in blocks.named_children()]
    elif not hasattr(backbone, "layer1"):
        raise ValueError(f"{type(backbone).__name__} has no stages that are known here")
    for name in names:
        stage = Stage(*getattr(parent, name))
        for block in islice(stage, 1, None):
            last = [part for part in block.modules() if isinstance(part, nn.BatchNorm2d)][-1]
            nn.init.zeros_(last.weight)
        setattr(parent, name, stage)


def set_active_blocks(network: nn.Module, count: int) -> None:
    """Let the first `count` blocks of every stage take part; 0 = all."""
    for part in network.modules():
        if isinstance(part, Stage):
            part.active_blocks = count
