"""The pages of the app, a record each, and links to them.

A page is one file and one record here: the menu, Home and every link take its file, title and icon
from it. It stands among the components because sections link to pages too.
"""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class PageSpec:
    """One page. Pages of the same `group` stand together in the menu, under its name."""

    file: str  # from the folder of `streamlit_app.py`
    title: str
    icon: str
    group: str = ""
    question: str | None = None  # what somebody new asks and this page answers; Home shows it
    url_path: str | None = None  # its address, where that is not the file's name


#: Every page by name, in the order of the menu and of Home's questions; the first is the start.
PAGES: dict[str, PageSpec] = {
    "home": PageSpec("pages/home.py", "Home", ":material/home:"),
    "classify": PageSpec("pages/classify.py", "Classify", ":material/add_a_photo:"),
    "compare": PageSpec(
        "pages/compare.py",
        "Compare",
        ":material/compare:",
        question="Do the models agree about my photos?",
    ),
    "saliency": PageSpec(
        "pages/saliency.py",
        "Saliency",
        ":material/local_fire_department:",
        question="Where did a model look?",
    ),
    "leaderboard": PageSpec(
        "pages/leaderboard.py",
        "Leaderboard",
        ":material/trophy:",
        "Results",
        "Which model is best, and is it by chance?",
    ),
    "confusion": PageSpec(
        "pages/confusion.py",
        "Confusion matrices",
        ":material/grid_on:",
        "Results",
        "Which emotions does a model mix up?",
    ),
    "per_class": PageSpec(
        "pages/per_class.py",
        "Per-class metrics",
        ":material/rule:",
        "Results",
        "How good is it at each emotion?",
    ),
    "label_agreement": PageSpec(
        "pages/label_agreement.py",
        "The crowd's eye",
        ":material/groups:",
        "Results",
        "Is the model wrong, or the label?",
        url_path="crowd",
    ),
    "model_card": PageSpec(
        "pages/model_card.py",
        "Model cards",
        ":material/description:",
        "Background",
        "How was a model made?",
    ),
    "data": PageSpec(
        "pages/data.py",
        "Data",
        ":material/dataset:",
        "Background",
        "What did the models learn from?",
    ),
    "responsible": PageSpec(
        "pages/responsible.py",
        "Responsible use",
        ":material/balance:",
        "Background",
        "What can they tell, and what not?",
    ),
}


def link(name: str, label: str = "{title}") -> None:
    """A link to the page of that name in `PAGES`, with its icon; its title stands for {title}."""
    page = PAGES[name]
    st.page_link(page.file, label=label.format(title=page.title), icon=page.icon)


def question_links() -> None:
    """A link a question; they flow into as many lines as the window needs."""
    with st.container(horizontal=True, gap="small", key="guide"):
        for page in PAGES.values():
            if page.question is not None:
                st.page_link(page.file, label=page.question, icon=page.icon, width="content")
