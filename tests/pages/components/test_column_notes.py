"""What the columns mean is said on the page, not only where one can hover."""

import pytest
from apptest import open_page, text_of


@pytest.mark.parametrize(
    ("page", "column"),
    [
        ("pages/leaderboard.py", "- **Time, ms**: Milliseconds per face"),
        ("pages/per_class.py", "- **Recall**: "),
    ],
)
def test_columns_are_explained(page: str, column: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert column in text_of(app)
