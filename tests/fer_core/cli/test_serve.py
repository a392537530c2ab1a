"""fer-explorer app: what it starts. tests/repository/test_wheel.py starts the installed app."""

import sys

import pytest
from streamlit.web import cli as streamlit

from fer_core.cli import serve
from fer_core.cli.app import main


def test_it_starts_the_checkouts_script_with_all_options(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(streamlit, "main", lambda words, prog_name: started.append(words) or 0)
    assert main(["app", "--port", "9000", "--", "--server.address", "0.0.0.0"]) == 0
    [words] = started
    assert words[1:] == [
        str(serve.script_path()),
        "--server.port",
        "9000",
        "--server.address",
        "0.0.0.0",
    ]
    assert serve.script_path().with_name("pages").is_dir()


def test_without_streamlit_it_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "streamlit.web.cli", None)
    assert main(["app"]) == 1
    message = "error: The app needs streamlit: pip install 'fer-explorer[app]'.\n"
    assert capsys.readouterr().err == message
