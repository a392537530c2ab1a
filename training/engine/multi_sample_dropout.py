"""Multi-sample dropout (Inoue 2019): several dropout masks per image instead of one.

The study's `FaceModel` drops half of its seven logits, so in every second step the correct logit is
missing. Many masks average that out at almost no cost, because the backbone runs only once.
Prediction and parameter names do not change.
"""

from torch import Tensor, nn


class MultiSampleDropout(nn.Dropout):
    """In training (N, 7) → (samples · N, 7): the whole batch once per mask. Else the identity."""

    def __init__(self, p: float, samples: int) -> None:
        super().__init__(p)
        self.samples = samples

    def forward(self, logits: Tensor) -> Tensor:
        if not self.training:
            return logits
        return super().forward(logits.repeat(self.samples, 1))
