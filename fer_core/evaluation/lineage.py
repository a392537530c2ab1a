"""How models descend from one another, which makes their agreement less than a second opinion.

Facts from the registry and the committed summaries, without wording.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fer_core.artifacts import summaries
from fer_core.registry import get_model_spec, networks_of


def ensembles_with_members(model_names: Sequence[str]) -> list[str]:
    """The ensembles among `model_names` with at least one of their members among them."""
    return [name for name in model_names if set(get_model_spec(name).members) & set(model_names)]


def students_by_teacher(model_names: Iterable[str]) -> dict[str, list[str]]:
    """Teacher's name → the models among `model_names` that were distilled from it."""
    students: dict[str, list[str]] = {}
    for name in model_names:
        if teacher := summaries.teacher_name(get_model_spec(name)):
            students.setdefault(teacher, []).append(name)
    return students


def all_teachers(model_name: str) -> set[str]:
    """The models whose answers taught a model, its members, or a teacher of theirs."""
    found: set[str] = set()
    waiting = [model_name]
    while waiting:
        networks = networks_of(get_model_spec(waiting.pop()))
        new = {teacher for each in networks if (teacher := summaries.teacher_name(each))} - found
        found |= new
        waiting += new
    return found


class Lineage(NamedTuple):
    """How a model descends from an ancestor."""

    name: str
    ancestor: str
    teacher: str | None  # the teacher between them; None if it started from the ancestor's weights


def lineages(model_names: Sequence[str]) -> list[Lineage]:
    """The descents within `model_names`, except direct distillation (`students_by_teacher`)."""
    return [lineage for name in model_names if (lineage := _lineage(name, model_names))]


def _lineage(name: str, model_names: Sequence[str]) -> Lineage | None:
    model = get_model_spec(name)
    start = str((summaries.load_summary(model) or {}).get("initialisation", ""))
    if start in model_names:
        return Lineage(name, start, None)
    teacher = summaries.teacher_name(model)
    if teacher and teacher not in model_names:
        ancestor = summaries.teacher_name(get_model_spec(teacher))
        if ancestor in model_names:
            return Lineage(name, ancestor, teacher)
    return None
