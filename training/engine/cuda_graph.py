"""A training step as one CUDA graph.

On a GPU a deep network on small pictures waits for Python, which launches its kernels one by one; a
graph launches them all at once (Nguyen et al., "Accelerating PyTorch with CUDA graphs", 2021).
"""

from collections.abc import Callable, Hashable

import torch
from torch import Tensor

WARM_UP_CALLS = 3  # calls that run as they are: cuDNN chooses its algorithms in them


class CudaGraphStep:
    """`compute(images, targets)`, captured after some calls and replayed from then on.

    `compute` gives the loss, a tensor without gradient, and must not wait for the GPU. Whatever
    else changes from step to step, such as the learning rate, it has to read from a tensor: numbers
    stay what they were when it was captured. The tensor it gives is overwritten by the next call.
    """

    def __init__(self, compute: Callable[[Tensor, Tensor], Tensor]) -> None:
        self._compute = compute
        self._key: Hashable = None
        self._calls = 0
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, key: Hashable, images: Tensor, targets: Tensor) -> Tensor:
        """The loss of this batch. Another `key` (shape, blocks that take part) captures anew."""
        if key != self._key:
            self._key, self._calls, self._graph = key, 0, None
        self._calls += 1
        if self._calls <= WARM_UP_CALLS:
            return self._compute(images, targets)
        if self._graph is None:
            self._given = images.clone(), targets.clone()
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):
                self._loss = self._compute(*self._given)
        for held, given in zip(self._given, (images, targets), strict=True):
            held.copy_(given)
        self._graph.replay()
        return self._loss
