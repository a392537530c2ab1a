"""Colours that are repeated in several kinds of files are the same everywhere."""

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


def contrast_ratio(first: str, second: str) -> float:
    return contrast(colour_at([first], 0), colour_at([second], 0))


def test_figures_use_the_light_theme() -> None:
    light = THEME["light"]
    colours = (light["backgroundColor"], light["textColor"], light["borderColor"])
    assert colours == (palette.BACKGROUND, palette.TEXT_COLOUR, palette.BORDER)


def test_text_in_figures_is_legible() -> None:
    assert contrast_ratio(palette.TEXT_COLOUR, palette.BACKGROUND) > 7
    assert contrast_ratio(palette.MUTED_COLOUR, palette.BACKGROUND) > 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_accent_stands_out_in_both_themes(theme: str) -> None:
    assert contrast_ratio(palette.ACCENT, THEME[theme]["backgroundColor"]) > 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("emotion", COLOURS)
def test_an_emotions_marks_stand_out_in_both_themes(emotion: str, theme: str) -> None:
    """WCAG 2.2, 1.4.11: non-text contrast."""
    assert contrast_ratio(COLOURS[emotion], THEME[theme]["backgroundColor"]) >= 3


def test_the_accent_is_no_emotions_colour() -> None:
    assert palette.ACCENT not in COLOURS.values()


def test_style_sheets_use_the_accent_and_no_emotions_colour() -> None:
    used = {colour.upper() for colour in re.findall(r"#[0-9A-Fa-f]{6}\b", STYLES)}
    assert palette.ACCENT in used
    assert not used & set(COLOURS.values())


def test_no_other_module_repeats_the_accent() -> None:
    modules = [*(ROOT / "pages").rglob("*.py"), *(ROOT / "fer_core").rglob("*.py")]
    again = [path.name for path in modules if palette.ACCENT in path.read_text()]
    assert again == ["palette.py"]
