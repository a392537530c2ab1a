"""Operator settings, and error messages for invalid values."""

from dataclasses import fields
from pathlib import Path

import pytest

from fer_core.errors import SettingsError
from pages.runtime.settings import Settings, from_environment

ROOT = Path(__file__).parents[3]
VARIABLES = {setting.name: setting.metadata["variable"] for setting in fields(Settings)}
CHOICES = {"log": "json", "class_mode": "on", "precision": "fp32"}  # other than the default
TOKEN = "a-token-for-the-tests"


def test_unset_variables_have_defaults() -> None:
    assert from_environment({}) == Settings()
    assert from_environment(dict.fromkeys(VARIABLES.values(), " ")) == Settings()


def test_every_variable_is_read() -> None:
    texts = {
        variable: (CHOICES | {"api_token": TOKEN, "models_dir": str(ROOT)}).get(name, "77")
        for name, variable in VARIABLES.items()
    }
    assert from_environment(texts) == Settings(
        77, 77, 77, 77, 77, "json", "on", "fp32", TOKEN, 77, str(ROOT)
    )


@pytest.mark.parametrize("text", ["0", "-1", "2.5", "many", "1e3", "²"])
@pytest.mark.parametrize(
    "name", [name for name in VARIABLES if name not in (*CHOICES, "api_token", "models_dir")]
)
def test_an_invalid_number_is_reported(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{VARIABLES[name]} must be a whole number"):
        from_environment({VARIABLES[name]: text})


def test_a_missing_folder_is_reported() -> None:
    with pytest.raises(SettingsError, match="FER_MODELS_DIR must be a folder, and 'gone' is none"):
        from_environment({"FER_MODELS_DIR": "gone"})


def test_an_unknown_choice_is_reported() -> None:
    with pytest.raises(SettingsError, match="FER_LOG must be off or json, not 'loud'"):
        from_environment({"FER_LOG": "loud"})
    with pytest.raises(SettingsError, match="FER_CLASS must be off or on, not '1'"):
        from_environment({"FER_CLASS": "1"})


@pytest.mark.parametrize(
    "text", ["fifteen letters", "a token with spaces", "ein-Schlüssel-aus-Wörtern"]
)
def test_a_weak_token_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^FER_API_TOKEN must have at least 16") as refused:
        from_environment({"FER_API_TOKEN": text})
    assert text not in str(refused.value)
    assert TOKEN not in repr(Settings(api_token=TOKEN))


def test_all_of_them_are_documented() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    for setting in fields(Settings):
        assert f"| `{setting.metadata['variable']}` | {setting.default or 'none'} |" in text
