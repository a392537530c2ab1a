"""What is chosen on a page and its address."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from pages.components import address

    titles = {"small": "A small model", "large": "A large model", "huge": "Huge: the largest"}
    address.choose(
        st.selectbox, "Model", titles, key="model", default="large", format_func=titles.get
    )
    address.choose_several(
        st.pills, "Models", titles, key="several", param="models", default=["small", "large"],
        format_func=titles.get,
    )  # fmt: skip
    address.keep(
        lambda key: st.slider("Opacity", 0, 100, key=key),
        lambda texts: int(address.number_between(0, 100)(texts)),
        key="opacity",
        default=65,
    )


def run(**query: str) -> AppTest:
    app = AppTest.from_function(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_the_address_has_ids_and_no_defaults() -> None:
    app = run()
    assert not app.query_params
    app.selectbox(key="model").select("huge").run()
    app.get("button_group")[0].set_value(["huge", "small"]).run()
    app.slider(key="opacity").set_value(30).run()
    assert app.query_params == {"model": "huge", "models": "small.huge", "opacity": "30"}
    app.selectbox(key="model").select("large").run()
    assert "model" not in app.query_params


@pytest.mark.parametrize(
    ("model", "models"), [("huge", "huge.small"), ("Huge: the largest", "Huge: the largest")]
)
def test_ids_and_former_titles_are_understood(model: str, models: str) -> None:
    app = run(model=model, models=models, opacity="10")
    assert app.selectbox(key="model").value == "huge"
    assert "huge" in app.get("button_group")[0].value
    assert app.slider(key="opacity").value == 10
    assert app.query_params["model"] == "huge"
    assert not app.warning


@pytest.mark.parametrize("value", ["<b>tiny</b>", "-1", "nan", "1e999", "9" * 5000])
def test_an_unknown_value_is_said_and_changes_nothing(value: str) -> None:
    app = run(model=value, models=value, opacity=value)
    assert (app.selectbox(key="model").value, app.slider(key="opacity").value) == ("large", 65)
    assert app.get("button_group")[0].value == ["small", "large"]
    assert len(app.warning) == 3
    assert "It has: small, large, huge" in app.warning[0].value
    assert "<b>" not in app.warning[0].value
    assert not app.run().warning
