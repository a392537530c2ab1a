"""Base of both training loops: schedule, log, model selection, checkpoints and early stopping.

All randomness is derived from (seed, step, rank), so a checkpoint needs no random state: after an
interruption the next step draws the same numbers as it would have without.
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
from fer_core.errors import DataError, FerError
from fer_core.registry import Preprocessing
from training.engine.augment import augment, mix_up
from training.engine.data import FerData, labelled_by_majority, soft_labels, vote_targets
from training.engine.distillation import Teacher
from training.recipes import Phase, Recipe

CHECKPOINT_SECONDS = 240.0  # longest time between two checkpoints within an epoch
#: Largest share of the time for checkpoints after an epoch; on a GPU an epoch may take only 3 s.
MAX_CHECKPOINT_SHARE = 0.05


@dataclass
class Progress:
    """State of a run; a checkpoint holds it with the weights and the optimiser."""

    step: int = 0
    seconds: float = 0.0
    loss_sum: float | Tensor = 0.0  # since the last evaluation
    loss_count: int = 0
    log: list[dict[str, float]] = field(default_factory=list)
    best_score: float = -math.inf
    best_epoch: float = 0.0
    best_state: dict[str, Any] = field(default_factory=dict)


class Trainer(ABC):
    """Train a network on Training and keep the weights with the best score on PublicTest.

    Images with a copy in Training are left out of PublicTest. The score is the accuracy; for yes/no
    models, it is the mean of the seven average precisions. A recipe `by_votes` trains on Training
    without copies of test images, and its score is the accuracy by the votes' clear majority.
    `log.csv` and the checkpoint are written to `run_dir`. Under torchrun `rank` is the number of
    this process and `world_size` the number of processes.
    """

    rank, world_size = 0, 1

    def __init__(
        self,
        preprocessing: Preprocessing,
        recipe: Recipe,
        data: FerData,
        run_dir: Path,
        device: torch.device,
    ) -> None:
        self.preprocessing, self.recipe = preprocessing, recipe
        self.run_dir, self.device = run_dir, device
        train, self.public_test = data.split("Training"), data.choice_images()
        if recipe.by_votes:
            train = train.without_test_copies()
            targets = vote_targets(train)
            usable = np.flatnonzero(targets.any(axis=1))
            train, targets = train.select(usable), targets[usable]
            self.public_test = labelled_by_majority(self.public_test)
        else:
            targets = soft_labels(train, recipe.votes)
        self.chips = torch.from_numpy(train.chips).to(device)
        self.targets = torch.from_numpy(targets).to(device)
        self.teacher = Teacher(recipe.teacher, device) if recipe.teacher else None
        batch = recipe.batch * self.world_size
        self.steps_per_epoch = len(train) // batch
        if not self.steps_per_epoch:
            raise DataError(f"{len(train)} training images do not fill a batch of {batch}.")
        self.total_steps = self.steps_per_epoch * recipe.epochs
        self.progress = Progress()
        self._epoch_order = -1, torch.empty(0, dtype=torch.long)

    @abstractmethod
    def train_step(self, rate: float) -> float | Tensor:
        """Run one optimiser step at learning rate `rate` and return the loss.

        A tensor is returned without waiting for the GPU.
        """

    @abstractmethod
    def public_logits(self) -> Tensor:
        """Return the PublicTest logits (N, 7) of the current weights, at `eval_size` px."""

    @abstractmethod
    def evaluated_state(self) -> dict[str, Any]:
        """Return a copy of the weights that `public_logits` uses."""

    @abstractmethod
    def save(self) -> None:
        """Write the state that `resume` needs with `write_checkpoint`."""

    @abstractmethod
    def restore(self, content: dict[str, Any]) -> None:
        """Continue from the state that `save` wrote."""

    def resume(self) -> None:
        """Continue from the checkpoint of an earlier run, if there is one.

        Raises `DataError` if it is damaged or of another recipe.
        """
        path = self.checkpoint_path
        if not path.is_file():
            return
        try:
            self.restore(torch.load(path, map_location=self.device, weights_only=True))
        except Exception as error:  # of many kinds, by where the damage is
            raise DataError(
                f"{path} is damaged or of another recipe: delete it, or train without --resume."
            ) from error

    def fit(self, max_minutes: float = math.inf) -> Progress:
        """Train until the schedule ends, early stopping applies or `max_minutes` have passed."""
        self.run_dir.mkdir(parents=True, exist_ok=True)
        progress, start, last_save = self.progress, time.monotonic(), time.monotonic()
        seconds_before = progress.seconds
        save_seconds = 0.0  # of the last checkpoint
        bar = tqdm(
            total=self.total_steps, initial=progress.step, unit="batch", disable=self.rank > 0
        )
        out_of_time = False
        while progress.step < self.total_steps and not out_of_time and not self.should_stop_early():
            progress.loss_sum = progress.loss_sum + self.train_step(
                self.recipe.rate(progress.step / self.total_steps)
            )
            progress.loss_count += 1
            progress.step += 1
            bar.update()
            now = time.monotonic()
            progress.seconds = seconds_before + now - start
            out_of_time = self.sync_stop(now - start > max_minutes * 60)
            interval = CHECKPOINT_SECONDS
            if progress.step % self.steps_per_epoch == 0 or out_of_time:
                bar.write(self.evaluate_epoch())
                interval = save_seconds / MAX_CHECKPOINT_SHARE
            if now - last_save >= interval:
                save_start = time.monotonic()
                self._save_run()
                last_save = time.monotonic()
                save_seconds = last_save - save_start
        bar.close()
        self._save_run()
        return progress

    def _save_run(self) -> None:
        """Write the log and a checkpoint, from the first process only."""
        if self.rank == 0:
            write_log(self.run_dir / "log.csv", self.progress.log)
            self.save()

    @property
    def phase(self) -> Phase:
        """The recipe's phase at the current step."""
        return self.recipe.phase(self.progress.step / self.total_steps)

    @property
    def last_fraction(self) -> float:
        """The last finished step as a fraction of all steps."""
        return max(self.progress.step - 1, 0) / self.total_steps

    @property
    def eval_size(self) -> int:
        """Input size, in px, at the end of the last step's learning-rate cycle."""
        return self.recipe.eval_size_at(self.last_fraction) or self.preprocessing.size

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return this step's augmented images (N, 1, size, size) in [0, 1] and targets (N, 7)."""
        progress, recipe = self.progress, self.recipe
        epoch, position = divmod(progress.step, self.steps_per_epoch)
        start = (position * self.world_size + self.rank) * recipe.batch
        indices = self._order(epoch)[start : start + recipe.batch]
        random = np.random.default_rng((recipe.seed, progress.step, self.rank))
        torch.manual_seed(int(random.integers(2**63)))  # torch's dropout and stochastic depth
        seed = int(random.integers(2**63))

        alpha = recipe.mixup if self.phase.mixup is None else self.phase.mixup
        other = torch.from_numpy(random.permutation(len(indices)))
        other = other.to(self.device, non_blocking=True)
        share = random.beta(alpha, alpha) if alpha else 1.0

        def augmented(size: int) -> Tensor:
            generator = torch.Generator(self.device).manual_seed(seed)
            images = augment(self.chips[indices], size, recipe.augmentation, generator)
            return mix_up(images, share, other)

        size, targets = self.phase.size or self.preprocessing.size, self.targets[indices]
        images, targets = augmented(size), mix_up(targets, share, other)
        if self.teacher:
            same_size = self.teacher.size == size
            teacher_images = images if same_size else augmented(self.teacher.size)
            targets = torch.lerp(targets, self.teacher(teacher_images), recipe.teacher_share)
        return images, targets

    def _order(self, epoch: int) -> Tensor:
        """Return the indices of all training images, shuffled for this epoch, on the device."""
        if self._epoch_order[0] != epoch:
            order = np.random.default_rng((self.recipe.seed, epoch)).permutation(len(self.chips))
            self._epoch_order = epoch, torch.from_numpy(order).to(self.device)
        return self._epoch_order[1]

    def loss(self, logits: Tensor, targets: Tensor, smoothing: float = 0.0) -> Tensor:
        """Cross-entropy; for yes/no models, the mean of the seven binary cross-entropies."""
        if self.recipe.yes_no:
            return F.binary_cross_entropy_with_logits(logits, targets)
        return F.cross_entropy(logits, targets, label_smoothing=smoothing)

    def evaluate_epoch(self) -> str:
        """Score PublicTest, keep the weights if they are the best, and return the log row as text.

        Only weights of the current learning-rate cycle count, because the network of an earlier
        cycle may have another input size or depth.
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
            "learning_rate": round(self.recipe.rate(self.last_fraction), 7),
            "training_loss": round(float(progress.loss_sum) / progress.loss_count, 5),
            "public_loss": round(self.loss(logits, targets).item(), 5),
            "public_score": round(score, 5),
            "seconds": round(progress.seconds, 1),
        }
        progress.log.append(row)
        progress.loss_sum, progress.loss_count = 0.0, 0
        return "  ".join(f"{key} {value:g}" for key, value in row.items())

    def should_stop_early(self) -> bool:
        """Whether `patience` evaluations have passed since the best one."""
        epochs_since_best = sum(
            row["epoch"] > self.progress.best_epoch for row in self.progress.log
        )
        return epochs_since_best >= self.recipe.patience

    @property
    def checkpoint_path(self) -> Path:
        return self.run_dir / "last.pt"

    def write_checkpoint(self, content: dict[str, Any]) -> None:
        """Write the checkpoint atomically: an interruption leaves the previous one or this one.

        Raises `FerError` if it cannot be written.
        """
        path = self.checkpoint_path
        unfinished = path.with_suffix(".tmp")
        try:
            torch.save(content, unfinished)
            unfinished.replace(path)
        except (OSError, RuntimeError) as error:  # torch raises the latter on a full disk
            unfinished.unlink(missing_ok=True)
            raise FerError(f"{path} cannot be written: is the disk full?") from error

    def sync_stop(self, should_stop: bool) -> bool:
        """Whether to stop now; under torchrun, whether any process has to stop."""
        return should_stop


def write_log(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write one CSV line per row, replacing the file as a whole; without rows none is written."""
    if not rows:
        return
    unfinished = path.with_name(f"{path.name}.tmp")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(path)
