"""A chart with its downloads."""

import pytest
from apptest import open_page

from pages.components import figure


def test_the_chart_of_a_file_is_drawn_only_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    titles: list[str] = []
    monkeypatch.setattr(figure, "for_file", lambda chart, title, source: titles.append(title))
    app = open_page("pages/leaderboard.py")
    assert not app.exception
    assert app.get("plotly_chart")
    assert titles == []
