"""One photo and its faces, and what a model says of the chosen one."""

import streamlit as st

from fer_core import registry
from fer_core.artifacts import summaries
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import accuracy
from fer_core.pipeline import DEFAULT_THRESHOLD, Answer
from fer_core.reports import drawing
from fer_core.reports.format import percent
from pages.charts import emotion_bars, theme
from pages.session import photos
from pages.session.photos import Photo
from pages.text import verdicts
from pages.text.markup import tag

UNANSWERED_COLOUR = "#C9D2D4"  # boxes of faces no model has answered for yet
MAX_PHOTO_HEIGHT = 620  # pixels a photo may take of the screen's height
SMALL_PHOTO_HEIGHT = 320  # and a photo that is itself no taller than this


def photo_picker(album: dict[str, Photo]) -> str:
    """Key of the photo to look at, among those that could be read; asks if there are several."""
    if len(album) < 2:
        return next(iter(album))
    return st.selectbox(
        f"{len(album)} photos. Which one?",
        list(album),
        format_func=lambda key: album[key].name,
        key="photo",
        persist_state="session",
    )


def face_picker(key: str, photo: Photo, model_name: str) -> int:
    """Index of the face to look at; asks only when there are several."""
    if len(photo.faces) < 2:
        return 0
    told = photo.answers.get(model_name)
    labels = [f"{i + 1} {told[i].emotion}" if told else f"{i + 1}" for i in range(len(photo.faces))]
    chosen = st.pills(
        f"{len(photo.faces)} faces found. Which one?",
        range(len(photo.faces)),
        default=0,
        required=True,
        format_func=lambda i: labels[i],
        key=f"face-{key}",
        wrap=True,
        persist_state="session",
    )
    return chosen or 0


def show_photo(photo: Photo, model_name: str, selected: int) -> None:
    """The photo, every face boxed in its answer's colour and numbered."""
    told = photo.answers.get(model_name)
    colours = [COLOURS[answer.emotion] for answer in told] if told else [UNANSWERED_COLOUR] * len(photo.faces)
    assert photo.width is not None
    assert photo.height is not None
    boxes = [] if photo.uses_full_image else [face.box for face in photo.faces]
    image = drawing.draw_boxes(photo.display_jpeg, photo.width, boxes, colours, selected)
    tall = MAX_PHOTO_HEIGHT if photo.height > SMALL_PHOTO_HEIGHT else SMALL_PHOTO_HEIGHT
    width = min(image.width, round(tall * image.width / image.height))
    found = f"{len(boxes)} faces boxed" if len(boxes) != 1 else "one face boxed"
    st.image(image, width=width, alt=f"Your photo {photo.name}, {found}", output_format="JPEG")


def show_no_face(key: str, photo: Photo) -> None:
    """Says that nothing was found and offers the way on."""
    st.header("No face found", anchor=False)
    st.markdown(
        "The detector saw no face in this photo. If it is a close-up, or a face already cut out, "
        "the model can take the whole picture as the face."
    )
    if st.button("Use the whole picture as the face", type="primary", key="whole"):
        photos.album()[key] = photos.use_full_image(photo)
        st.rerun()


def show_answer(photo: Photo, model_name: str, face: int) -> None:
    """The chosen face's answer: in words, as bars, and how far to trust it."""
    answer = photo.answers[model_name][face]
    told = verdicts.verdict(answer.probabilities)
    chip, text = st.columns([1, 2.4], vertical_alignment="center", wrap=False)
    chip.image(
        drawing.enlarge_chip(photo.chips[face]),
        width="stretch",
        alt=f"Face {face + 1} as the model sees it, 48 by 48 grey pixels",
    )
    with text:
        st.html(
            tag(
                "div",
                tag("h2", told.headline),
                tag("p", told.detail),
                class_="verdict",
                style=f"--emotion:{COLOURS[told.emotion]}",
            )
        )
        if told.hint:
            st.caption(told.hint)
    if photo.uses_full_image:
        st.info("No face was found, so the whole picture was taken as the face.")
    st.plotly_chart(
        emotion_bars.bars(answer.probabilities),
        key="bars",
        config=theme.STATIC,
        alt=theme.alt_text("Probability of each emotion", answer.probabilities),
    )
    if answer.scores is not None:
        show_yes_no_scores(model_name, answer)
    st.caption(reliability_note(model_name, answer.milliseconds))


def show_yes_no_scores(model_name: str, answer: Answer) -> None:
    """The seven separate answers behind the individual models' probabilities."""
    scores = answer.scores or {}
    thresholds = dict.fromkeys(EMOTIONS, DEFAULT_THRESHOLD) | summaries.thresholds(registry.get_model_spec(model_name))
    st.markdown(f"**Seven separate answers.** {verdicts.yes_no_sentence(answer, thresholds)}")
    st.plotly_chart(
        emotion_bars.yes_no_bars(scores, thresholds),
        key="yes-no",
        config=theme.STATIC,
        alt=theme.alt_text("Each model's yes, on its own", scores),
    )
    st.caption(
        "Each bar is one model's own yes, so they need not add up to 100 %. "
        "A model says yes when its bar reaches its upright stroke."
    )


def reliability_note(model_name: str, milliseconds: float) -> str:
    """Who answered, how fast, and how often that model is right."""
    variant = registry.get_model_spec(model_name)
    text = f"{variant.title}, {milliseconds:.1f} ms a face."
    told = accuracy.load_accuracy(variant)
    if told is None:
        return text
    right, luck = percent(told.value), percent(told.baseline)
    return f"{text} Right for {right} of FER2013's PrivateTest faces; no skill gets {luck}."
