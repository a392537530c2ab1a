"""Two lists side by side: can and cannot, fine and not fine."""

from collections.abc import Sequence

from fer_core.registry import VARIANTS
from pages.text.counting import in_words

CANNOT = (
    "What somebody feels, wants, thinks or is like",
    "Whether a smile is meant, or a feeling is hidden",
    "Anything about health, honesty, interest or performance",
    "The situation: what came before, who else is there, what is said",
)
FINE = (
    "Learning how such models work, and how they fail",
    "Your own photos, or photos of people who said yes",
    "Teaching and research with public data or with consent",
)
NOT_FINE = (
    "Watching staff, applicants, pupils or students: in the EU it is prohibited",
    "Deciding about anyone: jobs, marks, credit, insurance, asylum, police work",
    "Guessing at health or at truthfulness",
    "Photos of people who don't know of it, children above all",
)


def can() -> tuple[str, ...]:
    """What the models can tell."""
    return (
        "What strangers would probably call the expression on a small grey picture of a face",
        "How sure a model is of that, and how often it is right when it is as sure",
        f"Where {in_words(len(VARIANTS))} models differ, and on which faces they go wrong",
    )


def cards(level: int, yes: str, good: Sequence[str], no: str, bad: Sequence[str]) -> str:
    """HTML: what is on the left with ticks, what is on the right with crosses; the cards' headings
    are of that level."""
    return f'<div class="uses">{_card("yes", level, yes, good)}{_card("no", level, no, bad)}</div>'


def _card(kind: str, level: int, title: str, items: Sequence[str]) -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    head = f"<h{level}>{title}</h{level}>"
    return f'<section class="{kind}">{head}<ul>{rows}</ul></section>'
