"""The sections of the Compare page that show faces; `agreement` has the matrices."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import accuracy
from fer_core.registry import MODELS
from fer_core.reports.format import join_words, percent
from pages.charts import theme
from pages.components import downloads, face_panel
from pages.sections.compare import charts, image, tables, text
from pages.sections.compare.text import ComparedFace
from pages.session.photos import Photo
from pages.style import STYLES
from pages.text.escape import escape

STYLE = STYLES / "compare.css"
PER_PAGE = 6  # faces in the grid at once


def show_all_faces(faces: Sequence[ComparedFace], names: Sequence[str], photos: int) -> None:
    """The page's answer in a sentence, and the grid of variants × faces."""
    if len(faces) == 1:
        [face] = faces
        st.header(headline(face, photos), anchor=False)
        if others := text.dissenters_text(face):
            st.markdown(others)
    else:
        st.header(text.summary_headline(faces), anchor=False)
    shown = text.sort_by_disagreement(faces)
    alike = sum(face.consensus.is_unanimous for face in faces)
    row = st.container(horizontal=True, vertical_alignment="center")
    if 0 < alike < len(faces) and row.toggle(
        "Only faces they disagree on", key="differ", bind="query-params"
    ):
        shown = [face for face in shown if not face.consensus.is_unanimous]
    pages = -(-len(shown) // PER_PAGE)
    page = 1
    if pages > 1:
        with row:
            # Another number of pages is another widget, which starts on the first. Left to its
            # content's width, it would hide the second of two pages.
            page = st.pagination(
                pages,
                max_visible_pages=5,
                width=44 * (min(pages, 5) + 3),
                key=f"faces-{pages}",
            )
        row.caption(f"{len(shown)} faces, most disagreement first")
    elif len(shown) > 1:
        row.caption("Most disagreement first")
    st.html(tables.answer_grid(shown[(page - 1) * PER_PAGE : page * PER_PAGE], names, photos))
    st.caption(f"≠ differs from the most common answer. {accuracy_note(names)}")
    if told := cautions(names):
        st.caption(" ".join(told))


def headline(face: ComparedFace, photos: int) -> str:
    """The headline, safe for Markdown."""
    return escape(text.headline(face.consensus, text.face_name(face, photos)))


def accuracy_note(names: Sequence[str]) -> str:
    """What "right" means and what no skill gets; empty where nothing was evaluated."""
    told = next(filter(None, (accuracy.load_accuracy(MODELS[name]) for name in names)), None)
    if told is None:
        return ""
    luck = percent(told.baseline, 1)
    return (
        f"Right: share of FER2013's PrivateTest, {told.n:,} faces "
        "that had no say in any choice, with its 95\u00a0% interval. No skill, always the "
        f"commonest emotion, gets {luck}."
    )


def cautions(names: Sequence[str]) -> list[str]:
    """Which of these variants know nothing yet, and which agree by birth."""
    return [said for said in (text.baseline_caution(names), text.lineage_text(names)) if said]


def show_photos_without_faces(album: Mapping[str, Photo]) -> None:
    """Photos in which no face was found, one at a time, with the way on."""
    without = {key: photo for key, photo in album.items() if not photo.faces}
    if not without:
        return
    with st.container(border=True):
        key = next(iter(without))
        if len(without) > 1:
            key = st.selectbox(
                f"{len(without)} photos without a face. Which one?",
                list(without),
                format_func=lambda key: without[key].name,
                key="faceless",
            )
        left, right = st.columns([1, 3], vertical_alignment="center")
        photo = without[key]
        left.image(photo.display_jpeg, width=220, alt=f"Your photo {photo.name}, no face found in it")
        with right:
            face_panel.show_no_face(key, photo)


def select_face(faces: Sequence[ComparedFace], photos: int) -> ComparedFace:
    """The face to look at more closely; asks when there are several."""
    shown = {face.place: face for face in text.sort_by_disagreement(faces)}
    if len(shown) == 1:
        return faces[0]
    st.header("One face, every model", anchor=False)

    def label(place: tuple[str, int]) -> str:
        told = shown[place].consensus
        where = text.face_name(shown[place], photos, capital=True)
        if told.is_split:
            return f"{where}: split, {join_words(told.leaders)}"
        return f"{where}: {told.top_count} of {told.total} say {told.leaders[0]}"

    place = st.selectbox(
        "Face", list(shown), format_func=label, key="face", width=520, persist_state="session"
    )
    return shown[place]


def show_face(face: ComparedFace, faces: Sequence[ComparedFace], photos: int) -> None:
    """The photo, and all variants' probabilities for the chosen face over each other."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        if len(faces) > 1:
            st.subheader(headline(face, photos), anchor=False)
            if others := text.dissenters_text(face):
                st.markdown(others)
        mates = [other for other in faces if other.key == face.key]
        boxed = image.draw_boxes(mates, face.index)
        tall = (
            face_panel.MAX_PHOTO_HEIGHT if (face.photo.height or 0) > face_panel.SMALL_PHOTO_HEIGHT else face_panel.SMALL_PHOTO_HEIGHT
        )
        told = f"{len(mates)} faces boxed" if len(mates) > 1 else "one face boxed"
        st.image(
            boxed,
            width=min(boxed.width, round(tall * boxed.width / boxed.height)),
            alt=f"Your photo {face.photo.name}, "
            + ("taken as one face" if face.photo.uses_full_image else told),
            output_format="JPEG",
        )
        if face.photo.uses_full_image:
            st.info("No face was found, so the whole picture was taken as the face.")
        elif len(mates) > 1:
            st.caption("A box has the colour of the most common answer, grey where none leads.")
        st.html(tables.model_legend(face))
    with right:
        st.subheader("How sure each model is of each emotion", anchor=False)
        st.plotly_chart(
            charts.probability_chart(face),
            key="profiles",
            config=charts.WITHOUT_TOOLBAR,
            alt=charts.probability_chart_alt(face),
        )
        st.caption(
            "A mark a model, at the probability it gives that emotion; in each band the models "
            "stand in the order of the list. A model's seven probabilities add up to 100 %."
        )


def show_yes_no(face: ComparedFace) -> None:
    """The seven yes/no answers beside those of the variants that must pick one emotion."""
    name = next((name for name in face.answers if MODELS[name].yes_no), None)
    if name is None:
        return
    told = face.answers[name]
    if told.scores is None:
        return
    yes = told.positive_emotions(summaries.thresholds(MODELS[name]))
    short, meaning = text.positive_detectors(yes, told.emotion)
    st.header(f"Yes or no, asked seven times: {short}", anchor=False)
    st.markdown(meaning)
    left, right = st.columns(2, gap="large")
    with left:
        face_panel.show_yes_no_scores(name, told)
    votes = text.count_votes(face)
    if not any(votes.values()):
        return
    with right:
        ranked = sorted((e for e in EMOTIONS if votes[e]), key=lambda e: -votes[e])
        total = sum(votes.values())
        says = join_words([f"{votes[e]} {'say' if votes[e] > 1 else 'says'} {e}" for e in ranked])
        st.markdown(f"**One answer each.** Of the {total} models that must pick one, {says}.")
        st.plotly_chart(
            charts.vote_bars(votes),
            key="votes",
            config=theme.STATIC,
            alt=f"Of the {total} models that must pick one emotion, {says}.",
        )
        st.caption(
            "A bar counts the other chosen models whose most probable emotion this is. "
            "They share 100 % out among seven emotions, so one always wins."
        )


def show_downloads(
    album: Mapping[str, Photo], names: Sequence[str], chosen: ComparedFace, faces: Sequence[ComparedFace]
) -> None:
    """All answers as CSV and JSON, the chosen face's photo with its answers as a picture."""
    st.header("Take it with you", anchor=False)
    mates = [face for face in faces if face.key == chosen.key]
    told = [accuracy_note(names), *cautions(names)]
    if chosen.photo.uses_full_image:
        told.insert(0, "No face was found: the whole picture was taken as the face.")
    st.caption(
        "CSV and JSON hold every face of every photo. The picture shows "
        f"{escape(chosen.photo.name)} and what the models say of it, without the file's "
        "name or any metadata. All are made in memory, here."
    )
    files: dict[str, Callable[[], str | bytes]] = {
        "CSV": lambda: downloads.as_csv(album.values(), names),
        "JSON": lambda: downloads.as_json(album.values(), names),
        "PNG": lambda: image.draw(mates, told),
    }
    with st.container(horizontal=True):
        for kind, make in files.items():
            downloads.button(f"Download {kind}", make, f"fer-explorer-compare.{kind.lower()}")
