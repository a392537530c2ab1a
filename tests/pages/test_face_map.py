"""The page Map of faces."""

import re
from pathlib import Path

import numpy as np
import pytest
from apptest import open_page, plain_picture, text_of, upload
from labelled_sets import NAME, labelled_set, open_with

from fer_core.evaluation import face_map
from fer_core.evaluation.evaluation_set import committed_set
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import detect_faces
from fer_core.registry import MODELS, list_networks
from pages.charts import point_map
from pages.sections.face_map import text
from pages.sections.face_map.controls import COLOURS
from pages.sections.face_map.groups import groups
from pages.sections.face_map.view import View
from pages.session.own_sets import OwnResults

PAGE = "pages/face_map.py"


@pytest.fixture(scope="module")
def view() -> View:
    return View(committed_set("PublicTest"), MODELS["multiclass"], face_map.load("multiclass"))


@pytest.mark.parametrize("colour", COLOURS)
def test_every_face_is_on_the_map_once(view: View, colour: str) -> None:
    parts = groups(view, colour)  # type: ignore[arg-type]
    faces = np.concatenate([part.rows for part in parts])
    assert sorted(faces.tolist()) == list(range(len(view.ids)))
    for part in parts:
        np.testing.assert_array_equal(part.points, view.points[part.rows])
        assert part.texts[0].startswith(f"{view.ids[part.rows[0]]}<br>labelled ")


def test_the_points_are_those_of_the_faces(view: View) -> None:
    row = view.face_map.ids.index(view.ids[7])
    np.testing.assert_array_equal(view.points[7], view.face_map.coordinates[row])
    both = view.of_map_rows(np.array([row, 7_000]))
    assert both.ids.tolist() == [view.ids[7], view.face_map.ids[7_000]]
    assert both.labels[0] == view.predictions.labels[7]


def test_stars_lie_above_the_points_and_have_no_number(view: View) -> None:
    figure = point_map.draw(groups(view, "right"), np.array([[1.0, 2], [3, 4]]), 1)
    assert figure.data[-1].customdata is None
    assert figure.data[-1].marker.size[1] > figure.data[-1].marker.size[0]


def test_a_pair_of_label_and_answer_is_listed() -> None:
    app = open_page(PAGE, split="PublicTest", pair="fear-sad", model="keras_cnn")
    assert not app.exception
    predictions = committed_set("PublicTest").predictions("keras_cnn")
    count = int(((predictions.labels == 2) & (predictions.predicted == 5)).sum())
    labelled = int((predictions.labels == 2).sum())
    assert f"**{count} faces** labelled fear that Keras CNN from scratch answers" in text_of(app)
    assert f"{100 * count / labelled:.1f}" in text_of(app)
    assert f"of the {labelled:,} with that label" in text_of(app)


def test_without_pictures_the_faces_are_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    app = open_page(PAGE, split="PublicTest", pair="fear-sad")
    predictions = committed_set("PublicTest").predictions("multiclass")
    faces = predictions.ids[(predictions.labels == 2) & (predictions.predicted == 5)]
    assert list(app.dataframe[0].value["Face"]) == faces.tolist()


def test_the_faces_around_one_are_nearest_by_features(view: View) -> None:
    app = open_page(PAGE, split="PublicTest", around=view.ids[7])
    principal = view.face_map.principal[view.map_rows]
    nearest = np.linalg.norm(principal - principal[7], axis=1).argsort()[:11]
    right = int(view.predictions.correct[nearest].sum())
    assert re.search(rf"\*\*11 faces\*\*: .* for {100 * right / 11:.1f}", text_of(app))
    assert app.text_input(key="around").value == view.ids[7]


def test_an_unknown_face_is_named_and_not_kept_in_the_address() -> None:
    app = open_page(PAGE)
    app = app.text_input(key="around").set_value("my_face").run()
    assert "PrivateTest has no face my" in app.warning[0].value
    assert "around" not in app.query_params


def test_a_photo_is_placed_among_its_nearest() -> None:
    app = upload(open_page(PAGE), ("a.png", sample_photo()))
    assert not app.exception
    loaded = face_map.load("multiclass")
    chips = detect_faces(sample_photo()).chips
    neighbours = loaded.nearest(loaded.reduce(face_map.features_of("multiclass", chips)))
    by_id: dict[str, int] = {}
    for split in ("PublicTest", "PrivateTest"):
        predictions = committed_set(split).predictions("multiclass")
        by_id |= zip(predictions.ids.tolist(), predictions.labels.tolist(), strict=True)
    labels = [by_id[loaded.ids[row]] for row in neighbours.rows[0]]
    assert labels.count(3) == 10  # the astronaut smiles
    assert "**10 happy**" in text_of(app)
    assert loaded.ids[neighbours.rows[0, 0]] in text_of(app)


def test_a_face_unlike_all_is_said_to_be_so() -> None:
    loaded = face_map.load("multiclass")
    assert "unlike all" in text.placement(loaded, loaded.usual_distance * 1.01)
    assert "unlike all" not in text.placement(loaded, loaded.usual_distance * 0.99)
    assert "same picture" in text.placement(loaded, 0.99 * loaded.rounding)
    assert "same picture" not in text.placement(loaded, 1.01 * loaded.rounding)


def test_a_photo_without_a_face_leaves_the_map_alone() -> None:
    app = upload(open_page(PAGE), ("a.png", plain_picture()))
    assert not app.exception
    assert "No face found" in text_of(app)


def test_a_missing_map_is_named_and_the_others_remain(copied_results: Path) -> None:
    (copied_results / "face_map_multiclass.npz").unlink()
    app = open_page(PAGE)
    assert not app.exception
    assert "face_map_multiclass.npz is missing" in text_of(app).replace("\\", "")
    assert app.selectbox(key="map-model").value != "multiclass"


def test_without_a_map_the_page_says_what_writes_one(copied_results: Path) -> None:
    for name in list_networks():
        (copied_results / f"face_map_{name}.npz").unlink()
    app = open_page(PAGE)
    assert not app.exception
    assert "run python -m training.face_map" in text_of(app).replace("\\", "")


def test_an_own_set_leaves_privatetest_on_the_map() -> None:
    own = OwnResults({NAME: labelled_set(("happy", "sad"), 6)})
    app = open_with(own, PAGE)
    assert not app.exception
    assert "it shows PrivateTest instead of your set" in app.info[0].value
    assert "3,589 faces of FER2013's PrivateTest" in text_of(app)
