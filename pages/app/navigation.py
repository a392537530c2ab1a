"""Page set-up and menu, and a guard that no page is reached but through `streamlit_app.py`.

Streamlit takes any folder called `pages` for its older kind of app until `st.navigation` has been
called once in the process. A visitor whose address names a page, and who is the first after a
start, would get that page alone: no set-up, no style, a menu made of file names.
"""

import streamlit as st
from streamlit.navigation.page import Page

from pages.components import notices
from pages.session import capacity
from pages.style import STYLES

KEY = "entered"


def set_up() -> Page:
    """Title, icon and menu; gives the page to run."""
    # The icon is a file of our own: Streamlit would fetch a named one from elsewhere.
    st.set_page_config(page_title="FER Explorer", page_icon=str(STYLES / "icon.png"), layout="wide")
    capacity.wait_for_one()
    return st.navigation(
        {
            "": [
                st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
                st.Page("pages/classify.py", title="Classify", icon=":material/add_a_photo:"),
                st.Page("pages/compare.py", title="Compare", icon=":material/compare:"),
                st.Page(
                    "pages/saliency.py", title="Saliency", icon=":material/local_fire_department:"
                ),
            ],
            "Results": [
                st.Page("pages/leaderboard.py", title="Leaderboard", icon=":material/trophy:"),
                st.Page(
                    "pages/confusion.py", title="Confusion matrices", icon=":material/grid_on:"
                ),
                st.Page("pages/per_class.py", title="Per-class metrics", icon=":material/rule:"),
                st.Page(
                    "pages/label_agreement.py",
                    title="The crowd's eye",
                    icon=":material/groups:",
                    url_path="crowd",
                ),
            ],
            "Background": [
                st.Page("pages/model_card.py", title="Model cards", icon=":material/description:"),
                st.Page("pages/data.py", title="Data", icon=":material/dataset:"),
                st.Page("pages/responsible.py", title="Responsible use", icon=":material/balance:"),
            ],
        },
        position="top",
    )


def ensure() -> None:
    """First line of every page: starts over with the entry script if that has not been run, and
    says above the page which results are damaged."""
    if KEY not in st.session_state:
        set_up()  # ends the older mode
        st.rerun()
    notices.show()
