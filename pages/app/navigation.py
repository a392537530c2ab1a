"""Page set-up and menu, and a guard that no page is reached but through `streamlit_app.py`.

Streamlit takes any folder called `pages` for its older kind of app until `st.navigation` has been
called once in the process. A visitor whose address names a page, and who is the first after a
start, would get that page alone: no set-up, no style, a menu made of file names.
"""

import streamlit as st
from streamlit.navigation.page import Page

from pages.components import notices
from pages.components.page_links import PAGES
from pages.session import capacity
from pages.style import STYLES

ENTERED_KEY = "entered"


def set_up() -> Page:
    """Title, icon and menu; gives the page to run."""
    # The icon is a file of our own: Streamlit would fetch a named one from elsewhere.
    st.set_page_config(page_title="FER Explorer", page_icon=str(STYLES / "icon.png"), layout="wide")
    capacity.wait_for_capacity()
    return st.navigation(menu(), position="top")


def menu() -> dict[str, list[Page]]:
    """Every page, by the heading it stands under."""
    groups: dict[str, list[Page]] = {}
    for name, page in PAGES.items():
        groups.setdefault(page.group, []).append(
            st.Page(
                page.file,
                title=page.title,
                icon=page.icon,
                url_path=page.url_path,
                default=name == next(iter(PAGES)),
            )
        )
    return groups


def ensure_entry_script() -> None:
    """First line of every page: starts over with the entry script if that has not been run, and
    says above the page which results are damaged."""
    if ENTERED_KEY not in st.session_state:
        set_up()  # ends the older mode
        st.rerun()
    notices.show_damaged_results()
