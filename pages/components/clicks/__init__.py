"""Clicks on the app's own HTML: faces, sample photos and links to other pages.

`st.html` draws tables, galleries and photos, but Streamlit is not told what is clicked in them. One
invisible frame per visit, `clicks.js`, listens on the page around it. Values from a browser can be
anything, so each is checked here.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup

from fer_core.imaging.sample_photo import SAMPLES
from pages.components import samples
from pages.components.frame import frame
from pages.components.page_links import PAGES
from pages.session import selection
from pages.text.markup import tag

KEY = "clicks"  # in the session, and the folder of the frame
HANDLED_KEY = "click-handled"  # in the session: the last click
DESTINATION_KEY = "destination"  # in the session: the page and query of the link just clicked


def listen(page_title: str) -> None:
    """Draw the invisible frame, and open the page of a link that was clicked.

    Called before every page, with its title in `PAGES`.
    """
    with st.container(key="click-listener"):
        frame(KEY)(key=KEY, default=None, on_change=_handle, tab_index=-1)
    name, query = st.session_state.pop(DESTINATION_KEY, ("", {}))
    if not name:
        return
    if PAGES[name].title == page_title:
        st.query_params.update(query)
    else:  # first the page, then its query: Streamlit would give the query to the page left behind
        st.session_state[DESTINATION_KEY] = name, query
        st.switch_page(PAGES[name].file)


def face_button(
    content: Markup,
    token: str,
    index: int,
    label: str,
    is_current: bool,
    *,
    show: str = "",
    style: str | None = None,
) -> Markup:
    """A button that makes a face the current one.

    Args:
        content: What is inside.
        token: `selection.photo_token` of its photo.
        index: Of the face in the photo.
        label: For screen readers and as a tooltip.
        is_current: Whether this face is the current one.
        show: CSS selector of what to scroll to.
        style: CSS of the button.
    """
    return tag(
        "button",
        content,
        type="button",
        class_="face",
        data_face=f"{token}:{index}",
        data_show=show or None,
        aria_label=label,
        title=label,
        aria_pressed="true" if is_current else "false",
        style=style,
    )


def link(content: object, name: str, **query: str) -> Markup:
    """A link to the page `name` in `PAGES` with this query; it keeps the visit."""
    path = PAGES[name].path
    address = f"{path}?{urlencode(query)}" if query else path
    return tag("a", content, href=address, data_page=name, title=PAGES[name].question)


def show_button(content: object, selector: str) -> Markup:
    """A button that scrolls to the element with this CSS selector."""
    return tag("button", content, type="button", class_="to", data_show=selector)


def copy_button() -> Markup:
    """A button that copies the page's address."""
    return tag("button", "Copy link to this view", type="button", class_="copy", data_copy="")


def projector_button() -> Markup:
    """A button that makes all text larger, for a projector; pressed again, it undoes that."""
    title = "Larger type, for a projector; Ctrl and + enlarges pictures and charts too"
    return tag("button", "Projector", type="button", data_projector="", title=title)


def _handle() -> None:
    value = st.session_state[KEY]
    target = value.get("target") if isinstance(value, Mapping) else None
    # "Back" sends the last click once more.
    if not isinstance(target, Mapping) or value == st.session_state.get(HANDLED_KEY):
        return
    st.session_state[HANDLED_KEY] = value
    face, name, query = target.get("face"), target.get("page"), target.get("query")
    sample = target.get("sample")
    if isinstance(face, str):
        selection.select_token(face)
    elif isinstance(sample, str) and sample in SAMPLES:
        samples.receive(sample)
    elif (
        isinstance(name, str)
        and name in PAGES
        and isinstance(query, Mapping)
        and all(isinstance(text, str) for pair in query.items() for text in pair)
    ):
        open_page(name, **query)


def open_page(name: str, **query: str) -> None:
    """Open the page `name` in `PAGES` with this query; for callbacks of widgets."""
    st.session_state[DESTINATION_KEY] = name, query
