"""Cohen's kappa, explained by two made-up pairs of models with the same share of equal answers."""

import streamlit as st

from fer_core.reports.format import percent
from pages.components import page_links
from pages.text.markup import table

#: Of 100 faces: both say happy, only the first does, only the second does, neither does.
BALANCED, LOPSIDED = (38, 12, 12, 38), (74, 12, 12, 2)


def kappa(both: int, first: int, second: int, neither: int) -> tuple[float, float, float]:
    """Share of equal answers, the share expected by chance, and kappa (Cohen 1960).

    >>> [round(value, 2) for value in kappa(*BALANCED)]
    [0.76, 0.5, 0.52]
    """
    total = both + first + second + neither
    equal = (both + neither) / total
    says_happy = (both + first) / total, (both + second) / total
    chance = says_happy[0] * says_happy[1] + (1 - says_happy[0]) * (1 - says_happy[1])
    return equal, chance, (equal - chance) / (1 - chance)


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
