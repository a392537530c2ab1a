"""No more visitors at once than seats; a browser that has gone leaves its seat."""

import pytest
from apptest import open_page, text_of

from pages.session import capacity
from pages.session.capacity import SessionLimit


def test_seats_are_kept_and_freed() -> None:
    here = {"a", "b", "c"}
    two = SessionLimit(2)
    assert two.acquire("a", here.__contains__)
    assert two.acquire("b", here.__contains__)
    assert not two.acquire("c", here.__contains__)
    assert two.acquire("a", here.__contains__)  # a second look is no second seat
    here.remove("b")
    assert two.acquire("c", here.__contains__)
    here.add("b")
    assert not two.acquire("b", here.__contains__)  # back too late


def test_a_visitor_too_many_is_told_and_let_in_later(monkeypatch: pytest.MonkeyPatch) -> None:
    full = SessionLimit(1)
    full.acquire("somebody else", lambda session: True)
    monkeypatch.setattr(capacity, "SESSION_LIMIT", full)
    app = open_page("pages/home.py")
    assert not app.exception
    assert [title.value for title in app.title] == ["All seats are taken"]
    assert "goes on by itself" in text_of(app)
    monkeypatch.setattr(capacity, "SESSION_LIMIT", SessionLimit(1))  # somebody else has gone
    app.run()
    assert [title.value for title in app.title] == ["FER Explorer"]
