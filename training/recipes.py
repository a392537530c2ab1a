"""One recipe a trained variant: everything that decides what its weights become."""

from dataclasses import dataclass, field
from typing import Any, Literal

from training.engine.augment import Augmentation


@dataclass(frozen=True)
class Phase:
    """A part of a run: smaller and shallower than the network as it will be used, or otherwise."""

    start: float  # fraction of all steps done
    size: int = 0  # pixels a side; 0 = as the network will be used
    blocks: int = 0  # of each stage of the backbone that take part; 0 = all
    mixup: float | None = None  # None = as the recipe says
    restart: bool = False  # the learning rate's cycle begins anew (Loshchilov & Hutter 2017)


@dataclass(frozen=True)
class Recipe:
    """`python -m training.train VARIANT` runs exactly this; `--epochs` shortens the schedule.

    The learning rate climbs linearly for `warmup` of all steps and falls to zero by half a cosine;
    where a phase restarts it, each cycle does so.
    """

    epochs: int
    batch: int = 128
    optimizer: Literal["sgd", "adam"] = "sgd"
    learning_rate: float = 0.1
    weight_decay: float = 5e-4
    warmup: float = 0.1  # of a cycle's steps
    label_smoothing: float = 0.1
    mixup: float = 0.0  # alpha of the beta distribution; 0 = off
    yes_no: bool = False  # seven yes/no questions instead of one with seven answers
    ema: float = 0.995  # decay a step of the averaged weights that are kept (torch loop)
    patience: int = 15  # epochs without a better PublicTest score before stopping
    seed: int = 0
    start: str = ""  # variant whose committed weights the network starts from; "" = random numbers
    dropout_samples: int = (
        1  # masks of the study's dropout a picture, see training/engine/multi_sample_dropout.py
    )
    teacher: str = ""  # variant whose committed network's answers are part of the targets
    teacher_share: float = 0.0  # how large a part; the rest is labels and votes
    temperature: bool = False  # divide all logits by a number fitted on PublicTest at the end
    votes: float = 0.0  # share of FER+'s ten votes beside FER2013's own label, without the teacher
    size: int = 0  # pixels a side that the network takes; 0 = as in the registry
    phases: tuple[Phase, ...] = ()  # progressive resizing and growing; () = one phase, all of it
    augmentation: Augmentation = field(default_factory=Augmentation)
    network: dict[str, Any] = field(default_factory=dict)  # arguments of the network's class

    def phase(self, fraction: float) -> Phase:
        """The phase after a fraction `done` of all steps."""
        return next((p for p in reversed(self.phases) if p.start <= fraction), Phase(0))

    def cycle(self, fraction: float) -> tuple[float, float]:
        """Start and end, as fractions of all steps, of the learning rate's cycle at `done` < 1."""
        edges = [0.0, *(p.start for p in self.phases if p.restart and p.start), 1.0]
        start = max(edge for edge in edges[:-1] if edge <= fraction)
        return start, min(edge for edge in edges if edge > start)

    def eval_size_at(self, fraction: float) -> int:
        """Pixels a side that the cycle at `done` < 1 ends with and is judged at; 0 = usual."""
        _, end = self.cycle(fraction)
        return next((p.size for p in reversed(self.phases) if p.start < end), 0)


#: The multi-class CNN's shape, and so that of the yes/no models, which start from its weights.
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
    "resnet101": Recipe(
        epochs=90,
        batch=256,
        optimizer="adam",
        learning_rate=1e-3,
        weight_decay=0.05,
        warmup=0.05,
        label_smoothing=0.0,  # the teacher's answers and the votes are soft labels already
        mixup=0.2,
        ema=0.998,
        patience=100,
        dropout_samples=8,
        teacher="multiclass",
        teacher_share=0.5,
        temperature=True,
        votes=0.3,  # of what the teacher leaves: 15 % of all, beside 35 % of FER2013's own labels
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
        label_smoothing=0.0,  # the teacher's answers are soft labels already
        ema=0.998,
        patience=100,
        dropout_samples=8,
        teacher="resnet101",
        teacher_share=0.7,
        temperature=True,
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
