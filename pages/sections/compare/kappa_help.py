"""Cohen's kappa, explained by two made-up pairs of models with the same share of equal answers."""

import numpy as np
import streamlit as st

from fer_core.evaluation import agreement
from fer_core.reports.format import percent
from pages.components import page_links
from pages.text.markup import table

#: Of 100 faces: both say happy, only the first does, only the second does, neither does.
BALANCED, LOPSIDED = (38, 12, 12, 38), (74, 12, 12, 2)


def kappa(both: int, first: int, second: int, neither: int) -> tuple[float, float, float]:
    """Share of equal answers, the share expected by chance, and Cohen's kappa.

    >>> [round(value, 2) for value in kappa(*BALANCED)]
    [0.76, 0.5, 0.52]
    """
    counts = (both, first, second, neither)
    answers = np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts)
    equal, value = agreement.agreement_rate(*answers), agreement.kappa(*answers).value
    return equal, (equal - value) / (1 - value), value


def show() -> None:
    """Draw the two examples."""
    st.markdown(
        "Two models that mostly answer happy agree often even if they guess. Kappa takes away the "
        "agreement expected by chance: it is the share of the possible rest that they reach."
    )
    for counts, names in ((BALANCED, "half of the faces"), (LOPSIDED, "most faces")):
        equal, chance, value = kappa(*counts)
        both, first, second, neither = counts
        st.markdown(
            f"**Both say happy for {names}:** the same answer for {percent(equal)}, by chance "
            f"{percent(chance)}, so kappa is ({percent(equal)} − {percent(chance)}) / "
            f"(100 % − {percent(chance)}) = **{value:.2f}**."
        )
        rows = [["first: happy", both, first], ["first: not", second, neither]]
        st.html(table(("of 100 faces", "second: happy", "second: not"), rows))
    page_links.link("glossary", "Glossary")
