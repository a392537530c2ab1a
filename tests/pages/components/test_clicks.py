"""Values that a browser sends for a click."""

from typing import Any

import pytest
import streamlit as st

from fer_core.imaging.sample_photo import SAMPLES
from pages.components import clicks
from pages.session import photos


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    values: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", values)
    return values


def test_a_link_opens_its_page(state: dict[str, Any]) -> None:
    target = {"page": "saliency", "query": {"face": "PublicTest_1"}}
    state[clicks.KEY] = {"target": target, "time": 1}
    clicks._handle()
    assert state.pop(clicks.DESTINATION_KEY) == ("saliency", {"face": "PublicTest_1"})
    clicks._handle()  # the same click once more
    assert clicks.DESTINATION_KEY not in state


@pytest.mark.parametrize(
    "value",
    [
        *(None, "saliency", 7, [], {}, {"target": None}, {"target": {"face": 7}}),
        {"target": {"page": "../secret", "query": {}}},
        {"target": {"page": ["saliency"], "query": {}}},
        {"target": {"page": "saliency", "query": "face=1"}},
        {"target": {"page": "saliency", "query": {"face": {"a": 1}}}},
    ],
)
def test_anything_else_is_ignored(state: dict[str, Any], value: object) -> None:
    state[clicks.KEY] = value
    clicks._handle()
    assert clicks.DESTINATION_KEY not in state


def test_a_sample_is_received(state: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    received = []
    monkeypatch.setattr(photos, "receive", received.extend)
    for time, name in enumerate([*SAMPLES, "../secret.png"]):
        state[clicks.KEY] = {"target": {"sample": name}, "time": time}
        clicks._handle()
    assert [name for name, _ in received] == list(SAMPLES)


def test_a_link_is_an_ordinary_address_too() -> None:
    link = clicks.link("<b>", "saliency", face="a&b")
    assert 'href="saliency?face=a%26b"' in link
    assert "&lt;b&gt;</a>" in link
