"""The gallery of FER2013 faces, independent of the page it is on."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import face_gallery


def show(per_page: int, count: int, split: str = "PrivateTest") -> None:
    from fer_core.datasets.fer2013 import Fer2013Dataset
    from pages.components import face_gallery

    found = Fer2013Dataset.find()
    ids = [i for i in found.ids if i.startswith(split)][:count] if found else ["PublicTest_1"]
    face_gallery.show_gallery(ids, [f"<b>{i}</b>\nsecond line" for i in ids], "page", per_page)


def run(per_page: int = 10, count: int = 25, split: str = "PrivateTest") -> AppTest:
    app = AppTest.from_function(show, args=(per_page, count, split), default_timeout=60)
    return app.run()


def html(app: AppTest) -> str:
    return "".join(element.proto.body for element in app.get("html"))


@pytest.fixture
def tiny_dataset(tiny_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tiny_data))


@pytest.mark.usefixtures("tiny_dataset")
def test_one_page_at_a_time() -> None:
    app = run()
    assert not app.exception
    assert html(app).count("<img") == 10
    assert app.caption[0].value == "Faces 1 to 10 of 25"
    app.pagination[0].set_value(3).run()
    assert html(app).count("<img") == 5
    assert app.caption[0].value == "Faces 21 to 25 of 25"


@pytest.mark.usefixtures("tiny_dataset")
def test_alt_names_the_face_and_captions_are_only_text() -> None:
    app = run(count=1)
    assert 'alt="FER2013 PrivateTest_1000, labelled angry"' in html(app)
    assert "&lt;b&gt;PrivateTest_1000&lt;/b&gt;</p><p>second line" in html(app)
    assert app.caption[0].value == "1 face"
    assert not app.pagination


@pytest.mark.usefixtures("tiny_dataset")
def test_other_faces_start_at_their_first_page() -> None:
    app = run()
    app.pagination[0].set_value(2).run()
    app.args = (10, 25, "PublicTest")
    app.run()
    assert app.caption[0].value == "Faces 1 to 10 of 25"
    assert app.pagination[0].value == 1


@pytest.mark.usefixtures("tiny_dataset")
@pytest.mark.parametrize("page", ["99", "0", "-1", "not a number"])
def test_an_invalid_page_number_in_the_address_is_ignored(page: str) -> None:
    app = AppTest.from_function(show, args=(10, 25), default_timeout=60)
    app.query_params["page"] = page
    app.run()
    assert not app.exception
    assert html(app).count("<img") == 10


@pytest.mark.usefixtures("tiny_dataset")
def test_no_faces_and_wrong_number_of_captions() -> None:
    assert run(count=0).caption[0].value == "No faces match this selection."
    with pytest.raises(ValueError, match="as many captions"):
        face_gallery.show_gallery(["a"], [], "page")


def test_a_damaged_or_missing_face_does_not_affect_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_data: Path
) -> None:
    folder = tmp_path / "test" / "sad"
    folder.mkdir(parents=True)
    (folder / "PublicTest_1.jpg").write_bytes(b"no picture")
    good = next(tiny_data.glob("test/sad/PublicTest_*.jpg"))
    (folder / "PublicTest_2.jpg").write_bytes(good.read_bytes())
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))

    def show_three() -> None:
        from pages.components import face_gallery

        face_gallery.show_gallery(
            ["PublicTest_1", "PublicTest_2", "PublicTest_3"], ["", "", ""], "page"
        )

    app = AppTest.from_function(show_three).run()
    assert not app.exception
    assert html(app).count("<img") == 1
    assert "PublicTest_1.jpg is not a 48×48 image" in html(app)
    assert "not in this copy" in html(app)


def test_without_the_data_it_shows_how_to_download_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FER2013_DIR", str(tmp_path))
    app = run()
    assert not app.exception
    assert "msambare/fer2013" in app.info[0].value
    assert "<img" not in html(app)
