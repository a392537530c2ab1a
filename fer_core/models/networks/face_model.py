"""The study's `FaceModel`: a timm backbone with dropout and batch normalisation on the logits."""

from typing import Any, overload

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from fer_core.emotions import EMOTIONS


class FaceModel(nn.Module):
    """timm backbone → Dropout 0.5 → BatchNorm1d(7), the study's slide "FaceModel12".

    Input (N, 3, H, W) float. `options` are passed to `timm.create_model`, e.g. `drop_path_rate`.
    """

    def __init__(self, backbone: str, pretrained: bool = False, **options: Any) -> None:
        super().__init__()
        self.backbone = timm.create_model(
            backbone, pretrained=pretrained, num_classes=len(EMOTIONS), **options
        )
        self.dropout = nn.Dropout(0.5)
        self.norm = nn.BatchNorm1d(len(EMOTIONS))

    @overload
    def forward(self, images: Tensor, labels: None = None) -> Tensor: ...
    @overload
    def forward(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]: ...
    def forward(
        self, images: Tensor, labels: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Compute logits (N, 7); with `labels` (N,) int64 also the mean cross-entropy loss."""
        logits: Tensor = self.norm(self.dropout(self.backbone(images)))
        if labels is None:
            return logits
        return logits, F.cross_entropy(logits, labels)

    @torch.no_grad()
    def calibrate(self, slope: Tensor, offset: Tensor) -> None:
        """Fold vector scaling into the last layer: logit ← slope · logit + offset, (7,) each."""
        self.norm.weight.mul_(slope)
        self.norm.bias.mul_(slope).add_(offset)
