"""What a class needs: large type on a projector, and answers first on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name


def test_the_projector_button_enlarges_type_on_every_page(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    size = "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)"
    before = page.evaluate(size)
    button = page.get_by_role("button", name="Projector")
    button.click()
    assert page.evaluate(size) > before
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("heading", name="Do the models agree?").wait_for()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    assert page.evaluate(size) == before


@pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")
def test_a_phone_shows_the_answer_above_the_photo(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify", width=390)
    page.get_by_role("button", name="Try the sample photo").click()
    answer = page.get_by_role("heading", name="Most likely").bounding_box()
    photo = page.get_by_role("img", name="one face boxed").bounding_box()
    assert answer
    assert photo
    assert answer["y"] < photo["y"]
