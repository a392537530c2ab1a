"""Adding a set to the session under a name for the address, which says nothing about its faces."""

from dataclasses import replace
from itertools import count

import numpy as np
import streamlit as st

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.text import unique_name
from pages.components.test_sets import OWN_PREFIX
from pages.session.own_sets import MAX_SETS, own_results
from pages.text.escape import plain_title


def add(
    evaluation_set: EvaluationSet,
    chips: np.ndarray | None = None,
    sides: np.ndarray | None = None,
) -> str:
    """Add a set, with its faces and their sides if known; return its name, such as `own-2`.

    A title that is taken gets a number. The oldest set makes room where there are `MAX_SETS`.
    """
    own = own_results()
    while len(own.sets) >= MAX_SETS:
        oldest = next(iter(own.sets.values()))
        own.remove_set(oldest.name)
        st.toast(f"{oldest.title} was removed: a session keeps {MAX_SETS} sets.")
    title = unique_name(
        plain_title(evaluation_set.title), {each.title for each in own.sets.values()}
    )
    name = next(n for i in count(1) if (n := f"{OWN_PREFIX}{i}") not in own.sets)
    own.add_set(replace(evaluation_set, name=name, title=title), chips, sides)
    return name
