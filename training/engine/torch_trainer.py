"""The torch training loop. Under `torchrun` it runs on several GPUs or machines unchanged."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel

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
    """Channels last; bfloat16 autocast where it is faster (`training.engine.cpu_speed`); the
    exponential average of the weights is what is kept."""

    def __init__(
        self,
        network: nn.Module,
        preprocessing: Preprocessing,
        recipe: Recipe,
        data: FerData,
        run_dir: Path,
        device: torch.device,
    ) -> None:
        self.rank, self.world_size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.world_size > 1:
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
            if device.type == "cuda":
                device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        super().__init__(preprocessing, recipe, data, run_dir, device)
        grows = any(phase.blocks for phase in recipe.phases)
        if grows:
            make_growable(cast("FaceModel", network))
        if recipe.dropout_samples > 1:
            head = cast("FaceModel", network)
            head.dropout = MultiSampleDropout(head.dropout.p, recipe.dropout_samples)
        if device.type == "cpu":
            keep_depthwise_in_float32(network)
        self.network = network.to(device).to(memory_format=torch.channels_last).train()
        self.model: nn.Module = self.network
        if self.world_size > 1:
            self.model = DistributedDataParallel(self.network, find_unused_parameters=grows)
        self.ema = ExponentialMovingAverage(self.network, recipe.ema)
        self._rate = torch.zeros((), device=device)  # not a number: a graph reads it anew each step
        self.optimizer = _optimizer(self.network, recipe, self._rate)
        self._graph_step: CudaGraphStep | None = None
        if device.type == "cuda":
            torch.backends.cudnn.benchmark = not grows  # of each shape anew, half a minute a phase
            if self.world_size == 1:
                self._graph_step = CudaGraphStep(self._update)

    def train_step(self, rate: float) -> Tensor:
        images, targets = self.batch()
        set_active_blocks(self.network, self.phase.blocks)
        self._rate.fill_(rate)
        self.ema.at(self.progress.step)
        if self._graph_step:
            return self._graph_step((images.shape, self.phase.blocks), images, targets)
        return self._update(images, targets)

    def _update(self, images: Tensor, targets: Tensor) -> Tensor:
        """Learns from this batch, at `_rate`, and gives its loss, ()."""
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
        set_active_blocks(network, self.phase.blocks)  # the others pass their input on, at a cost
        chips = torch.from_numpy(self.public_test.chips).to(self.device)
        how = self.preprocessing.at(self.eval_size)
        parts = [part[:, None].float() / 255 for part in chips.split(256)]
        return torch.cat([self._logits(network, part, how) for part in parts])

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

    def resume(self) -> None:
        if not self.checkpoint_path.is_file():
            return
        saved = torch.load(self.checkpoint_path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.ema.network.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate
        self.progress = Progress(**saved["progress"])

    def sync_stop(self, should_stop: bool) -> bool:
        if self.world_size == 1:
            return should_stop
        vote = torch.tensor(int(should_stop), device=self.device)
        dist.all_reduce(vote, op=dist.ReduceOp.MAX)
        return bool(vote.item())

    def _logits(self, model: nn.Module, images: Tensor, how: Preprocessing) -> Tensor:
        """Images (N, 1, H, W) in [0, 1], which the network is shown at the size of `how`.

        Gives (N, 7) float32, or (samples · N, 7) while training with several dropout masks.
        """
        images = preprocess(images, how).contiguous(memory_format=torch.channels_last)
        with autocast(self.device.type):
            logits: Tensor = model(images).float()
            return logits


def resolve_device(wanted: str) -> str:
    """`cpu` or `cuda`; for `auto` a GPU where there is one."""
    if wanted != "auto":
        return wanted
    return "cuda" if torch.cuda.is_available() else "cpu"


def _optimizer(network: nn.Module, recipe: Recipe, rate: Tensor) -> torch.optim.Optimizer:
    """Weight decay acts on matrices and kernels, not on biases and normalisation."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    gpu = rate.device.type == "cuda"
    if recipe.optimizer == "adam":
        return torch.optim.AdamW(groups, lr=rate, fused=gpu, capturable=gpu)
    return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True, fused=gpu)
