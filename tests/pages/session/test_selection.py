"""The visit's current face."""

import pytest
import streamlit as st
from compare_photos import ALL_HAPPY, photo

from pages.components import downloads
from pages.session import selection
from pages.session.photo import Photo
from pages.session.photos import SessionPhotos


@pytest.fixture(autouse=True)
def two_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    album = {"one": photo([ALL_HAPPY] * 3), "two": photo([])}
    monkeypatch.setattr(st, "session_state", {"held": SessionPhotos(album)})


def test_a_click_chooses_a_face() -> None:
    assert selection.chosen_face() is None
    selection.select_token(f"{selection.photo_token('one')}:2")
    assert selection.chosen_face() == ("one", 2)
    selection.select_token(f"{selection.photo_token('two')}:0")  # without a face
    assert selection.chosen_face() == ("two", 0)
    assert selection.current_face("one") == 2


@pytest.mark.parametrize("index", ["3", "-1", "", "x", "1.0", "²", "9" * 5000])
def test_a_face_that_does_not_exist_changes_nothing(index: str) -> None:
    selection.select_token(f"{selection.photo_token('one')}:{index}")
    selection.select_token(f"{selection.photo_token('three')}:0")
    assert selection.chosen_face() is None


def test_faces_are_named_by_the_numbers_of_readable_photos() -> None:
    album = st.session_state["held"].album
    broken = Photo("broken.jpg", error="No photo.")
    st.session_state["held"] = SessionPhotos({"broken": broken, **album})
    assert selection.photo_keys() == ["one", "two"]
    names = [f.label for f in downloads.sheet_faces([broken, *album.values()], "multiclass")]
    assert names == ["Photo 1, face 1", "Photo 1, face 2", "Photo 1, face 3"]
