"""One photo, its faces, and a model's result for the selected face."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from fer_core import registry
from fer_core.answers import DEFAULT_THRESHOLD, Answer
from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import accuracy
from fer_core.evaluation.conformal import prediction_set
from fer_core.faces.views import smallest_face
from fer_core.reports import drawing, face_boxes, int8_text, selective_text
from fer_core.reports.answers import more_faces_note
from fer_core.reports.format import percent
from pages.charts import emotion_bars, theme
from pages.components import face_quality, figure, photo_view
from pages.session import full_image, photos, selection
from pages.session.photo import Photo
from pages.session.photos import NO_PICTURE_NOTE
from pages.text import verdicts
from pages.text.markup import tag

MAX_PILLS = 12  # more faces are listed in a select box
UNANSWERED_COLOUR = "#C9D2D4"  # boxes of faces without a result yet


def photo_picker(album: dict[str, Photo]) -> str:
    """Key of the current photo; shows a select box and thumbnails if there are several."""
    if len(album) < 2:
        return next(iter(album))
    # The numbers are those in pictures of all faces.
    names = {key: f"{n}. {photo.name}" for n, (key, photo) in enumerate(album.items(), 1)}
    key = st.selectbox(
        f"Photo ({len(album)})",
        list(album),
        format_func=lambda key: names[key],
        key=photos.CURRENT_KEY,
        on_change=selection.mark_chosen,
        persist_state="session",
    )
    st.html(photo_view.thumbnail_strip(album, key))
    return key


def face_picker(key: str, photo: Photo, model_name: str) -> int:
    """Index of the photo's current face; shows the options only if there are several."""
    if len(photo.faces) < 2:
        return 0
    answers = photo.answers.get(model_name)
    labels = [
        f"{i + 1} {answers[i].emotion}" if answers else f"{i + 1}" for i in range(len(photo.faces))
    ]
    count = more_faces_note(len(labels)) if photo.more_faces else f"{len(labels)} found"
    if st.session_state.get(selection.face_key(key)) is None:  # also where a page left no value
        st.session_state[selection.face_key(key)] = 0
    widget: Callable[..., int | None] = st.selectbox
    more: dict[str, Any] = {}
    if len(labels) <= MAX_PILLS:
        widget, more = st.pills, {"required": True, "wrap": True}
    selected = widget(
        f"Face ({count})",
        range(len(photo.faces)),
        format_func=lambda i: labels[i],
        key=selection.face_key(key),
        on_change=selection.mark_chosen,
        persist_state="session",
        **more,
    )
    return selected or 0


def show_photo(key: str, photo: Photo, model_name: str, selected: int) -> None:
    """Show the photo with a numbered box around each face, in the colour of its emotion.

    A click on a face makes it the current one. A photo without a picture is represented by the
    selected face.
    """
    if not photo.has_picture:
        show_missing_picture(photo, selected)
        return
    answers = photo.answers.get(model_name)
    colours = (
        [COLOURS[answer.emotion] for answer in answers]
        if answers
        else [UNANSWERED_COLOUR] * len(photo.faces)
    )
    assert photo.width is not None
    boxes = [] if photo.uses_full_image else [face.box for face in photo.faces]
    image = face_boxes.draw_boxes(photo.display_jpeg, photo.width, boxes, colours, selected)
    boxed = f"{len(boxes)} faces boxed" if len(boxes) != 1 else "one face boxed"
    labels = [f"Face {i + 1}" for i in range(len(boxes))] if len(boxes) > 1 else []
    if answers and labels:
        labels = [f"{name}: {answers[i].emotion}" for i, name in enumerate(labels)]
        st.caption(f"{count_answers(answers)}. Click a face for its answer.")
    alt = f"Your photo {photo.name}, {boxed}"
    st.html(photo_view.boxed_photo(key, photo, image, alt, labels, selected))


def count_answers(answers: Sequence[Answer]) -> str:
    """'13 happy, 8 neutral, 1 sad', the most common answer first."""
    counts = Counter(answer.emotion for answer in answers).most_common()
    return ", ".join(f"{number} {emotion}" for emotion, number in counts)


def show_missing_picture(photo: Photo, face: int = 0) -> None:
    """Show a face as the models see it, and why the photo itself is not here."""
    chip = photo.chips[face] if len(photo.chips) else None
    if chip is None and photo.full_image_crop is not None:
        chip = photo.full_image_crop[1]
    if chip is not None:
        alt = f"Face {face + 1} of your photo {photo.name}, 48 by 48 greyscale pixels"
        st.image(drawing.enlarge_chip(chip), width=220, alt=alt)
    st.caption(NO_PICTURE_NOTE)


def show_faceless(photo: Photo) -> None:
    """Show a photo in which no face was found, in small."""
    if photo.has_picture:
        alt = f"Your photo {photo.name}, no face found in it"
        st.image(photo.display_jpeg, width=220, alt=alt)
    else:
        show_missing_picture(photo)


def show_whole_photo_note(photo: Photo) -> None:
    """Say that the whole photo is used as the face, with a button to take that back."""
    st.info("No face was found, so the whole photo is used as the face.")
    if st.button("Don't use the whole photo", icon=":material/undo:", key="not-whole"):
        album = photos.album()
        key = next(key for key, other in album.items() if other is photo)
        album[key] = full_image.without_full_image(photo)
        st.rerun()


def show_no_face(key: str, photo: Photo) -> None:
    """Report that no face was found and offer to use the whole photo."""
    st.header("No face found", anchor=False)
    st.markdown(
        "The detector found no face in this photo. If it is a close-up or an already cropped face, "
        "the whole photo can be used as the face."
    )
    assert photo.width is not None
    assert photo.height is not None
    smallest = smallest_face(photo.width, photo.height)
    if smallest < min(photo.width, photo.height):
        st.caption(f"In a photo of this size, faces smaller than about {smallest} px are missed.")
    if st.button("Use the whole photo as the face", type="primary", key="whole"):
        photos.album()[key] = full_image.use_full_image(photo)
        st.rerun()


def show_answer(key: str, photo: Photo, model_name: str, face: int) -> None:
    """Show the result for the selected face: verdict, bars and the model's test accuracy."""
    answer = photo.answers[model_name][face]
    name = selection.face_name(selection.photo_keys().index(key) + 1, face)
    verdict = verdicts.verdict(answer.probabilities)
    chip, text = st.columns([1, 2.4], vertical_alignment="center", wrap=False)
    chip.image(
        drawing.enlarge_chip(photo.chips[face]),
        width="stretch",
        alt=f"Face {face + 1} as the model sees it, 48 by 48 greyscale pixels",
    )
    with text:
        st.html(
            tag(
                "div",
                tag("h2", verdict.headline),
                tag("p", verdict.detail),
                class_="verdict",
                role="status",
                style=f"--emotion:{COLOURS[verdict.emotion]}",
            )
        )
        if verdict.hint:
            st.caption(verdict.hint)
        _show_prediction_set(model_name, answer)
    description = face_quality.describe(photo, face)
    face_quality.show_warning(description)
    if photo.uses_full_image:
        show_whole_photo_note(photo)
    figure.show(
        partial(emotion_bars.bars, answer.probabilities),
        "bars",
        theme.alt_text("Probability of each emotion", answer.probabilities),
        title=f"Probability of each emotion: {registry.get_model_spec(model_name).title}",
        source=f"{name}. {drawing.WARNING}",
        rows=lambda: [
            {"face": name, "model": model_name, "emotion": emotion, "probability": probability}
            for emotion, probability in answer.probabilities.items()
        ],
    )
    if answer.scores is not None:
        show_yes_no_scores(model_name, answer, name)
    face_quality.show_text(description)
    st.caption(reliability_note(model_name, answer))
    if (score := photo.faces[face].score) is not None:
        st.caption(f"The detector's score that this is a face is {score:.2f} of 1.")


def _show_prediction_set(model_name: str, answer: Answer) -> None:
    """Name the emotions of the prediction set; nothing for a model without any."""
    if names := prediction_set(model_name, answer.probabilities):
        help_text = selective_text.set_help(registry.get_model_spec(model_name), answer.precision)
        st.markdown(selective_text.set_text(names), help=help_text)


def show_yes_no_scores(model_name: str, answer: Answer, face_name: str) -> None:
    """Show the seven yes/no scores behind the individual models' probabilities.

    `face_name` says in the downloads which face it is.
    """
    scores = answer.scores or {}
    thresholds = dict.fromkeys(EMOTIONS, DEFAULT_THRESHOLD) | summaries.thresholds(
        registry.get_model_spec(model_name)
    )
    st.markdown(f"**Seven separate answers.** {verdicts.yes_no_sentence(answer, thresholds)}")
    figure.show(
        partial(emotion_bars.yes_no_bars, scores, thresholds),
        "yes-no",
        theme.alt_text("Score of each yes/no model", scores),
        title="Score of each yes/no model, with its threshold",
        source=f"{face_name}. {drawing.WARNING}",
        rows=lambda: [
            {"face": face_name, "model": model_name, "emotion": emotion, "score": score}
            | {"threshold": thresholds[emotion]}
            for emotion, score in scores.items()
        ],
    )
    st.caption(
        "Each bar is the score of one yes/no model, so the scores need not add up to 100 %. "
        "A model says yes from its threshold on: the tick, and the number on the right."
    )


def reliability_note(model_name: str, answer: Answer) -> str:
    """What the model is asked, its test accuracy with the baseline, and the time for this face."""
    model = registry.get_model_spec(model_name)
    time = f"{answer.milliseconds:.1f} ms per face"
    int8_note = f" {int8_text.answer_note(model)}" if answer.precision == "int8" else ""
    result = accuracy.load_own_accuracy(model)
    if result is None:
        problem = summaries.problem(model)
        return " ".join(filter(None, (f"{model.title}: {time}.{int8_note}", problem)))
    if summaries.trained_by_votes(model):
        question = "what most of ten people would call the expression"
        faces = f"the {result.n:,} test faces (PrivateTest) on which they clearly agree"
    else:
        question = "the question which label FER2013 would give the face"
        faces = f"its {result.n:,} test faces (PrivateTest)"
    return (
        f"{model.title} answers {question}: right on {percent(result.value)} of {faces}, no-skill "
        f"baseline {percent(result.baseline, 1)}. {time}.{int8_note}"
    )
