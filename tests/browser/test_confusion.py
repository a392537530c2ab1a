"""Selecting a cell of a confusion matrix by click, tap and keyboard."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from browser import settled
from playwright.sync_api import Browser, Page, ViewportSize, expect

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS

MODEL = MODELS["multiclass"]
PATH = f"/confusion?model={MODEL.title.replace(' ', '+')}"
pytestmark = pytest.mark.skipif(
    MODEL not in summaries.evaluated_models(), reason="not evaluated yet"
)


def cell(label: str, answer: str) -> list[str]:
    """Ids of that cell, most confident first, computed without the library."""
    column = EMOTIONS.index(answer)
    with np.load(summaries.path(MODEL).with_suffix(".npz")) as saved:
        probabilities = saved["probabilities"].astype(float)
        mask = np.char.startswith(saved["ids"], "PrivateTest_")
        mask &= saved["labels"] == EMOTIONS.index(label)
        mask &= probabilities.argmax(axis=1) == column
        order = sorted(
            np.flatnonzero(mask), key=lambda i: (-probabilities[i, column], saved["ids"][i])
        )
        return [str(saved["ids"][i]) for i in order]


def shown_ids(page: Page) -> list[str]:
    alts = page.locator("ul.faces img").evaluate_all("all => all.map(one => one.alt)")
    return [re.sub("FER2013 ([^,]+), .*", r"\1", alt) for alt in alts]


def expect_faces(page: Page, label: str, answer: str) -> None:
    ids = cell(label, answer)
    sentence = f"calls {len(ids)} of the"
    expect(page.get_by_text(sentence)).to_contain_text(f"{label} faces of PrivateTest {answer}")
    first = page.get_by_role("img", name=f"FER2013 {ids[0]}, labelled {label}", exact=True)
    expect(first).to_be_visible()
    assert shown_ids(page) == ids[:12]


def point_in_cell(page: Page, label: str, answer: str) -> tuple[float, float]:
    """Position of a point near a corner of that cell, once the page has settled."""
    settled(page)
    box = page.locator(".nsewdrag").bounding_box()
    assert box
    row, column = EMOTIONS.index(label), EMOTIONS.index(answer)
    return (
        box["x"] + box["width"] * (column + 0.85) / 7,
        box["y"] + box["height"] * (row + 0.2) / 7,
    )


def test_a_click_shows_the_faces_of_the_cell(open_tab: Callable[..., Page]) -> None:
    page = open_tab(PATH)
    expect_faces(page, "fear", "sad")
    for label, answer in (("sad", "neutral"), ("angry", "fear"), ("surprise", "surprise")):
        page.mouse.click(*point_in_cell(page, label, answer))
        expect_faces(page, label, answer)
        assert f"label={label}" in page.url
    page.get_by_label("Next page").click()
    ids = cell("surprise", "surprise")
    expect(page.get_by_role("img", name=f"FER2013 {ids[12]},")).to_be_visible()
    assert shown_ids(page) == ids[12:24]


def walk_to_neutral(page: Page) -> bool:
    """Move two options down from fear in the list of labels.

    Returns False if a slow page was redrawn meanwhile, which closes the list.
    """
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Labelled").focus()
    try:
        for label in ("happy", "neutral"):
            page.keyboard.press("ArrowDown")
            expect(page.locator("[role=option][data-focused]")).to_have_text(label)
    except AssertionError:
        return False
    return True


def test_a_cell_is_selected_by_keyboard_and_kept_in_the_address(
    open_tab: Callable[..., Page],
) -> None:
    page = open_tab(PATH)
    expect_faces(page, "fear", "sad")
    settled(page)
    assert any(walk_to_neutral(page) for _ in range(4))
    page.keyboard.press("Enter")
    expect_faces(page, "neutral", "sad")
    page.goto(page.url)
    expect_faces(page, "neutral", "sad")


def swipe(page: Page, x: float, y: float, by: float) -> None:
    """Swipe with one finger from (x, y), `by` pixels upwards; 0 is a tap."""
    touch = page.context.new_cdp_session(page)
    for kind, part in [("touchStart", 0.0)] + [("touchMove", k / 8) for k in range(1, 9) if by]:
        points = [{"x": x, "y": y - part * by}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(20)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    touch.detach()


def test_a_swipe_scrolls_and_a_tap_selects(browser: Browser, app: str) -> None:
    size: ViewportSize = {"width": 390, "height": 900}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(app + PATH)
    expect_faces(page, "fear", "sad")
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.locator(".nsewdrag").scroll_into_view_if_needed()
    before = page.evaluate(top)
    swipe(page, *point_in_cell(page, "sad", "angry"), by=200)
    page.wait_for_timeout(500)
    assert page.evaluate(top) > before + 50
    assert "label=" not in page.url
    for label, answer in (("sad", "angry"), ("happy", "fear")):
        swipe(page, *point_in_cell(page, label, answer), by=0)
        expect_faces(page, label, answer)
    context.close()
