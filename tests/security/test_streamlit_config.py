"""Streamlit settings that privacy and security depend on.

`tests/browser/test_server.py` tests the running server.
"""

import tomllib
from pathlib import Path

import pytest
import streamlit as st

from fer_core.imaging import decode

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server.address", "localhost"),
        ("server.allowedHosts", ["localhost"]),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("logger.enableRich", False),
        ("runner.postScriptGC", False),
    ],
)
def test_a_setting_that_must_not_change(name: str, value: object) -> None:
    section, _, option = name.partition(".")
    assert SETTINGS[section][option] == value
    assert st.get_option(name) == value  # the option exists and has this value


@pytest.mark.parametrize("name", ["server.enableStaticServing", "global.developmentMode"])
def test_options_that_are_off_by_default_stay_off(name: str) -> None:
    assert not st.get_option(name)


def test_the_server_accepts_no_larger_file_than_the_library() -> None:
    assert SETTINGS["server"]["maxUploadSize"] * 2**20 <= decode.MAX_BYTES


def test_the_repository_contains_no_secrets() -> None:
    assert not (ROOT / ".streamlit/secrets.toml").exists()
