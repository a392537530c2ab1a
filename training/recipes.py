"""Training recipes, one per network: all hyperparameters that determine its weights."""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from training.engine.augment import Augmentation


@dataclass(frozen=True)
class Phase:
    """One part of a training run, for example with smaller images or a shallower network."""

    start: float  # fraction of all steps at which the phase begins
    size: int = 0  # input size in px; 0 = the network's final input size
    blocks: int = 0  # active blocks per stage of the backbone; 0 = all
    mixup: float | None = None  # None = the recipe's value
    restart: bool = False  # warm restart of the learning rate (Loshchilov & Hutter 2017)


@dataclass(frozen=True)
class Recipe:
    """Hyperparameters of `python -m training.train MODEL`; `--epochs` overrides the length.

    The learning rate rises linearly during the `warmup` fraction of a cycle, then falls to zero
    along half a cosine. A phase with `restart` begins a new cycle. The fields are stored in the
    provenance of the weights.
    """

    epochs: int
    batch: int = 128
    optimizer: Literal["sgd", "adam"] = "sgd"
    learning_rate: float = 0.1
    weight_decay: float = 5e-4
    warmup: float = 0.1  # fraction of a cycle's steps
    label_smoothing: float = 0.1
    mixup: float = 0.0  # alpha of the beta distribution; 0 = off
    yes_no: bool = False  # seven binary outputs instead of one seven-way softmax
    ema: float = 0.995  # decay per step of the averaged weights (torch only); 0 in Keras
    patience: int = 15  # epochs without a better PublicTest score before early stopping
    seed: int = 0
    start: str = ""  # model whose committed weights initialise the network; "" = random
    dropout_samples: int = 1  # dropout masks per image, see engine/multi_sample_dropout.py
    teacher: str = ""  # model whose committed network's probabilities are part of the targets
    teacher_share: float = 0.0  # weight of the teacher in the targets
    temperature: bool = False  # fit a temperature on PublicTest at the end of training
    logit_adjustment: bool = False  # then raise rare emotions' logits, by PublicTest
    #: Whether the FER+ votes replace FER2013's labels, for training and for the choice of the epoch
    by_votes: bool = False
    votes: float = 0.0  # weight of the FER+ votes in the part of the targets without the teacher
    size: int = 0  # input size in px; 0 = as in the registry
    phases: tuple[Phase, ...] = ()  # progressive resizing and depth; () = a single phase
    augmentation: Augmentation = field(default_factory=Augmentation)
    network: dict[str, Any] = field(default_factory=dict)  # arguments of the network class

    def phase(self, fraction: float) -> Phase:
        """Return the phase at `fraction` of all steps."""
        return next((phase for phase in reversed(self.phases) if phase.start <= fraction), Phase(0))

    def cycle(self, fraction: float) -> tuple[float, float]:
        """Return start and end, as fractions of all steps, of the cycle at `fraction` < 1."""
        edges = [0.0, *(phase.start for phase in self.phases if phase.restart and phase.start), 1.0]
        start = max(edge for edge in edges[:-1] if edge <= fraction)
        return start, min(edge for edge in edges if edge > start)

    def rate(self, fraction: float) -> float:
        """Return the learning rate at `fraction` of all steps."""
        start, end = self.cycle(fraction)
        fraction = (fraction - start) / (end - start)
        if fraction < self.warmup:
            return self.learning_rate * (fraction / self.warmup + 0.01)
        rest = (fraction - self.warmup) / (1 - self.warmup)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * rest))

    def eval_size_at(self, fraction: float) -> int:
        """Return the input size in px at the end of the cycle at `fraction` < 1; 0 = final."""
        _, end = self.cycle(fraction)
        return next((phase.size for phase in reversed(self.phases) if phase.start < end), 0)


#: Architecture of the multi-class CNN and of the yes/no models, which start from its weights.
CNN = {"widths": [32, 64, 128, 256]}

RECIPES: dict[str, Recipe] = {
    "multiclass": Recipe(epochs=100, ema=0.999, patience=100, network=CNN),
    "individual": Recipe(
        epochs=5,
        learning_rate=0.05,
        label_smoothing=0.0,
        yes_no=True,
        ema=0.998,
        start="multiclass",
        teacher="resnet101",
        teacher_share=0.7,
        network=CNN,
    ),
    "ferplus": Recipe(
        epochs=12,
        learning_rate=0.03,
        label_smoothing=0.0,  # the votes are soft labels already
        ema=0.998,
        start="multiclass",
        temperature=True,
        by_votes=True,
        augmentation=Augmentation(faults=0.2),
        network=CNN,
    ),
    "resnet101": Recipe(
        epochs=90,
        batch=256,
        optimizer="adam",
        learning_rate=1e-3,
        weight_decay=0.05,
        warmup=0.05,
        label_smoothing=0.0,  # the teacher's probabilities and the votes are soft labels already
        mixup=0.2,
        ema=0.998,
        patience=100,
        dropout_samples=8,
        teacher="multiclass",
        teacher_share=0.5,
        temperature=True,
        logit_adjustment=True,
        votes=0.3,  # 15 % of the whole target; teacher 50 %, FER2013's labels 35 %
        size=96,
        phases=(Phase(0, size=64), Phase(0.3)),
        network={"drop_path_rate": 0.1},
    ),
    "efficientnet_b5": Recipe(
        epochs=84,
        batch=256,
        optimizer="adam",
        learning_rate=1e-3,
        weight_decay=0.05,
        warmup=0.06,
        label_smoothing=0.0,  # the teacher's probabilities are soft labels already
        ema=0.998,
        patience=100,
        dropout_samples=8,
        teacher="resnet101",
        teacher_share=0.7,
        temperature=True,
        logit_adjustment=True,
        size=96,
        phases=(Phase(0, size=64, blocks=1), Phase(0.3, mixup=0.2, restart=True)),
        network={"drop_path_rate": 0.1},
    ),
    "keras_cnn": Recipe(
        epochs=22,
        weight_decay=5e-3,
        ema=0.0,
        patience=22,
        temperature=True,
        augmentation=Augmentation(scale=0.1, shift=0.05, erase=0),
    ),
}
