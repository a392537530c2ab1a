"""Choosing faces on the map, and the visitor's own face on it."""

from collections.abc import Callable

import pytest
from browser import settled
from playwright.sync_api import Page, expect

from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import face_map
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import detect_faces

MODEL = "multiclass"
PATH = f"/face_map?model={MODEL}"
LABEL = "disgust"


def legend(page: Page, name: str) -> None:
    """Click a name in the legend: it hides those faces, or shows them again."""
    place = page.locator(".legend .traces", has_text=name).locator(".legendtoggle")
    place.click()
    page.wait_for_timeout(500)  # Plotly waits for a double click
    settled(page)


def circle_everything(page: Page) -> None:
    """Draw a loop around the whole map."""
    area = page.locator(".nsewdrag")
    area.scroll_into_view_if_needed()
    settled(page)
    box = area.bounding_box()
    assert box
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)]
    places = [(box["x"] + i * box["width"], box["y"] + j * box["height"]) for i, j in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def test_a_loop_chooses_the_faces_that_are_not_hidden(open_tab: Callable[..., Page]) -> None:
    page = open_tab(PATH)
    for name in EMOTIONS:
        if name != LABEL:
            legend(page, name)
    circle_everything(page)
    answers = split_predictions(MODEL, "PrivateTest")
    faces = answers.select(answers.labels == EMOTIONS.index(LABEL))
    expect(page.get_by_text(f"{len(faces)} faces:")).to_contain_text(
        f"{100 * faces.correct.mean():.1f}"
    )
    expect(page.get_by_text(f"Faces 1 to 12 of {len(faces)}")).to_be_visible()
    expect(page.get_by_role("img", name=f"FER2013 {faces.ids[0]},")).to_be_visible()
    shown = page.locator("ul.faces img").evaluate_all("all => all.map(one => one.alt)")
    assert shown == [f"FER2013 {face}, labelled {LABEL}" for face in faces.ids[:12]]


def test_the_current_face_is_a_star_among_its_nearest(open_tab: Callable[..., Page]) -> None:
    page = open_tab(PATH)
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.locator(".legend .traces", has_text="your face")).to_have_count(1)
    loaded = face_map.load(MODEL)
    features = face_map.features_of(MODEL, detect_faces(sample_photo()).chips)
    [nearest] = loaded.nearest(loaded.reduce(features)).rows
    for row in nearest:
        expect(page.get_by_role("img", name=f"FER2013 {loaded.ids[row]},")).to_be_visible()
    star = page.evaluate(
        """() => {
          const { name, x, y } = document.querySelector(".js-plotly-plot")._fullData.at(-1);
          return [name, ...x, ...y];
        }"""
    )
    assert star[0] == "your face"
    assert star[1:] == pytest.approx(loaded.place(nearest[None])[0].tolist(), abs=1e-3)
