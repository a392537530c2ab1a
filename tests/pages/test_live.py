"""Live without a browser: what its frame is given. tests/browser/test_live.py has the rest."""

import json
from typing import Any

from apptest import open_page, text_of
from streamlit.testing.v1 import AppTest

from fer_core.evaluation.default_model import default_model_name

PAGE = "pages/live.py"


def given(app: AppTest) -> dict[str, Any]:
    """The arguments of the page's frame."""
    instances = [each.proto for each in app.get("component_instance")]
    (frame,) = [each for each in instances if each.component_name.endswith("live_view")]
    arguments: dict[str, Any] = json.loads(frame.json_args)
    return arguments


def names(app: AppTest) -> list[str]:
    return [model["name"] for model in given(app)["models"]]


def test_the_models_of_the_address_answer() -> None:
    assert names(open_page(PAGE, models="ferplus.multiclass")) == ["multiclass", "ferplus"]


def test_the_default_model_answers_where_none_is_chosen() -> None:
    app = open_page(PAGE)
    assert names(app) == [default_model_name()]
    app.pills(key="live-models").set_value([]).run()
    assert names(app) == [default_model_name()]
    assert "No model is chosen" in text_of(app)


def test_the_law_is_said_before_the_camera_is_started() -> None:
    assert "prohibited" in text_of(open_page(PAGE))


def test_each_visit_has_a_token_of_its_own() -> None:
    first, second = open_page(PAGE), open_page(PAGE)
    assert given(first)["token"] == given(first.run())["token"] != given(second)["token"]
