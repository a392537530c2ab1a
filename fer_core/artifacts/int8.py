"""What 8-bit integers change in the answers: the committed `results/int8.json`.

Written by `python -m training.quantize`. Imports no NumPy.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from fer_core.artifacts import store, summaries
from fer_core.errors import ResultsError
from fer_core.registry import ModelSpec

WRITER = "quantize"  # the `training` command that writes the file
SPLIT = "PublicTest"  # on which fp32 and int8 were compared
MAX_LOSS = 0.003  # of accuracy, a fraction, up to which int8 is used without being asked for


@dataclass(frozen=True)
class Int8Comparison:
    """A model's answers in both precisions, in numbers of faces of PublicTest.

    A model trained by the FER+ votes alone is compared on the faces with a clear majority.
    """

    n: int
    same_answer: int
    both_correct: int
    fp32_only: int  # correct in single precision only
    int8_only: int
    sha256: str  # hexadecimal, of the weights or of an ensemble's fitted parameters

    @property
    def loss(self) -> float:
        """Accuracy lost by int8, a fraction; negative where it gains."""
        return (self.fp32_only - self.int8_only) / self.n

    @property
    def is_close(self) -> bool:
        """Whether int8 loses at most `MAX_LOSS`."""
        return self.loss <= MAX_LOSS


def path() -> Path:
    """Path of the comparisons."""
    return store.artifacts().results / "int8.json"


def to_json(comparisons: Mapping[str, Int8Comparison]) -> bytes:
    """The content of the file, from a comparison per model name."""
    return store.json_bytes({name: asdict(each) for name, each in comparisons.items()})


@store.cached
def load_comparisons() -> dict[str, Int8Comparison]:
    """All comparisons by model name; raises `ResultsError` if the file is missing or damaged."""
    content = store.read_json(path(), WRITER)
    try:
        return {name: Int8Comparison(**counts) for name, counts in content.items()}
    except TypeError as error:
        raise store.corrupted_error(path()) from error


def comparison(model: ModelSpec) -> Int8Comparison | None:
    """The comparison of a model's committed weights; None where there is none of these."""
    try:
        recorded = load_comparisons().get(model.name)
    except ResultsError:
        return None
    is_current = recorded and recorded.sha256 == summaries.weights_checksum(model.name)
    return recorded if is_current else None
