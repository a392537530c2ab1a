"""Which variants go back to which others, so that their agreeing is less than a second opinion.

Facts from the registry and the committed summaries; no sentence.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.registry import get_model_spec


def ensembles_with_members(names: Sequence[str]) -> list[str]:
    """The combinations among `names` that have a member among them too."""
    return [name for name in names if set(get_model_spec(name).members) & set(names)]


def students_by_teacher(names: Iterable[str]) -> dict[str, list[str]]:
    """Those of the variants that learned partly to answer as another does, by that teacher's
    name."""
    found: dict[str, list[str]] = {}
    for name in names:
        if teacher := summaries.teacher_name(get_model_spec(name)):
            found.setdefault(teacher, []).append(name)
    return found


class Lineage(NamedTuple):
    """How a variant goes back to another, its ancestor."""

    name: str
    ancestor: str
    teacher: str | None  # the teacher between them; None where it began with the other's weights


def lineages(names: Sequence[str]) -> list[Lineage]:
    """How variants go back to others of `names`, other than as pupils of a teacher among them."""
    return [found for name in names if (found := _descent(name, names))]


def _descent(name: str, names: Sequence[str]) -> Lineage | None:
    variant = get_model_spec(name)
    start = str((summaries.load_summary(variant) or {}).get("initialisation", ""))
    if start in names:
        return Lineage(name, start, None)
    teacher = summaries.teacher_name(variant)
    if teacher and teacher not in names:
        ancestor = summaries.teacher_name(get_model_spec(teacher))
        if ancestor in names:
            return Lineage(name, ancestor, teacher)
    return None
