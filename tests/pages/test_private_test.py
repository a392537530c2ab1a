"""Every page that shows scores on PrivateTest says what it was used for."""

import pytest
from apptest import open_page, text_of

from fer_core.reports import private_test
from pages.components import selectors
from pages.sections.compare import panels


@pytest.mark.parametrize(
    "page", ["home", "leaderboard", "confusion", "per_class", "responsible", "data", "model_card"]
)
def test_the_pages_say_what_it_was_used_for(page: str) -> None:
    text = text_of(open_page(f"pages/{page}.py", model="resnet101"))
    assert "targets on it decided when to stop improving" in text


def test_the_leaderboard_counts_the_scorings() -> None:
    assert private_test.usage() in text_of(open_page("pages/leaderboard.py"))


def test_short_notes_say_it_too() -> None:
    assert private_test.ROLE in panels.accuracy_note(["multiclass"])
    assert private_test.ROLE in selectors.split_description("PrivateTest")
