"""The exponential average of a network's weights over the steps, which is what a run keeps.

torch's own `AveragedModel` does the same, but waits for the GPU on every step and copies the
normalisations' statistics one by one; this can be part of a CUDA graph
(`training.engine.cuda_graph`).
"""

from copy import deepcopy

import torch
from torch import Tensor, nn


class ExponentialMovingAverage:
    """Follows `network`, whose parameters count `1 - decay` a step; its buffers are copied."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = deepcopy(network).requires_grad_(False).eval()
        self._decay = decay
        self._share = torch.ones((), device=next(network.parameters()).device)
        self._parameters: tuple[list[Tensor], list[Tensor]] = (
            [*network.parameters()],
            [*self.network.parameters()],
        )
        self._buffers = list(network.buffers()), list(self.network.buffers())

    def at(self, step: int) -> None:
        """Before the update of this step, from 0: in the first ones the memory is shorter, so that
        the start is soon forgotten."""
        self._share.fill_(1 - min(self._decay, (1 + step) / (10 + step)))

    @torch.no_grad()
    def update(self) -> None:
        """Take in the network's present weights."""
        new, averages = self._parameters
        change = list(torch._foreach_sub(new, averages))
        torch._foreach_mul_(change, self._share)
        torch._foreach_add_(averages, change)
        new, averages = self._buffers
        torch._foreach_copy_(averages, new)
