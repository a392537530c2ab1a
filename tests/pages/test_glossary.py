"""The page Glossary and the explanation of kappa."""

from pathlib import Path

import numpy as np
import pytest
from apptest import open_page, text_of
from sklearn.metrics import cohen_kappa_score

from pages.sections.compare.kappa_help import BALANCED, LOPSIDED, kappa


def test_every_term_of_the_documents_is_there() -> None:
    app = open_page("pages/glossary.py")
    assert not app.exception
    terms = Path("docs/glossary.md").read_text("utf-8").count("\n| ")
    assert text_of(app).count("\n| ") == terms > 30
    assert ".md)" not in text_of(app)


@pytest.mark.parametrize("counts", [BALANCED, LOPSIDED])
def test_the_examples_have_one_agreement_and_scikit_learns_kappa(
    counts: tuple[int, int, int, int],
) -> None:
    first = np.repeat([1, 1, 0, 0], counts)
    second = np.repeat([1, 0, 1, 0], counts)
    equal, _, value = kappa(*counts)
    assert equal == pytest.approx(0.76)
    assert value == pytest.approx(cohen_kappa_score(first, second))
