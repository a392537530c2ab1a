"""Several dropout masks a picture instead of one (multi-sample dropout, Inoue 2019).

The study's `FaceModel` drops half of its seven logits, so every second step the right one is not
there to learn from. Only training with many masks averages that out, and it costs next to nothing:
the backbone has been through already. Prediction and the names of the parameters stay the same.
"""

from torch import Tensor, nn


class MultiSampleDropout(nn.Dropout):
    """While training (N, 7) → (samples · N, 7), all pictures under one mask after the other."""

    def __init__(self, p: float, samples: int) -> None:
        super().__init__(p)
        self.samples = samples

    def forward(self, logits: Tensor) -> Tensor:
        if not self.training:
            return logits
        return super().forward(logits.repeat(self.samples, 1))
