"""About and how to cite."""

from apptest import open_page, text_of

from fer_core.evaluation import study
from fer_core.reports import citations


def test_the_study_is_named_and_the_works_can_be_copied() -> None:
    app = open_page("pages/about.py")
    assert not app.exception
    text = text_of(app)
    for name in (study.TITLE, "Ethan Assefa", "Thomas Burrell", "Tatev Gomtsyan"):
        assert name in text
    assert [code.value for code in app.code] == [citations.bibtex().rstrip()]
