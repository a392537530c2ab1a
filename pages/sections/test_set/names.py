"""Adding a set to the session under a name that fits an address and is not taken."""

import re
from dataclasses import replace

import numpy as np

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.text import unique_name
from pages.components.test_sets import COMMITTED
from pages.session.own_sets import MAX_SETS, own_results
from pages.text.escape import plain_title

MAX_LENGTH = 40  # of a name in an address


def add(evaluation_set: EvaluationSet, chips: np.ndarray | None = None) -> str:
    """Add a set, with its faces if they are known; return its name. A title that is taken gets a
    number.

    The oldest set makes room where there are `MAX_SETS`.
    """
    own = own_results()
    while len(own.sets) >= MAX_SETS:
        own.remove_set(next(iter(own.sets)))
    title = unique_name(
        plain_title(evaluation_set.title), {each.title for each in own.sets.values()}
    )
    name = address_name(title, {*own.sets, *COMMITTED})
    own.add_set(replace(evaluation_set, name=name, title=title), chips)
    return name


def address_name(title: str, taken: set[str]) -> str:
    """A title as a name of letters, digits and hyphens: 'My photos (2)' → 'my-photos-2'."""
    words = re.findall(r"[a-z0-9]+", title.casefold()) or ["set"]
    name = "-".join(words)[:MAX_LENGTH].strip("-")
    numbered = unique_name(name, taken)
    return re.sub(r" \((\d+)\)$", r"-\1", numbered)
