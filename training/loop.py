"""The torch training loop: resumes exactly after a kill, runs under `torchrun` unchanged.

Everything random is derived from (seed, step, rank), so a checkpoint holds no random state: after a
kill the next step draws what it would have drawn.
"""

import csv
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn import functional as F
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from fer_core.models.torch_models import prepare
from fer_core.variants import Preprocessing
from training.augment import augment, mix_up
from training.data import FerData
from training.recipes import Recipe

CHECKPOINT_SECONDS = 240.0


@dataclass
class Progress:
    """Where a run stands; with the weights and the optimiser all that a checkpoint needs."""

    step: int = 0
    seconds: float = 0.0
    loss_sum: float = 0.0  # since the last judgement
    loss_count: int = 0
    log: list[dict[str, float]] = field(default_factory=list)
    best_score: float = -math.inf
    best_epoch: float = 0.0
    best_state: dict[str, Tensor] = field(default_factory=dict)


class Trainer:
    """Fits a network on Training and keeps the averaged weights that score best on PublicTest.

    The score is accuracy, for the yes/no models the mean of their seven balanced accuracies.
    `run` is the folder that takes `log.csv` and the checkpoint `last.pt`.
    """

    def __init__(
        self,
        network: nn.Module,
        how: Preprocessing,
        recipe: Recipe,
        data: FerData,
        run: Path,
        device: torch.device,
    ) -> None:
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        if self.world > 1:
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
            if device.type == "cuda":
                device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        self.how, self.recipe, self.run, self.device = how, recipe, run, device
        self.network = network.to(device=device, memory_format=torch.channels_last)
        self.model = DistributedDataParallel(self.network) if self.world > 1 else self.network
        self.average = AveragedModel(self.network, avg_fn=_exponential(recipe.ema))
        self.optimizer = _optimizer(self.network, recipe)
        train, self.public = data.split("Training"), data.split("PublicTest")
        self.chips = torch.from_numpy(train.chips).to(device)
        self.targets = F.one_hot(torch.from_numpy(train.labels).long(), 7).float().to(device)
        self.steps_an_epoch = len(train) // (recipe.batch * self.world)
        if not self.steps_an_epoch:
            raise ValueError(f"{len(train)} training images do not fill a batch of {recipe.batch}")
        self.total_steps = self.steps_an_epoch * recipe.epochs
        self.progress = Progress()

    def fit(self, max_minutes: float = math.inf) -> Progress:
        """Train to the schedule's end, to early stopping or for `max_minutes` of this run."""
        self.run.mkdir(parents=True, exist_ok=True)
        progress, started, saved = self.progress, time.monotonic(), time.monotonic()
        before = progress.seconds
        bar = tqdm(total=self.total_steps, initial=progress.step, unit="batch", disable=self._quiet)
        out_of_time = False
        while progress.step < self.total_steps and not out_of_time and not self._stale():
            self._train_step()
            bar.update()
            now = time.monotonic()
            progress.seconds = before + now - started
            out_of_time = self._agree(now - started > max_minutes * 60)
            if progress.step % self.steps_an_epoch == 0 or out_of_time:
                bar.write(self._judge())
                progress.seconds = before + time.monotonic() - started
            elif now - saved < CHECKPOINT_SECONDS:
                continue
            self._save()
            saved = time.monotonic()
        bar.close()
        if self.world > 1:
            dist.destroy_process_group()
        return progress

    def resume(self) -> None:
        """Take up the checkpoint of an earlier run, where there is one."""
        if not self._checkpoint.is_file():
            return
        saved = torch.load(self._checkpoint, map_location=self.device, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.progress = Progress(**saved["progress"])

    def _train_step(self) -> None:
        progress, recipe = self.progress, self.recipe
        epoch, place = divmod(progress.step, self.steps_an_epoch)
        order = np.random.default_rng((recipe.seed, epoch)).permutation(len(self.chips))
        start = (place * self.world + self.rank) * recipe.batch
        batch = torch.from_numpy(order[start : start + recipe.batch]).to(self.device)

        draw = np.random.default_rng((recipe.seed, progress.step, self.rank))
        torch.manual_seed(int(draw.integers(2**63)))  # dropout and stochastic depth
        generator = torch.Generator(self.device).manual_seed(int(draw.integers(2**63)))
        images = augment(self.chips[batch], self.how.size, recipe.augmentation, generator)
        targets = self.targets[batch]
        if recipe.mixup:
            other = torch.from_numpy(draw.permutation(len(batch))).to(self.device)
            share = draw.beta(recipe.mixup, recipe.mixup)
            images, targets = mix_up(images, targets, share, other)

        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(progress.step / self.total_steps, recipe)
        self.model.train()
        loss = self._loss(self._logits(self.model, images), targets, recipe.label_smoothing)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        progress.step += 1
        progress.loss_sum += loss.item()
        progress.loss_count += 1

    def _logits(self, model: nn.Module, images: Tensor) -> Tensor:
        """(N, 1, size, size) in [0, 1] → (N, 7) float32, computed in bfloat16."""
        images = prepare(images, self.how).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            return model(images).float()

    def _loss(self, logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        if not self.recipe.balanced:
            return F.cross_entropy(logits, targets, label_smoothing=smoothing)
        yes = self.targets.mean(dim=0)
        weights = torch.where(targets > 0.5, 0.5 / yes, 0.5 / (1 - yes))
        return F.binary_cross_entropy_with_logits(logits, targets, weights)

    @torch.no_grad()
    def _judge(self) -> str:
        """Score the averaged weights on PublicTest, keep them if best, add a row to the log."""
        progress = self.progress
        network = self.average.module.eval()
        labels = torch.from_numpy(self.public.labels).long().to(self.device)
        chips = torch.from_numpy(self.public.chips).to(self.device)
        parts = [part[:, None].float() / 255 for part in chips.split(256)]
        logits = torch.cat([self._logits(network, part) for part in parts])
        targets = F.one_hot(labels, 7).float()
        if self.recipe.balanced:
            yes = logits > 0
            recall = (yes * targets).sum(0) / targets.sum(0)
            specificity = (~yes * (1 - targets)).sum(0) / (1 - targets).sum(0)
            score = ((recall + specificity) / 2).mean().item()
        else:
            score = (logits.argmax(1) == labels).float().mean().item()
        epoch = progress.step / self.steps_an_epoch
        if score > progress.best_score:
            progress.best_score, progress.best_epoch = score, epoch
            progress.best_state = {k: v.clone() for k, v in network.state_dict().items()}
        row = {
            "epoch": round(epoch, 3),
            "learning_rate": round(self.optimizer.param_groups[0]["lr"], 7),
            "training_loss": round(progress.loss_sum / progress.loss_count, 5),
            "public_loss": round(self._loss(logits, targets).item(), 5),
            "public_score": round(score, 5),
            "seconds": round(progress.seconds, 1),
        }
        progress.log.append(row)
        progress.loss_sum, progress.loss_count = 0.0, 0
        return "  ".join(f"{key} {value:g}" for key, value in row.items())

    def _save(self) -> None:
        if self.rank:
            return
        write_log(self.run / "log.csv", self.progress.log)
        content = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "progress": vars(self.progress),
        }
        unfinished = self._checkpoint.with_suffix(".tmp")
        torch.save(content, unfinished)
        unfinished.replace(self._checkpoint)  # a kill leaves the old one whole

    def _stale(self) -> bool:
        scored = [row["epoch"] for row in self.progress.log]
        since_best = sum(epoch > self.progress.best_epoch for epoch in scored)
        return since_best >= self.recipe.patience

    def _agree(self, stop: bool) -> bool:
        """Under torchrun all processes stop at the same step: when the first wants to."""
        if self.world == 1:
            return stop
        vote = torch.tensor(int(stop), device=self.device)
        dist.all_reduce(vote, op=dist.ReduceOp.MAX)
        return bool(vote.item())

    @property
    def _checkpoint(self) -> Path:
        return self.run / "last.pt"

    @property
    def _quiet(self) -> bool:
        return self.rank > 0


def learning_rate(done: float, recipe: Recipe) -> float:
    """The rate when a fraction `done` of all steps lies behind: linear warm-up, then half a cosine."""
    if done < recipe.warmup:
        return recipe.learning_rate * (done / recipe.warmup + 0.01)
    rest = (done - recipe.warmup) / (1 - recipe.warmup)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * rest))


def write_log(path: Path, rows: list[dict[str, float]]) -> None:
    """One line an epoch, as CSV."""
    if not rows:
        return
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _exponential(decay: float) -> Callable[[Tensor, Tensor, Any], Tensor]:
    """Averaging with a shorter memory in the first steps, so that the start is soon forgotten."""

    def average(old: Tensor, new: Tensor, steps: Any) -> Tensor:
        return torch.lerp(old, new, 1 - min(decay, (1 + int(steps)) / (10 + int(steps))))

    return average


def _optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Weight decay acts on matrices and kernels, not on biases and normalisation."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    if recipe.optimizer == "adam":
        return torch.optim.AdamW(groups, lr=recipe.learning_rate)
    return torch.optim.SGD(groups, lr=recipe.learning_rate, momentum=0.9, nesterov=True)
