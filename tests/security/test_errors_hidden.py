"""A crashing page reveals no internals to the visitor."""

import pytest
from apptest import open_page, text_of

from pages.components import page_links


def test_a_crash_shows_no_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        raise RuntimeError("secret of /home/somebody")

    monkeypatch.setattr(page_links, "question_links", crash)
    app = open_page("pages/home.py")
    [exception] = app.exception
    output = f"{exception.message} {exception.value} {list(exception.stack_trace)} {text_of(app)}"
    assert "secret" not in output
    assert "Traceback" not in output
    assert ".py" not in output
