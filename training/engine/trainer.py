"""What the torch and the Keras training loop share: schedule, log, selection, checkpoint, stopping.

Everything random is derived from (seed, step, rank), so a checkpoint holds no random state: after a
kill the next step draws what it would have drawn.
"""

import csv
import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from fer_core.emotions import EMOTIONS
from fer_core.registry import Preprocessing
from training.engine.augment import augment, mix_up
from training.engine.data import FerData, soft_labels
from training.engine.distillation import Teacher
from training.recipes import Phase, Recipe

CHECKPOINT_SECONDS = 240.0  # a checkpoint at least so often
MAX_CHECKPOINT_SHARE = 0.05  # share of the time that checkpoints may take: on a GPU an epoch may take 3 seconds


@dataclass
class Progress:
    """Where a run stands; with weights and optimiser all that a checkpoint needs."""

    step: int = 0
    seconds: float = 0.0
    loss_sum: float | Tensor = 0.0  # since the last judgement
    loss_count: int = 0
    log: list[dict[str, float]] = field(default_factory=list)
    best_score: float = -math.inf
    best_epoch: float = 0.0
    best_state: dict[str, Any] = field(default_factory=dict)


class Trainer(ABC):
    """Fits a network on Training and keeps the weights that score best on PublicTest.

    The score is accuracy, for the yes/no models the mean of their seven average precisions.
    `run` is the folder that takes `log.csv` and the checkpoint. `rank` and `world` are this
    process's number and the number of processes under torchrun.
    """

    rank, world = 0, 1

    def __init__(
        self, preprocessing: Preprocessing, recipe: Recipe, data: FerData, run_dir: Path, device: torch.device
    ) -> None:
        self.preprocessing, self.recipe, self.run, self.device = preprocessing, recipe, run_dir, device
        train, self.public_test = data.split("Training"), data.split("PublicTest")
        self.chips = torch.from_numpy(train.chips).to(device)
        self.targets = torch.from_numpy(soft_labels(train, recipe.votes)).to(device)
        self.teacher = Teacher(recipe.teacher, device) if recipe.teacher else None
        self.steps_per_epoch = len(train) // (recipe.batch * self.world_size)
        if not self.steps_per_epoch:
            raise ValueError(f"{len(train)} training images do not fill a batch of {recipe.batch}")
        self.total_steps = self.steps_per_epoch * recipe.epochs
        self.progress = Progress()
        self._shuffled = -1, torch.empty(0, dtype=torch.long)

    @abstractmethod
    def train_step(self, rate: float) -> float | Tensor:
        """One step of the optimiser at learning rate `rate`; gives the loss, which is not waited
        for where it is a tensor."""

    @abstractmethod
    def public_logits(self) -> Tensor:
        """Logits (N, 7) of PublicTest by the weights that would be kept now, at `judged_size`."""

    @abstractmethod
    def evaluated_state(self) -> dict[str, Any]:
        """A copy of the weights that `public_logits` used."""

    @abstractmethod
    def save(self) -> None:
        """Write everything that `resume` needs with `write_checkpoint`."""

    @abstractmethod
    def resume(self) -> None:
        """Take up the checkpoint of an earlier run, where there is one."""

    def fit(self, max_minutes: float = math.inf) -> Progress:
        """Train to the schedule's end, to early stopping or for `max_minutes` of this call."""
        self.run.mkdir(parents=True, exist_ok=True)
        progress, started, saved = self.progress, time.monotonic(), time.monotonic()
        before = progress.seconds
        saving = 0.0  # seconds that the last checkpoint took
        bar = tqdm(
            total=self.total_steps, initial=progress.step, unit="batch", disable=self.rank > 0
        )
        out_of_time = False
        while progress.step < self.total_steps and not out_of_time and not self.should_stop_early():
            progress.loss_sum = progress.loss_sum + self.train_step(
                learning_rate(progress.step / self.total_steps, self.recipe)
            )
            progress.loss_count += 1
            progress.step += 1
            bar.update()
            now = time.monotonic()
            progress.seconds = before + now - started
            out_of_time = self.sync_stop(now - started > max_minutes * 60)
            judged = progress.step % self.steps_per_epoch == 0 or out_of_time
            if judged:
                bar.write(self.evaluate_epoch())
            if now - saved >= (saving / MAX_CHECKPOINT_SHARE if judged else CHECKPOINT_SECONDS):
                begun = time.monotonic()
                self._keep()
                saved = time.monotonic()
                saving = saved - begun
        bar.close()
        self._keep()
        return progress

    def _keep(self) -> None:
        """Log and checkpoint of this moment, by one process only."""
        if self.rank == 0:
            write_log(self.run / "log.csv", self.progress.log)
            self.save()

    @property
    def phase(self) -> Phase:
        """The recipe's phase that this step belongs to."""
        return self.recipe.phase(self.progress.step / self.total_steps)

    @property
    def last_fraction(self) -> float:
        """The fraction of all steps at which the last step was made."""
        return max(self.progress.step - 1, 0) / self.total_steps

    @property
    def eval_size(self) -> int:
        """Pixels a side that the learning rate's cycle of the last step ends with."""
        return self.recipe.eval_size_at(self.last_fraction) or self.preprocessing.size

    def batch(self) -> tuple[Tensor, Tensor]:
        """This step's augmented images (N, 1, size, size) in [0, 1] and targets (N, 7)."""
        progress, recipe = self.progress, self.recipe
        epoch, place = divmod(progress.step, self.steps_per_epoch)
        start = (place * self.world_size + self.rank) * recipe.batch
        chosen = self._order(epoch)[start : start + recipe.batch]
        draw = np.random.default_rng((recipe.seed, progress.step, self.rank))
        torch.manual_seed(int(draw.integers(2**63)))  # torch's dropout and stochastic depth
        seed = int(draw.integers(2**63))

        alpha = recipe.mixup if self.phase.mixup is None else self.phase.mixup
        other = torch.from_numpy(draw.permutation(len(chosen)))
        other = other.to(self.device, non_blocking=True)
        share = draw.beta(alpha, alpha) if alpha else 1.0

        def view(size: int) -> Tensor:
            generator = torch.Generator(self.device).manual_seed(seed)
            images = augment(self.chips[chosen], size, recipe.augmentation, generator)
            return mix_up(images, share, other)

        size, targets = self.phase.size or self.preprocessing.size, self.targets[chosen]
        images, targets = view(size), mix_up(targets, share, other)
        if self.teacher:
            seen = images if self.teacher.size == size else view(self.teacher.size)
            targets = torch.lerp(targets, self.teacher(seen), recipe.teacher_share)
        return images, targets

    def _order(self, epoch: int) -> Tensor:
        """Numbers of all training images on the device, in the order of this epoch."""
        if self._shuffled[0] != epoch:
            order = np.random.default_rng((self.recipe.seed, epoch)).permutation(len(self.chips))
            self._shuffled = epoch, torch.from_numpy(order).to(self.device)
        return self._shuffled[1]

    def loss(self, logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        """Cross-entropy; for the yes/no models binary, the mean over the seven questions."""
        if self.recipe.yes_no:
            return F.binary_cross_entropy_with_logits(logits, targets)
        return F.cross_entropy(logits, targets, label_smoothing=smoothing)

    def evaluate_epoch(self) -> str:
        """Score PublicTest, keep the weights if the cycle's best, log a row and return it as text.

        Weights of an earlier cycle are not kept: their network may be of another size.
        """
        progress = self.progress
        logits = self.public_logits()
        labels = torch.from_numpy(self.public_test.labels).long().to(logits.device)
        targets = F.one_hot(labels, len(EMOTIONS)).float()
        if self.recipe.yes_no:
            score = float(average_precision_score(targets.cpu(), logits.cpu()))
        else:
            score = (logits.argmax(1) == labels).float().mean().item()
        epoch = progress.step / self.steps_per_epoch
        start, _ = self.recipe.cycle(self.last_fraction)
        if progress.best_epoch / self.recipe.epochs <= start:
            progress.best_score = -math.inf
        if score > progress.best_score:
            progress.best_score, progress.best_epoch = score, epoch
            progress.best_state = self.evaluated_state()
        row = {
            "epoch": round(epoch, 3),
            "learning_rate": round(learning_rate(self.last_fraction, self.recipe), 7),
            "training_loss": round(float(progress.loss_sum) / progress.loss_count, 5),
            "public_loss": round(self.loss(logits, targets).item(), 5),
            "public_score": round(score, 5),
            "seconds": round(progress.seconds, 1),
        }
        progress.log.append(row)
        progress.loss_sum, progress.loss_count = 0.0, 0
        return "  ".join(f"{key} {value:g}" for key, value in row.items())

    def should_stop_early(self) -> bool:
        """Whether `patience` judgements have passed since the best one."""
        since = sum(row["epoch"] > self.progress.best_epoch for row in self.progress.log)
        return since >= self.recipe.patience

    @property
    def checkpoint_path(self) -> Path:
        return self.run / "last.pt"

    def write_checkpoint(self, content: dict[str, Any]) -> None:
        """A kill at any moment leaves a whole checkpoint: the last one or this one."""
        unfinished = self.checkpoint_path.with_suffix(".tmp")
        torch.save(content, unfinished)
        unfinished.replace(self.checkpoint_path)

    def sync_stop(self, should_stop: bool) -> bool:
        """Whether to stop now; processes under torchrun must all decide alike."""
        return should_stop


def learning_rate(fraction: float, recipe: Recipe) -> float:
    """The rate after a fraction `done` of all steps: linear warm-up, half a cosine, each cycle."""
    start, end = recipe.cycle(fraction)
    fraction = (fraction - start) / (end - start)
    if fraction < recipe.warmup:
        return recipe.learning_rate * (fraction / recipe.warmup + 0.01)
    rest = (fraction - recipe.warmup) / (1 - recipe.warmup)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * rest))


def write_log(path: Path, rows: list[dict[str, Any]]) -> None:
    """One line a row, as CSV."""
    if not rows:
        return
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
