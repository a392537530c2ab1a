"""Faces of FER2013 as cards, a page at a time, or how to get them where they are not on this disk.

The pictures are not part of this project, so a page that shows some says what is missing instead.
"""

from collections.abc import Callable, Sequence

import streamlit as st
from markupsafe import Markup

from fer_core.datasets.fer2013 import FOLDER_VARIABLE, Fer2013Dataset
from fer_core.errors import DataError
from fer_core.reports.drawing import data_uri
from pages.style import STYLES
from pages.text.markup import tag

STYLE = STYLES / "face_gallery.css"
PER_PAGE = 24
DOWNLOAD_INSTRUCTIONS = (
    "The faces themselves are not part of this project, because FER2013 is research data. To see "
    "them here, get it from Kaggle (`msambare/fer2013` or "
    "`jonathanoheix/face-expression-recognition-dataset`), unpack it into `data/fer2013` and "
    f"reload this page. A copy elsewhere is found through the environment variable `{FOLDER_VARIABLE}`, "
    "set before the app starts. An archive must be unpacked."
)


def show_download_instructions() -> None:
    """Says how to get FER2013."""
    st.info(DOWNLOAD_INSTRUCTIONS, icon=":material/download:")


def show_gallery(
    ids: Sequence[str],
    captions: Sequence[str],
    key: str,
    per_page: int = PER_PAGE,
    detail: Callable[[int], Markup] | None = None,
) -> None:
    """The pictures of those ids in that order, `per_page` at once, or how to get them.

    A caption is text, its lines divided by newlines, the first one bold. `detail` makes what
    stands beside a face from its place in `ids`; it is asked for the faces on show only.
    `key` names the page number in the address; other ids start at page 1 again.
    """
    if len(ids) != len(captions):
        raise ValueError(f"{len(ids)} faces need as many captions, not {len(captions)}")
    found = Fer2013Dataset.find()
    if found is None:
        show_download_instructions()
        return
    if not len(ids):
        st.caption("No face fits.")
        return
    first, last = _shown(ids, key, per_page)
    cards = (
        _card(found, str(ids[i]), captions[i], detail(i) if detail else Markup(""))
        for i in range(first, last)
    )
    st.html(STYLE)
    st.html(tag("ul", *cards, class_="faces detailed" if detail else "faces"))


def _shown(ids: Sequence[str], key: str, per_page: int) -> tuple[int, int]:
    """Where the faces of the chosen page begin and end; draws the buttons that turn pages."""
    what, mark = hash(tuple(ids)), f"{key}-ids"
    if st.session_state.get(mark, what) != what:
        st.session_state[key] = 1
    st.session_state[mark] = what
    pages = -(-len(ids) // per_page)
    row = st.container(horizontal=True, vertical_alignment="center")
    page = 1
    if pages > 1:
        with row:
            page = st.pagination(pages, key=key, max_visible_pages=5, bind="query-params")
    first, last = (page - 1) * per_page, min(page * per_page, len(ids))
    row.caption(
        f"Faces {first + 1:,} to {last:,} of {len(ids):,}"
        if pages > 1
        else (f"{len(ids)} faces" if len(ids) > 1 else "One face")
    )
    return first, last


def _card(found: Fer2013Dataset, image: str, caption: str, detail: Markup) -> Markup:
    try:
        alt = f"FER2013 {image}, labelled {found.label(image)}"
        address = data_uri(found.chip(image))  # CSS enlarges its pixels
        shown = tag("img", src=address, alt=alt, width=48, height=48)
    except KeyError:
        shown = tag("div", "not in this copy of FER2013", class_="gone")
    except DataError as error:
        shown = tag("div", str(error), class_="gone")
    lines = (tag("p", line) for line in caption.split("\n"))
    return tag("li", shown, tag("div", *lines, detail))
