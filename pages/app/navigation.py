"""Page set-up, the menu, and a guard that every page is reached through `streamlit_app.py`.

Streamlit treats a folder called `pages` as its older kind of multipage app until `st.navigation`
has been called once in the process. If the first visitor after a start opens the address of a
page, Streamlit would run that page alone: without set-up, without styles, and with a menu of file
names.
"""

import streamlit as st
from streamlit.navigation.page import Page

from pages.components import clicks, notices
from pages.components.page_links import PAGES
from pages.server import page_reload
from pages.session import capacity
from pages.style import STYLES
from pages.text.markup import tag

ENTERED_KEY = "entered"
START = next(iter(PAGES))  # the start page


def set_up() -> Page:
    """Set title, icon and menu; return the page to run."""
    _configure("FER Explorer")
    pages = menu()
    page = st.navigation(pages, position="top")  # first, so that a visitor who waits keeps it
    page_reload.keep_photos()
    capacity.wait_for_capacity()
    if page.title != PAGES[START].title:
        _configure(f"{page.title} · FER Explorer")
    st.html(_mark_group(pages, page))
    return page


def show_tools(page: Page) -> None:
    """Show the page's name in the menu, and what every page offers, above its title."""
    clicks.listen(page.title)
    with st.container(key="page-tools"):
        st.html(
            tag("span", page.title, class_="eyebrow")
            + clicks.projector_button()
            + clicks.copy_button()
        )


def _configure(title: str) -> None:
    # The icon is a local file: Streamlit would fetch a named icon from another server.
    st.set_page_config(page_title=title, page_icon=str(STYLES / "icon.png"), layout="wide")


def _mark_group(pages: dict[str, list[Page]], current: Page) -> str:
    """A style that marks the menu's group of the current page, as Streamlit marks single pages."""
    groups = [group for group in pages if group]
    titles = {page.title: group for group, members in pages.items() for page in members}
    rule = ""
    if group := titles[current.title]:
        place = len(pages[""]) + groups.index(group) + 1
        rule = (
            f'[data-testid="stTopNav"] > :nth-child({place}) [data-testid="stTopNavSection"] '
            "{ background: var(--chosen); }"
        )
    return f"<style>{rule}</style>"


def menu() -> dict[str, list[Page]]:
    """Every page, grouped by its menu heading."""
    groups: dict[str, list[Page]] = {}
    for name, page in PAGES.items():
        groups.setdefault(page.group, []).append(
            st.Page(
                page.file,
                title=page.title,
                icon=page.icon,
                default=name == START,
            )
        )
    return groups


def ensure_entry_script() -> None:
    """Restart from the entry script if it has not run, and warn of damaged results.

    Every page calls this first.
    """
    if ENTERED_KEY not in st.session_state:
        set_up()  # ends the older mode
        st.rerun()
    notices.show_damaged_results()
