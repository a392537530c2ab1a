"""No more visitors at once than seats; a browser that has gone leaves its seat."""

import pytest
from apptest import open_page, text_of

from pages.session import capacity
from pages.session.capacity import Seats


def test_seats_are_kept_and_freed() -> None:
    here = {"a", "b", "c"}
    two = Seats(2)
    assert two.take("a", here.__contains__)
    assert two.take("b", here.__contains__)
    assert not two.take("c", here.__contains__)
    assert two.take("a", here.__contains__)  # a second look is no second seat
    here.remove("b")
    assert two.take("c", here.__contains__)
    here.add("b")
    assert not two.take("b", here.__contains__)  # back too late


def test_a_visitor_too_many_is_told_and_let_in_later(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Seats(1)
    full.take("somebody else", lambda session: True)
    monkeypatch.setattr(capacity, "SEATS", full)
    app = open_page("pages/home.py")
    assert not app.exception
    assert [title.value for title in app.title] == ["All seats are taken"]
    assert "goes on by itself" in text_of(app)
    monkeypatch.setattr(capacity, "SEATS", Seats(1))  # somebody else has gone
    app.run()
    assert [title.value for title in app.title] == ["FER Explorer"]
