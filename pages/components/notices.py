"""Says which committed results cannot be shown, where many pages read them.

A page that alone reads a file says itself what is wrong with it.
"""

import streamlit as st

from fer_core.artifacts import store, summaries
from fer_core.datasets import fer2013, fer2013_stats
from fer_core.registry import VARIANTS
from pages.text.escape import escape


def problems() -> list[str]:
    """A sentence a file: variants' summaries, the data set's facts and its table of names."""
    told = [summaries.problem(variant) for variant in VARIANTS.values()]
    told.append(store.problem(fer2013_stats.path(), fer2013_stats.WRITER))
    told.append(store.problem(fer2013.row_numbers_path(), None))
    return [sentence for sentence in told if sentence is not None]


def show() -> None:
    """One warning above the page; nothing when all is well."""
    if found := problems():
        lines = ["Some results are left out on these pages.", *map(escape, found)]
        st.warning("  \n".join(lines), icon=":material/rule:")
