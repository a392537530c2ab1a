"""Markers and colours of models, for any number of models."""

from dataclasses import replace

import pytest

from fer_core import registry
from fer_core.registry import MODELS, list_networks
from pages.charts import model_markers, training_curves
from pages.sections.compare import tables
from pages.style import STYLES


@pytest.fixture
def twenty_models(monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(len(MODELS), 20):
        model = replace(registry.get_model_spec("multiclass"), name=f"more_{i}", title=f"More {i}")
        monkeypatch.setitem(MODELS, model.name, model)


@pytest.mark.usefixtures("twenty_models")
def test_no_two_models_have_the_same_marker() -> None:
    markers = [tables.model_marker(name) for name in MODELS]
    assert len(set(markers)) == len(markers) == 20
    shapes = [model_markers.marker_shape(name) for name in MODELS]
    assert shapes[8:16] == shapes[:8]
    css = (STYLES / "compare.css").read_text()
    assert all(f".mark.{shape}" in css for shape in shapes)


@pytest.mark.usefixtures("twenty_models")
def test_a_seventh_network_has_a_colour_too() -> None:
    colours = [training_curves.colour(name) for name in list_networks()]
    assert colours[6] == colours[0]
    assert len(set(colours)) == 6


def test_a_model_that_is_not_registered_has_a_marker_of_its_own() -> None:
    markers = [_marker(name) for name in (*MODELS, "mine")]
    assert len(set(markers)) == len(markers)


def _marker(name: str) -> tuple[str, str]:
    return model_markers.marker_shape(name), model_markers.marker_colours(name)["light"]
