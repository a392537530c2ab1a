"""The colours that stand in more than one kind of file are the same everywhere."""

import re
import tomllib
from pathlib import Path

import pytest

from fer_core.emotions import COLOURS
from fer_core.reports import palette
from pages.charts.colour import colour_at, contrast

ROOT = Path(__file__).parents[3]
THEME = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())["theme"]
STYLES = "".join(path.read_text() for path in (ROOT / "pages/style").glob("*.css"))


def between(first: str, second: str) -> float:
    return contrast(colour_at([first], 0), colour_at([second], 0))


def test_pictures_look_like_the_light_theme() -> None:
    light = THEME["light"]
    told = (light["backgroundColor"], light["textColor"], light["borderColor"])
    assert told == (palette.BACKGROUND, palette.TEXT_COLOUR, palette.BORDER)


def test_texts_in_pictures_can_be_read() -> None:
    assert between(palette.TEXT_COLOUR, palette.BACKGROUND) > 7
    assert between(palette.MUTED_COLOUR, palette.BACKGROUND) > 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_accent_stands_out_in_both_themes(theme: str) -> None:
    assert between(palette.ACCENT, THEME[theme]["backgroundColor"]) > 3


def test_the_accent_is_no_emotions_colour() -> None:
    assert palette.ACCENT not in COLOURS.values()


def test_style_sheets_use_the_accent_and_no_emotions_colour() -> None:
    used = {colour.upper() for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", STYLES)}
    assert palette.ACCENT in used
    assert not used & set(COLOURS.values())


def test_no_module_writes_the_accent_down_again() -> None:
    modules = [*(ROOT / "pages").rglob("*.py"), *(ROOT / "fer_core").rglob("*.py")]
    again = [path.name for path in modules if palette.ACCENT in path.read_text()]
    assert again == ["palette.py"]
