"""The from-scratch PyTorch networks: the multi-class CNN and the seven yes/no CNNs."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from fer_core.emotions import EMOTIONS


class ScratchCNN(nn.Module):
    """Four convolution blocks and two fully connected layers.

    Each block is `depth` × Conv3x3-BatchNorm-ReLU, then MaxPool 2×2 and Dropout, so a chip shrinks
    48 → 24 → 12 → 6 → 3 px. Input (N, 1, 48, 48) float, output (N, outputs) logits.
    """

    def __init__(
        self,
        widths: Sequence[int] = (32, 64, 128, 256),
        depth: int = 2,
        hidden: int = 256,
        outputs: int = len(EMOTIONS),
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        blocks = []
        channels = 1
        for width in widths:
            layers: list[nn.Module] = []
            for _ in range(depth):
                layers += [
                    nn.Conv2d(channels, width, 3, padding=1, bias=False),
                    nn.BatchNorm2d(width),
                    nn.ReLU(inplace=True),
                ]
                channels = width
            blocks.append(nn.Sequential(*layers, nn.MaxPool2d(2), nn.Dropout(dropout)))
        self.blocks = nn.Sequential(*blocks)
        side = 48 // 2 ** len(widths)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels * side * side, hidden, bias=False),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(hidden, outputs),
        )

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.head(self.blocks(images))
        return logits

    def start_from(self, trained: "ScratchCNN") -> None:
        """Copy the weights of a network of the same shape; else torch raises `RuntimeError`."""
        self.load_state_dict(trained.state_dict())

    @torch.no_grad()
    def calibrate(self, slope: Tensor, offset: Tensor) -> None:
        """Fold a calibration into the last layer: logit ← slope · logit + offset."""
        last = self.head[-1]
        assert isinstance(last, nn.Linear)
        last.weight.mul_(slope[:, None])
        last.bias.mul_(slope).add_(offset)


class YesNoModels(nn.Module):
    """Seven separate yes/no CNNs, one per emotion; only their input and initial weights are shared.

    One module holds all seven, so they are trained in one pass over the data and exported as one
    graph. Input (N, 1, 48, 48) float, output (N, 7) logits; each column is an independent model.
    `shape` are the arguments of each `ScratchCNN` except `outputs`.
    """

    def __init__(self, **shape: Any) -> None:
        super().__init__()
        self.models = nn.ModuleDict({name: ScratchCNN(**shape, outputs=1) for name in EMOTIONS})

    def forward(self, images: Tensor) -> Tensor:
        return torch.cat([model(images) for model in self.models.values()], dim=1)

    def start_from(self, trained: ScratchCNN) -> None:
        """Initialise every model from `trained`, a multi-class network of the same shape.

        Each copy keeps only the output of its own emotion. torch raises `RuntimeError` for another
        shape.
        """
        for i, model in enumerate(self.models.values()):
            state = trained.state_dict()
            for key in list(state)[-2:]:  # the last layer's weight and bias
                state[key] = state[key][i : i + 1]
            model.load_state_dict(state)

    @torch.no_grad()
    def calibrate(self, slope: Tensor, offset: Tensor) -> None:
        """Fold Platt scaling into each final layer: logit ← slope · logit + offset, (7,) each."""
        for model, a, b in zip(self.models.values(), slope, offset, strict=True):
            cast(ScratchCNN, model).calibrate(a[None], b[None])
