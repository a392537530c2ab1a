"""Charts and style sheets use the theme's text colour; the accent is defined once."""

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
def test_charts_use_the_theme_s_text_colour(scheme: str) -> None:
    css = (STYLES / "app.css").read_text()
    assert theme.ink(scheme) == THEME[scheme]["textColor"]
    red, green, blue = (int(part) for part in colour_at([theme.ink(scheme)], 0))
    assert f"fill: rgb({red}, {green}, {blue})" in css
    assert f"stroke: rgb({red}, {green}, {blue})" in css


def test_style_sheets_define_the_accent_once() -> None:
    css = "".join(path.read_text().lower() for path in STYLES.glob("*.css"))
    assert css.count(palette.ACCENT.lower()) == 1
