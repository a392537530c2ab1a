"""Annotate in a browser: keys, a name that is typed meanwhile, back, the result, fingers."""

import re
from collections.abc import Callable

from browser import overflow, settled
from playwright.sync_api import Page, expect

from pages.sections.annotate.labelling import KEYS


def press(page: Page, key: str, then: str) -> None:
    """Press a key and wait until the progress line says `then`."""
    page.keyboard.press(key)
    expect(page.get_by_test_id("stProgress")).to_contain_text(then)


def test_faces_are_labelled_by_key_and_compared(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/annotate?source=fer2013&n=20", width=390)
    name = page.get_by_label("Your name")
    name.fill("Bo")
    name.press("Enter")
    expect(page.get_by_role("radio", name="Bo", exact=True)).to_be_visible()
    page.get_by_role("button", name="Label 20 faces").click()
    expect(page.get_by_test_id("stProgress")).to_contain_text("Face 1 of 20, labelled by Bo")
    settled(page)
    assert overflow(page) <= 0
    for answer in KEYS:
        box = page.locator(f".st-key-answer-{answer} button").bounding_box()
        assert box is not None
        assert box["height"] >= 44
    press(page, "4", "Face 2 of 20")
    press(page, "0", "Face 3 of 20")
    press(page, "ArrowLeft", "Face 2 of 20")
    unclear = page.locator(".st-key-answer-unclear button")
    expect(unclear).to_have_attribute("kind", "primary")
    press(page, "6", "Face 3 of 20")
    page.get_by_role("button", name="fear").click()
    expect(page.get_by_test_id("stProgress")).to_contain_text("Face 4 of 20")
    page.get_by_role("button", name="Stop and see the result").click()
    expect(page.get_by_role("heading", name=re.compile("Bo says what most models"))).to_be_visible()
    expect(page.get_by_text("Only 3 faces")).to_be_visible()
    settled(page)
    assert overflow(page) <= 0
    assert "Bo" not in page.url


def test_digits_in_a_text_field_are_no_answers(open_tab: Callable[..., Page]) -> None:
    """A field is put beside the buttons by hand: the page has none while it shows a face."""
    page = open_tab("/annotate?source=fer2013&n=20")
    page.get_by_role("button", name="Label 20 faces").click()
    line = page.get_by_test_id("stProgress")
    expect(line).to_contain_text("Face 1 of 20")
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'x'}))")
    page.locator("#x").focus()
    page.keyboard.type("4444")
    page.locator("#x").evaluate("field => field.remove()")
    press(page, "5", "Face 2 of 20")
