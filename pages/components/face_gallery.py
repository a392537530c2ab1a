"""Faces as a paginated gallery of cards: those of FER2013, or a visitor's own.

FER2013's images are not part of this project; where they are missing the gallery shows how to
download them.
"""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from markupsafe import Markup

from fer_core.datasets.fer2013 import FOLDER_VARIABLE, Fer2013Dataset, explain_listing
from fer_core.errors import DataError
from fer_core.reports.drawing import data_uri
from pages.components import address, clicks
from pages.style import STYLES
from pages.text.escape import clean_name, escape
from pages.text.markup import tag

STYLE = STYLES / "face_gallery.css"
PER_PAGE = 24
DOWNLOAD_INSTRUCTIONS = (
    "The faces themselves are not part of this project, because FER2013 is research data. To see "
    "them here, download it from Kaggle (`msambare/fer2013` or "
    "`jonathanoheix/face-expression-recognition-dataset`), unpack it into `data/fer2013` and "
    "reload this page. For a copy in another folder, set the environment variable "
    f"`{FOLDER_VARIABLE}` "
    "before the app starts. Archives must be unpacked."
)


def show_listing_notes() -> None:
    """Show what was left out of the folder with FER2013, or why no image was found there."""
    if notes := explain_listing():
        st.warning(" ".join(map(escape, notes)), icon=":material/folder_open:")


def show_download_instructions() -> None:
    """Show why no image was found, if there is a folder, and how to download FER2013."""
    show_listing_notes()
    st.info(DOWNLOAD_INSTRUCTIONS, icon=":material/download:")


def show_gallery(
    ids: Sequence[str],
    captions: Sequence[str],
    key: str,
    per_page: int = PER_PAGE,
    detail: Callable[[int], Markup] | None = None,
) -> None:
    """Show FER2013's images with these ids, `per_page` at a time, or how to download them.

    Captions are plain text with lines separated by newlines; the first line is bold. `detail`
    returns the content beside a face, given its index in `ids`; it is called only for the faces on
    the current page. `key` is the query parameter of the page number, which goes back to 1 when the
    ids change.
    """
    dataset = Fer2013Dataset.find()
    if dataset is None:
        show_download_instructions()
        return

    def picture(i: int) -> Markup:
        return _linked_image(dataset, str(ids[i]))

    _show_cards(picture, ids, captions, key, per_page, detail)


def show_chips(
    chips: Sequence[np.ndarray],
    names: Sequence[str],
    captions: Sequence[str],
    key: str,
    per_page: int = PER_PAGE,
    detail: Callable[[int], Markup] | None = None,
) -> None:
    """Show faces of a visitor's own, which lead to no other page.

    Args:
        chips: (48, 48) uint8 grey, one per face.
        names: Of the faces, different from each other.
        captions: As for `show_gallery`, like the following.
        key: The query parameter of the page number.
        per_page: Faces shown at a time.
        detail: Returns the content beside a face.
    """

    def picture(i: int) -> Markup:
        alt = f"{clean_name(names[i])}, the models' input"
        return tag("img", src=data_uri(chips[i]), alt=alt, width=48, height=48)

    _show_cards(picture, names, captions, key, per_page, detail)


def _show_cards(
    picture: Callable[[int], Markup],
    ids: Sequence[str],
    captions: Sequence[str],
    key: str,
    per_page: int,
    detail: Callable[[int], Markup] | None,
) -> None:
    """A page of cards; `picture` gives the HTML of a face by its index in `ids`."""
    if len(ids) != len(captions):
        raise ValueError(f"{len(ids)} faces need as many captions, not {len(captions)}")
    if not len(ids):
        st.caption("No faces match this selection.")
        return
    first, last = _page_range(ids, key, per_page)
    cards = (
        _card(picture(i), captions[i], detail(i) if detail else Markup(""))
        for i in range(first, last)
    )
    st.html(STYLE)
    st.html(tag("ul", *cards, class_="faces detailed" if detail else "faces"))


def _page_range(ids: Sequence[str], key: str, per_page: int) -> tuple[int, int]:
    """Start and end index of the selected page; draws the pagination buttons."""
    ids_hash, hash_key = hash(tuple(ids)), f"{key}-ids"
    if st.session_state.get(hash_key, ids_hash) != ids_hash:
        st.session_state[key] = 1
    st.session_state[hash_key] = ids_hash
    pages = -(-len(ids) // per_page)
    row = st.container(horizontal=True, vertical_alignment="center")
    page = 1
    if pages > 1:
        with row:
            page = address.keep(
                lambda key: st.pagination(pages, key=key, max_visible_pages=5),
                lambda texts: int(address.number_between(1, pages)(texts)),
                key=key,
                default=1,
            )
    first, last = (page - 1) * per_page, min(page * per_page, len(ids))
    row.caption(
        f"Faces {first + 1:,} to {last:,} of {len(ids):,}"
        if pages > 1
        else (f"{len(ids)} faces" if len(ids) > 1 else "1 face")
    )
    return first, last


def _linked_image(dataset: Fer2013Dataset, image_id: str) -> Markup:
    """An image that leads to its heat maps, or why there is none."""
    try:
        alt = f"FER2013 {image_id}, labelled {dataset.label(image_id)}"
        source = data_uri(dataset.chip(image_id))  # CSS enlarges its pixels
        picture = tag("img", src=source, alt=alt, width=48, height=48)
        return clicks.link(picture, "saliency", face=image_id)
    except KeyError:
        return tag("div", "not in this copy of FER2013", class_="unavailable")
    except DataError as error:
        return tag("div", str(error), class_="unavailable")


def _card(image: Markup, caption: str, detail: Markup) -> Markup:
    lines = (tag("p", line) for line in caption.split("\n"))
    return tag("li", image, tag("div", *lines, detail))
