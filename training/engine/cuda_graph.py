"""Run a training step as one CUDA graph.

With a deep network and small images a GPU waits for Python, which launches the kernels one by one.
A graph launches them all at once (Nguyen et al., "Accelerating PyTorch with CUDA graphs", 2021).
"""

from collections.abc import Callable, Hashable

import torch
from torch import Tensor

WARM_UP_CALLS = 3  # calls before the capture, in which cuDNN chooses its algorithms


class CudaGraphStep:
    """Capture `compute(images, targets)` after `WARM_UP_CALLS` calls, then replay it.

    `compute` returns the loss, a tensor without gradient, and must not wait for the GPU. It must
    read everything else that changes between steps, such as the learning rate, from a tensor,
    because Python numbers are frozen at capture. The next call overwrites the returned tensor.
    """

    def __init__(self, compute: Callable[[Tensor, Tensor], Tensor]) -> None:
        self._compute = compute
        self._key: Hashable = None
        self._calls = 0
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, key: Hashable, images: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of a batch; a new `key` (shape, active blocks) captures a new graph."""
        if key != self._key:
            self._key, self._calls, self._graph = key, 0, None
        self._calls += 1
        if self._calls <= WARM_UP_CALLS:
            return self._compute(images, targets)
        if self._graph is None:
            self._inputs = images.clone(), targets.clone()
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):
                self._loss = self._compute(*self._inputs)
        for static, current in zip(self._inputs, (images, targets), strict=True):
            static.copy_(current)
        self._graph.replay()
        return self._loss
