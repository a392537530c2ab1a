"""Exponential moving average (EMA) of a network's weights; training keeps the averaged weights.

torch's `AveragedModel` does the same, but waits for the GPU at every step and copies the batch
norm statistics one by one. This version can be part of a CUDA graph (`training.engine.cuda_graph`).
"""

from copy import deepcopy

import torch
from torch import Tensor, nn


class ExponentialMovingAverage:
    """Average the parameters of `network` with weight `1 - decay` per step; copy its buffers."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = deepcopy(network).requires_grad_(False).eval()
        self._decay = decay
        self._share = torch.ones((), device=next(network.parameters()).device)
        self._parameters: tuple[list[Tensor], list[Tensor]] = (
            [*network.parameters()],
            [*self.network.parameters()],
        )
        self._buffers = list(network.buffers()), list(self.network.buffers())

    def set_step(self, step: int) -> None:
        """Set the decay for `step`, counted from 0, before its `update`.

        The decay is lower in the first steps, so that the initial weights soon lose influence.
        """
        self._share.fill_(1 - min(self._decay, (1 + step) / (10 + step)))

    @torch.no_grad()
    def update(self) -> None:
        """Update the average with the network's current weights."""
        new, averages = self._parameters
        change = list(torch._foreach_sub(new, averages))
        torch._foreach_mul_(change, self._share)
        torch._foreach_add_(averages, change)
        new, averages = self._buffers
        torch._foreach_copy_(averages, new)
