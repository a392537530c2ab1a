"""What an operator may set, and what is said of a slip."""

from dataclasses import fields
from pathlib import Path

import pytest

from fer_core.errors import SettingsError
from pages.runtime.settings import Settings, from_environment

ROOT = Path(__file__).parents[3]
VARIABLES = {each.name: each.metadata["variable"] for each in fields(Settings)}


def test_nothing_set_is_the_default() -> None:
    assert from_environment({}) == Settings()
    assert from_environment(dict.fromkeys(VARIABLES.values(), " ")) == Settings()


def test_every_variable_is_heard() -> None:
    heard = from_environment({v: "json" if n == "log" else "77" for n, v in VARIABLES.items()})
    assert heard == Settings(77, 77, 77, 77, 77, "json")


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "many", "1e3", "²"])
@pytest.mark.parametrize("name", [name for name in VARIABLES if name != "log"])
def test_a_slip_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{VARIABLES[name]} must be a whole number"):
        from_environment({VARIABLES[name]: text})


def test_an_unknown_log_is_named() -> None:
    with pytest.raises(SettingsError, match="FER_LOG must be off or json, not 'loud'"):
        from_environment({"FER_LOG": "loud"})


def test_all_of_them_are_documented() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    for each in fields(Settings):
        assert f"| `{each.metadata['variable']}` | {each.default} |" in text
