"""A page that fails tells its visitor nothing of the inside."""

import pytest
from apptest import open_page, text_of

from pages.components import page_links


def test_a_crash_shows_no_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> None:
        raise RuntimeError("secret of /home/somebody")

    monkeypatch.setattr(page_links, "question_links", crash)
    app = open_page("pages/home.py")
    [shown] = app.exception
    told = f"{shown.message} {shown.value} {list(shown.stack_trace)} {text_of(app)}"
    assert "secret" not in told
    assert "Traceback" not in told
    assert ".py" not in told
