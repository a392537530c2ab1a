"""A crashing page reveals no internals to the visitor."""

import pytest
from apptest import open_page, text_of
from streamlit.testing.v1 import AppTest

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


def test_a_crash_shows_how_to_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        import streamlit as st

        from pages.app import page_errors

        st.session_state.setdefault("held", "photos")
        assert page_errors.show_error(RuntimeError("secret of /home/somebody"))

    app = AppTest.from_function(script, default_timeout=60).run()
    assert not app.exception
    assert "Something went wrong on this page" in app.error[0].value
    assert "secret" not in app.error[0].value
    assert "secret" not in caplog.text
    assert [button.label for button in app.button] == ["Try again", "Clear photos"]
    app.button(key="error-retry").click().run()
    assert app.session_state["held"] == "photos"
    app.session_state["photo"] = "key"
    app.button(key="error-clear").click().run()
    assert "photo" not in app.session_state
