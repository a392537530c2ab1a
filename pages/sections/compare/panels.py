"""The sections of the Compare page that show faces; the matrices are in `agreement`."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.evaluation import accuracy
from fer_core.registry import MODELS
from fer_core.reports import private_test
from fer_core.reports.drawing import WARNING
from fer_core.reports.format import join_words, percent
from pages.components import (
    address,
    clicks,
    downloads,
    face_panel,
    face_quality,
    figure,
    photo_view,
)
from pages.components.page_links import PAGES
from pages.sections.compare import charts, grid, image, tables, text
from pages.sections.compare.text import ComparedFace
from pages.session import selection
from pages.session.photo import Photo
from pages.session.photos import NO_PICTURE_NOTE
from pages.style import STYLES
from pages.text.escape import escape

STYLE = STYLES / "compare.css"
DETAIL_KEY = "detail"  # of the section on one face


def show_all_faces(
    faces: Sequence[ComparedFace], model_names: Sequence[str], photo_count: int
) -> None:
    """Draw the page's answer as a headline, and the grid of faces × models."""
    if len(faces) == 1:
        [face] = faces
        st.header(headline(face, photo_count), anchor=False)
        if dissenters := text.dissenters_text(face):
            st.markdown(dissenters)
    else:
        st.header(text.summary_headline(faces), anchor=False)
    page_faces = grid.select_page(faces, model_names)
    st.html(tables.answer_grid(page_faces, model_names, photo_count, select_face_id(faces)))
    if note := outside_note(faces):
        st.caption(note)
    st.caption(f"≠: differs from the most common answer. {accuracy_note(model_names)}")
    if sentences := cautions(model_names):
        st.caption(" ".join(sentences))
    if len(faces) > 1:
        st.subheader("How often each model gives each emotion", anchor=False)
        st.html(tables.answer_counts(faces, model_names))


def outside_note(faces: Sequence[ComparedFace]) -> str:
    """How many of several faces are outside of what the models learned from; empty if none is."""
    count = sum(grid.passes(face, grid.OUTSIDE) for face in faces)
    if not count or len(faces) == 1:
        return ""
    return f"{face_quality.outside_text(count, len(faces))}; “Faces to show” can show only these."


def headline(face: ComparedFace, photo_count: int) -> str:
    """How many models agree on the face, escaped for Markdown."""
    return escape(text.headline(face.consensus, text.face_name(face, photo_count)))


def accuracy_note(model_names: Sequence[str]) -> str:
    """How accuracy is measured, and the baseline; empty if no model was evaluated."""
    results = (accuracy.load_accuracy(MODELS[name]) for name in model_names)
    result = next(filter(None, results), None)
    if result is None:
        return ""
    return (
        f"Accuracy: share of FER2013's PrivateTest faces ({result.n:,}) whose answer matches the "
        "label; in brackets the 95\u00a0% interval (Wilson). PrivateTest: "
        f"{private_test.ROLE}. "
        "The no-skill baseline, always answering the most common emotion, scores "
        f"{percent(result.baseline, 1)}.{_crowd_note(model_names)}"
    )


def _crowd_note(model_names: Sequence[str]) -> str:
    """How the accuracy of models taught by votes is measured; empty without one."""
    by_votes = [name for name in model_names if summaries.trained_by_votes(MODELS[name])]
    result = accuracy.load_own_accuracy(MODELS[by_votes[0]]) if by_votes else None
    if result is None:
        return ""
    titles = join_words([MODELS[name].title for name in by_votes])
    return (
        f" By the crowd ({titles}): share of the {result.n:,} faces with a clear majority of ten "
        f"annotators that get it as the answer; baseline {percent(result.baseline, 1)}."
    )


def cautions(model_names: Sequence[str]) -> list[str]:
    """Sentences on models that do not beat the baseline, and on models that are related."""
    sentences = (text.baseline_caution(model_names), text.lineage_text(model_names))
    return [sentence for sentence in sentences if sentence]


def show_photos_without_faces(album: Mapping[str, Photo]) -> None:
    """Draw a photo in which no face was found, with the offer to use the whole photo."""
    without = {key: photo for key, photo in album.items() if not photo.faces}
    if not without:
        return
    with st.container(border=True):
        key = next(iter(without))
        if len(without) > 1:
            key = st.selectbox(
                f"Photo without a face ({len(without)})",
                list(without),
                format_func=lambda key: without[key].name,
                key="faceless",
            )
        left, right = st.columns([1, 3], vertical_alignment="center")
        photo = without[key]
        with left:
            face_panel.show_faceless(photo)
        with right:
            face_panel.show_no_face(key, photo)


def select_face(faces: Sequence[ComparedFace], photo_count: int) -> ComparedFace:
    """The face to show in detail; draws a select box if there are several."""
    by_id = {face.face_id: face for face in text.sort_by_disagreement(faces)}
    if len(by_id) == 1:
        return faces[0]
    with st.container(key=DETAIL_KEY):
        st.header("One face in detail", anchor=False)

    def label(face_id: tuple[str, int]) -> str:
        face = by_id[face_id]
        consensus, name = face.consensus, text.face_name(face, photo_count, capital=True)
        if consensus.is_split:
            return f"{name}: split, {join_words(consensus.leaders)}"
        return f"{name}: {consensus.top_count} of {consensus.total} say {consensus.leaders[0]}"

    def choose() -> None:
        selection.select(*st.session_state["compared-face"])

    st.session_state["compared-face"] = select_face_id(faces)
    face_id = st.selectbox(
        "Face", list(by_id), format_func=label, key="compared-face", on_change=choose, width=520
    )
    return by_id[face_id]


def select_face_id(faces: Sequence[ComparedFace]) -> tuple[str, int]:
    """The visit's current face if the visitor chose it, else the one with most disagreement."""
    face_id = selection.chosen_face()
    if face_id in [face.face_id for face in faces]:
        assert face_id is not None
        return face_id
    return text.sort_by_disagreement(faces)[0].face_id


def show_face(face: ComparedFace, faces: Sequence[ComparedFace], photo_count: int) -> None:
    """Draw the photo, and the chart of all models' probabilities for the selected face."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        if len(faces) > 1:
            st.subheader(headline(face, photo_count), anchor=False)
            if dissenters := text.dissenters_text(face):
                st.markdown(dissenters)
        photo_faces = [other for other in faces if other.photo_key == face.photo_key]
        photo = image.draw_boxes(photo_faces, face.index)
        if not face.photo.has_picture:
            st.caption(NO_PICTURE_NOTE)
        count = f"{len(photo_faces)} faces boxed" if len(photo_faces) > 1 else "one face boxed"
        alt = f"Your photo {face.photo.name}, "
        alt += "taken as one face" if face.photo.uses_full_image else count
        labels = [
            text.headline(other.consensus, f"face {other.index + 1}") for other in photo_faces
        ]
        st.html(
            photo_view.boxed_photo(
                face.photo_key,
                face.photo,
                photo,
                alt,
                labels if len(labels) > 1 and face.photo.has_picture else (),
                face.index,
            )
        )
        if face.photo.uses_full_image:
            face_panel.show_whole_photo_note(face.photo)
        elif len(photo_faces) > 1:
            st.caption("A box has the colour of the most common answer; grey means a tie.")
        face_quality.show(
            face_quality.describe(face.photo, face.index),
            # Without its picture, the photo is represented by the chip.
            face.photo.chips[face.index] if face.photo.has_picture else None,
            f"Face {face.index + 1} as the models see it, 48 by 48 greyscale pixels",
        )
        st.html(tables.model_legend(face))
        show_saliency_button(face)
    with right:
        st.subheader("Each model's probability of each emotion", anchor=False)
        figure.show(
            partial(charts.probability_chart, face),
            "probabilities",
            charts.probability_chart_alt(face),
            title="Each model's probability of each emotion",
            source=f"{numbered_name(face)}. {WARNING}",
            rows=lambda: [
                {"face": numbered_name(face), "model": name}
                | {"emotion": emotion, "probability": probability}
                for name, answer in face.answers.items()
                for emotion, probability in answer.probabilities.items()
            ],
            config=charts.WITHOUT_TOOLBAR,
        )
        st.caption(
            "In percent; bold: the model's answer. A model's seven probabilities add up to 100 %, "
            "give or take rounding."
        )


def numbered_name(face: ComparedFace) -> str:
    """'Photo 2, face 1'."""
    number = selection.photo_keys().index(face.photo_key) + 1
    return selection.face_name(number, face.index)


def show_saliency_button(face: ComparedFace) -> None:
    """A button to the heat maps of this face, with a model of each side selected."""
    model_names = text.sides(face)

    def open_saliency() -> None:
        selection.select(*face.face_id)
        clicks.open_page("saliency", models=address.SEPARATOR.join(model_names))

    st.button(
        "Where did they look?" if len(model_names) > 1 else "Where did a model look?",
        icon=PAGES["saliency"].icon,
        help=f"Heat maps of {join_words([MODELS[name].title for name in model_names])}",
        on_click=open_saliency,
        key="where",
    )


def show_downloads(
    album: Mapping[str, Photo],
    model_names: Sequence[str],
    selected: ComparedFace,
    faces: Sequence[ComparedFace],
) -> None:
    """Draw the buttons for all answers as CSV and JSON, and for the selected photo as PNG."""
    photo_faces = [face for face in faces if face.photo_key == selected.photo_key]
    notes = [accuracy_note(model_names), *cautions(model_names)]
    if selected.photo.uses_full_image:
        notes.insert(0, "No face was found, so the whole photo was taken as the face.")
    block = st.container(key="downloads")
    block.header("Download", anchor=False)
    block.caption(
        "CSV, XLSX and JSON contain every face of every photo. The PNG shows "
        f"{escape(selected.photo.name)} with the models' answers, without the file's "
        "name or any metadata; the picture of all faces shows what the models see of each. The "
        "files are created in memory and not stored."
    )
    with block.container(horizontal=True):
        downloads.answer_buttons(downloads.with_left_out(album.values()), model_names, "compare")
        downloads.button(
            "Download PNG",
            lambda: image.draw(photo_faces, notes),
            downloads.dated("compare", ".png"),
            "poster",
        )
        downloads.sheet_buttons(
            lambda: image.sheet_faces(faces),
            "All faces, most disagreement first",
            "faces",
        )
