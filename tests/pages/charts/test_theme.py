"""Charts and style sheets write in the theme's ink; the accent stands once in the style sheets."""

import tomllib
from pathlib import Path

import pytest

from fer_core.reports import palette
from pages.charts import theme
from pages.charts.colour import colour_at
from pages.style import STYLES

CONFIG = Path(__file__).parents[3] / ".streamlit/config.toml"
THEME = tomllib.loads(CONFIG.read_text())["theme"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_write_in_the_theme_s_ink(scheme: str) -> None:
    css = (STYLES / "app.css").read_text()
    assert theme.ink(scheme) == THEME[scheme]["textColor"]
    red, green, blue = (int(part) for part in colour_at([theme.ink(scheme)], 0))
    assert f"fill: rgb({red}, {green}, {blue})" in css
    assert f"stroke: rgb({red}, {green}, {blue})" in css


def test_style_sheets_name_the_accent_once() -> None:
    told = [path.read_text().lower().count(palette.ACCENT.lower()) for path in STYLES.glob("*.css")]
    assert sum(told) == 1
