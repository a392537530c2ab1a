"""Limit on concurrent sessions; a browser that has left makes room."""

import pytest
from apptest import open_page, text_of

from pages.session import capacity
from pages.session.capacity import SessionLimit


def test_sessions_stay_admitted_until_they_leave() -> None:
    connected = {"a", "b", "c"}
    limit = SessionLimit(2)
    assert limit.acquire("a", connected.__contains__)
    assert limit.acquire("b", connected.__contains__)
    assert not limit.acquire("c", connected.__contains__)
    assert limit.acquire("a", connected.__contains__)  # already admitted
    connected.remove("b")
    assert limit.acquire("c", connected.__contains__)
    connected.add("b")
    assert not limit.acquire("b", connected.__contains__)  # its place has been taken


def test_a_visitor_over_capacity_waits_and_is_admitted_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = SessionLimit(1)
    full.acquire("somebody else", lambda session: True)
    monkeypatch.setattr(capacity, "SESSION_LIMIT", full)
    app = open_page("pages/home.py")
    assert not app.exception
    assert [title.value for title in app.title] == ["The app is at capacity"]
    assert "continues automatically" in text_of(app)
    monkeypatch.setattr(capacity, "SESSION_LIMIT", SessionLimit(1))  # somebody else has left
    app.run()
    assert [title.value for title in app.title] == ["FER Explorer"]
