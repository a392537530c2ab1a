"""The torch training loop, on one device or, under `torchrun`, on several GPUs or machines."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

from fer_core.errors import FerError
from fer_core.models.networks.torch_loading import preprocess
from fer_core.registry import Preprocessing
from training.engine.cpu_speed import autocast, keep_depthwise_in_float32
from training.engine.cuda_graph import CudaGraphStep
from training.engine.data import FerData
from training.engine.ema import ExponentialMovingAverage
from training.engine.multi_sample_dropout import MultiSampleDropout
from training.engine.progressive_depth import make_growable, set_active_blocks
from training.engine.trainer import Progress, Trainer
from training.recipes import Recipe

if TYPE_CHECKING:
    from fer_core.models.networks.face_model import FaceModel


class TorchTrainer(Trainer):
    """Train a torch network and keep the exponential moving average of its weights.

    Uses the channels-last layout, and bfloat16 autocast where it is faster
    (`training.engine.cpu_speed`).
    """

    def __init__(
        self,
        network: nn.Module,
        preprocessing: Preprocessing,
        recipe: Recipe,
        data: FerData,
        run_dir: Path,
        device: torch.device,
    ) -> None:
        self.rank = int(os.environ.get("RANK", 0))
        self.world_size = int(os.environ.get("WORLD_SIZE", 1))
        if self.world_size > 1:
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
            if device.type == "cuda":
                device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        super().__init__(preprocessing, recipe, data, run_dir, device)
        has_growth = any(phase.blocks for phase in recipe.phases)
        if has_growth:
            make_growable(cast("FaceModel", network))
        if recipe.dropout_samples > 1:
            face_model = cast("FaceModel", network)
            face_model.dropout = MultiSampleDropout(face_model.dropout.p, recipe.dropout_samples)
        if device.type == "cpu":
            keep_depthwise_in_float32(network)
        self.network = network.to(device).to(memory_format=torch.channels_last).train()
        self.model: nn.Module = self.network
        if self.world_size > 1:
            self.model = DistributedDataParallel(self.network, find_unused_parameters=has_growth)
        self.ema = ExponentialMovingAverage(self.network, recipe.ema)
        self._rate = torch.zeros((), device=device)  # a tensor: a CUDA graph freezes numbers
        self.optimizer = _optimizer(self.network, recipe, self._rate)
        self._graph_step: CudaGraphStep | None = None
        if device.type == "cuda":
            # Benchmarking takes half a minute per phase, for each new shape.
            torch.backends.cudnn.benchmark = not has_growth
            if self.world_size == 1:
                self._graph_step = CudaGraphStep(self._update)

    def train_step(self, rate: float) -> Tensor:
        images, targets = self.batch()
        set_active_blocks(self.network, self.phase.blocks)
        self._rate.fill_(rate)
        self.ema.set_step(self.progress.step)
        if self._graph_step:
            return self._graph_step((images.shape, self.phase.blocks), images, targets)
        return self._update(images, targets)

    def _update(self, images: Tensor, targets: Tensor) -> Tensor:
        """Update the weights on one batch at learning rate `_rate`; return the loss, shape ()."""
        self.optimizer.zero_grad()
        logits = self._logits(self.model, images, self.preprocessing.at(images.shape[-1]))
        targets = targets.repeat(len(logits) // len(targets), 1)  # one for each dropout mask
        loss = self.loss(logits, targets, self.recipe.label_smoothing)
        loss.backward()
        self.optimizer.step()
        self.ema.update()
        return loss.detach()

    @torch.no_grad()
    def public_logits(self) -> Tensor:
        network = self.ema.network
        set_active_blocks(network, self.phase.blocks)  # inactive blocks would only cost time
        chips = torch.from_numpy(self.public_test.chips).to(self.device)
        preprocessing = self.preprocessing.at(self.eval_size)
        batches = [batch[:, None].float() / 255 for batch in chips.split(256)]
        return torch.cat([self._logits(network, batch, preprocessing) for batch in batches])

    def evaluated_state(self) -> dict[str, Any]:
        return {key: value.clone() for key, value in self.ema.network.state_dict().items()}

    def save(self) -> None:
        content = {
            "network": self.network.state_dict(),
            "average": self.ema.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": vars(self.progress),
        }
        self.write_checkpoint(content)

    def restore(self, content: dict[str, Any]) -> None:
        self.network.load_state_dict(content["network"])
        self.ema.network.load_state_dict(content["average"])
        self.optimizer.load_state_dict(content["optimizer"])
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate
        self.progress = Progress(**content["progress"])

    def sync_stop(self, should_stop: bool) -> bool:
        if self.world_size == 1:
            return should_stop
        flag = torch.tensor(int(should_stop), device=self.device)
        dist.all_reduce(flag, op=dist.ReduceOp.MAX)
        return bool(flag.item())

    def _logits(self, model: nn.Module, images: Tensor, preprocessing: Preprocessing) -> Tensor:
        """Images (N, 1, H, W) in [0, 1] → logits (N, 7) float32.

        With several dropout masks in training the logits are (samples · N, 7).
        """
        images = preprocess(images, preprocessing).contiguous(memory_format=torch.channels_last)
        with autocast(self.device.type):
            logits: Tensor = model(images).float()
            return logits


def resolve_device(device: str) -> str:
    """Return `cpu` or `cuda`; `auto` is a GPU if there is one.

    Raises `FerError` for `cuda` without a GPU that torch can use.
    """
    has_gpu = torch.cuda.is_available()
    if device == "cuda" and not has_gpu:
        raise FerError("--device cuda: torch finds no GPU that it can use.")
    if device == "auto":
        return "cuda" if has_gpu else "cpu"
    return device


def _optimizer(network: nn.Module, recipe: Recipe, rate: Tensor) -> torch.optim.Optimizer:
    """Build the optimiser, with weight decay on matrices and kernels only."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    undecayed = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": undecayed, "weight_decay": 0.0},
    ]
    on_gpu = rate.device.type == "cuda"
    if recipe.optimizer == "adam":
        return torch.optim.AdamW(groups, lr=rate, fused=on_gpu, capturable=on_gpu)
    return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True, fused=on_gpu)
