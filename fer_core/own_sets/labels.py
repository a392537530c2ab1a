"""From the labels of other data sets to the seven emotions.

A word is mapped by a list of synonyms, never by likeness. A number means nothing by itself: three
data sets number the same emotions in three orders, so its scheme has to be named.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from fer_core.emotions import EMOTIONS, emotion_named, normalise
from fer_core.errors import UsageError
from fer_core.text import counted, named, printable

#: Labels that stand for none of the seven; photos with them are left out and counted.
LEFT_OUT: Final = frozenset(
    {"contempt", "contemptuous", "unknown", "none", "no face", "noface", "nf", "non face"}
    | {"unclear", "uncertain", "unsure", "other", "others", "na", "n/a", "nan", "null", "ambiguous"}
)
#: Scheme → first number and the labels in their order, as the data set's authors give them.
_ORDERS: Final = {
    "fer2013": (0, "angry disgust fear happy sad surprise neutral"),
    "rafdb": (1, "surprise fear disgust happy sad angry neutral"),
    "affectnet": (0, "neutral happy sad surprise fear disgust angry contempt"),
    "ferplus": (0, "neutral happy surprise sad angry disgust fear contempt unknown nf"),
}
#: Scheme → number → word.
SCHEMES: Final[dict[str, dict[int, str]]] = {
    name: dict(enumerate(words.split(), first)) for name, (first, words) in _ORDERS.items()
}
_NUMBER = re.compile(r"(\d{1,6})(?:\.0+)?", re.ASCII)

State = Literal["mapped", "left out", "unmapped"]


@dataclass(frozen=True)
class LabelRow:
    """One label of the user's, and what it stands for."""

    foreign: str
    count: int  # photos with it
    emotion: str | None  # one of EMOTIONS; None where it is left out or unmapped
    state: State


@dataclass(frozen=True)
class Vocabulary:
    """How labels are understood: synonyms, perhaps a scheme for numbers, and the user's word.

    Attributes:
        scheme: A key of `SCHEMES`, or None: numbers are not understood then.
        overrides: Label → an emotion or a synonym of one, or None to leave its faces out.

    Raises:
        UsageError: There is no such scheme, or an override names no emotion.
    """

    scheme: str | None = None
    overrides: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.scheme is not None and self.scheme not in SCHEMES:
            raise UsageError(
                f"There is no scheme {self.scheme}: choose one of {', '.join(SCHEMES)}."
            )
        for label, target in self.overrides.items():
            if target is not None and emotion_named(target) is None:
                raise UsageError(
                    f"{label} cannot stand for {target}: name one of {', '.join(EMOTIONS)}."
                )

    def state(self, label: str) -> State:
        """Whether a label is mapped to an emotion, left out, or not understood."""
        return self._meaning(label)[1]

    def emotion(self, label: str) -> str | None:
        """The emotion that a label stands for; None where it is left out or not understood."""
        return self._meaning(label)[0]

    def knows(self, label: str) -> bool:
        """Whether a label is understood, be it mapped or left out."""
        return self.state(label) != "unmapped"

    def _meaning(self, label: str) -> tuple[str | None, State]:
        for key in (label, label.strip()):
            if key in self.overrides:
                return self._target(self.overrides[key])
        by_word = {normalise(key): target for key, target in self.overrides.items()}
        word = normalise(label)
        if word in by_word:
            return self._target(by_word[word])
        if number := _NUMBER.fullmatch(label.strip()):
            label = SCHEMES[self.scheme].get(int(number[1]), "") if self.scheme else ""
        if emotion := emotion_named(label):
            return emotion, "mapped"
        return None, "left out" if normalise(label) in LEFT_OUT else "unmapped"

    @staticmethod
    def _target(target: str | None) -> tuple[str | None, State]:
        return (None, "left out") if target is None else (emotion_named(target), "mapped")

    def mapping(self, labels: Iterable[str] | Mapping[str, int]) -> "LabelMapping":
        """What each label of a set stands for.

        Args:
            labels: One per face, or how often each occurs.
        """
        counts = Counter(labels)
        rows = [LabelRow(label, n, *self._meaning(label)) for label, n in counts.items()]
        return LabelMapping(tuple(sorted(rows, key=lambda row: (-row.count, row.foreign))), self)


@dataclass(frozen=True)
class LabelMapping:
    """The labels of a set, most frequent first, and what each stands for."""

    rows: tuple[LabelRow, ...]
    vocabulary: Vocabulary

    def of_state(self, state: State) -> list[LabelRow]:
        """The labels that are mapped, left out or unmapped."""
        return [row for row in self.rows if row.state == state]

    def counts(self) -> dict[str, int]:
        """Faces per emotion, in the order of EMOTIONS, with those that have none."""
        counts = dict.fromkeys(EMOTIONS, 0)
        for row in self.rows:
            if row.emotion is not None:
                counts[row.emotion] += row.count
        return counts

    def with_override(self, foreign: str, emotion: str | None) -> "LabelMapping":
        """The mapping in which one label stands for an emotion, or for none with None."""
        overrides = {**self.vocabulary.overrides, foreign: emotion}
        vocabulary = Vocabulary(self.vocabulary.scheme, overrides)
        return vocabulary.mapping({row.foreign: row.count for row in self.rows})

    def sentences(self) -> list[str]:
        """What of the labels cannot be used, and what to do about it."""
        texts = []
        if left_out := self.of_state("left out"):
            texts.append(_sentence(left_out, "stands for no emotion"))
        unmapped = self.of_state("unmapped")
        numbers = [row for row in unmapped if _NUMBER.fullmatch(row.foreign.strip())]
        words = [row for row in unmapped if row not in numbers]
        if numbers and self.vocabulary.scheme:
            texts.append(_sentence(numbers, f"is no number of {self.vocabulary.scheme}"))
        elif numbers:
            texts.append(_sentence(numbers, "is a number"))
            texts.append(
                f"A number means nothing by itself: name the scheme ({', '.join(SCHEMES)}), or map "
                "each number."
            )
        if words:
            texts.append(_sentence(words, "is not known here (it can be mapped)"))
        known = {normalise(row.foreign) for row in self.rows} | {row.foreign for row in self.rows}
        unused = [k for k in self.vocabulary.overrides if k not in known]
        unused = [key for key in unused if normalise(key) not in known]
        if unused:
            texts.append(f"No photo has the label {named(unused)}, which was mapped.")
        return texts


def _sentence(rows: list[LabelRow], what: str) -> str:
    n = sum(row.count for row in rows)
    were, their = ("was", "its") if n == 1 else ("were", "their")
    labels = [f"{printable(row.foreign) or '(empty)'} ({row.count:,})" for row in rows]
    return (
        f"{counted(n, 'photo')} {were} left out because {their} label {what}: {named(labels, 10)}."
    )
