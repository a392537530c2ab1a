"""Faces on which annotator, models, label or annotators differ, with everybody's answers."""

from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup

from fer_core.errors import DataError
from fer_core.evaluation import agreement
from fer_core.registry import MODELS
from fer_core.reports.drawing import data_uri
from pages.components import address, face_gallery
from pages.sections.annotate.answers import LABEL, Rated
from pages.text.markup import tag

PER_PAGE = 12
Filter = Callable[[Rated, str], bool]


def _says(rated: Rated, annotator: str) -> str | None:
    label = rated.labels.get(annotator)
    return None if label is None else label.emotion


#: Which faces → title and rule, given the face and the annotator.
FILTERS: dict[str, tuple[str, Filter]] = {
    "models": (
        "{who} and most models differ",
        lambda r, who: bool(r.leaders and _says(r, who)) and _says(r, who) not in r.leaders,
    ),
    "label": (
        "{who} and FER2013's label differ",
        lambda r, who: (
            bool(_says(r, who)) and r.references.get(LABEL, _says(r, who)) != _says(r, who)
        ),
    ),
    "annotators": ("annotators differ", lambda r, _: r.annotators_differ),
    "unclear": ("unclear to {who}", lambda r, who: who in r.labels and _says(r, who) is None),
    "all": ("all labelled faces", lambda r, _: True),
}


def show(rated: Sequence[Rated], annotator: str) -> None:
    """Draw the faces that the selected filter leaves, a page at a time."""
    selected = {
        name: [each for each in rated if rule(each, annotator)]
        for name, (_, rule) in FILTERS.items()
    }
    selected = {name: faces for name, faces in selected.items() if faces}

    def title(name: str) -> str:
        return FILTERS[name][0].replace("{who}", annotator)

    st.header("Face by face", anchor=False)
    chosen = address.choose(
        st.selectbox,
        "Faces to show",
        selected,
        key="annotate-show",
        param="show",
        default=next(iter(selected)),
        format_func=lambda name: f"{title(name)} ({len(selected[name])})",
        width=360,
    )
    faces, page = selected[chosen], 1
    pages = -(-len(faces) // PER_PAGE)
    if pages > 1:
        page = st.pagination(pages, max_visible_pages=5, key=f"annotate-{chosen}-{pages}")
    st.html(face_gallery.STYLE)
    cards = map(_card, faces[(page - 1) * PER_PAGE : page * PER_PAGE])
    st.html(tag("ul", *cards, class_="faces detailed"))


def _card(rated: Rated) -> Markup:
    try:
        picture = tag("img", src=data_uri(rated.face.chip), alt=rated.name, width=48, height=48)
    except (KeyError, DataError) as error:
        picture = tag("div", str(error), class_="unavailable")
    lines = [
        tag("p", f"{name}: {label.emotion or 'unclear'}") for name, label in rated.labels.items()
    ]
    lines += [tag("p", f"{name}: {emotion}") for name, emotion in rated.references.items()]
    told = {name: emotion for name, (emotion, _) in rated.models.items()}
    for emotion, names in agreement.group_by_answer(told).items():
        titles = "; ".join(MODELS[name].short_title for name in names)  # some have a comma
        lines.append(tag("p", tag("b", f"{len(names)} × {emotion}"), f": {titles}"))
    return tag("li", picture, tag("div", tag("p", rated.name), *lines))
