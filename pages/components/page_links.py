"""One record per page, and links between pages.

A page is one file plus one record here: the menu, Home and every link take its file, title and icon
from the record. The module is a component because sections link to pages too.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

import streamlit as st


@dataclass(frozen=True)
class PageSpec:
    """One page. Pages with the same `group` share a menu heading."""

    file: str  # relative to the folder of `streamlit_app.py`
    title: str
    icon: str
    group: str = ""
    question: str | None = None  # the question this page answers; shown on Home

    @property
    def path(self) -> str:
        """The page's address, relative to the app's; the start page also answers to its own."""
        return PurePosixPath(self.file).stem


#: Pages by name, in the order of the menu and of Home's questions; the first is the start page.
PAGES: dict[str, PageSpec] = {
    "home": PageSpec("pages/home.py", "Home", ":material/home:"),
    "classify": PageSpec("pages/classify.py", "Classify", ":material/add_a_photo:"),
    "compare": PageSpec(
        "pages/compare.py",
        "Compare",
        ":material/compare:",
        question="Do the models agree about my photos?",
    ),
    "annotate": PageSpec(
        "pages/annotate.py",
        "Annotate",
        ":material/edit_note:",
        question="Do I agree with the models?",
    ),
    "live": PageSpec(
        "pages/live.py",
        "Live",
        ":material/videocam:",
        question="How does an expression change over time?",
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
        "Which model is best, and could that be luck?",
    ),
    "confusion": PageSpec(
        "pages/confusion.py",
        "Confusion matrices",
        ":material/grid_on:",
        "Results",
        "Which emotions does a model confuse?",
    ),
    "per_class": PageSpec(
        "pages/per_class.py",
        "Per-class metrics",
        ":material/rule:",
        "Results",
        "How good is a model at each emotion?",
    ),
    "robustness": PageSpec(
        "pages/robustness.py",
        "Robustness",
        ":material/blur_on:",
        "Results",
        "How much blur, noise or dark does a model bear?",
    ),
    "face_map": PageSpec(
        "pages/face_map.py",
        "Map of faces",
        ":material/scatter_plot:",
        "Results",
        "Which faces look alike to a model?",
    ),
    "test_set": PageSpec(
        "pages/test_set.py",
        "Your test set",
        ":material/folder_supervised:",
        "Results",
        "How good are the models on my faces?",
    ),
    "label_agreement": PageSpec(
        "pages/label_agreement.py",
        "Label agreement",
        ":material/groups:",
        "Results",
        "Is the model wrong, or the label?",
    ),
    "label_audit": PageSpec(
        "pages/label_audit.py",
        "Label audit",
        ":material/fact_check:",
        "Results",
        "Which labels are probably wrong?",
    ),
    "model_card": PageSpec(
        "pages/model_card.py",
        "Model cards",
        ":material/description:",
        "Background",
        "How was each model built and trained?",
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
        "What can these models tell, and what can they not?",
    ),
    "glossary": PageSpec(
        "pages/glossary.py",
        "Glossary",
        ":material/menu_book:",
        "Background",
        "What do the terms mean?",
    ),
    "about": PageSpec(
        "pages/about.py",
        "About and how to cite",
        ":material/format_quote:",
        "Background",
        "Whose models are these, and how do I cite them?",
    ),
}


def link(name: str, label: str = "{title}") -> None:
    """Show a link, with icon, to the page `name` in `PAGES`; `{title}` in `label` is its title."""
    page = PAGES[name]
    st.page_link(page.file, label=label.format(title=page.title), icon=page.icon)


def question_links() -> None:
    """Show one link per question, wrapped to the width of the window."""
    with st.container(horizontal=True, gap="small", key="guide"):
        for page in PAGES.values():
            if page.question is not None:
                st.page_link(page.file, label=page.question, icon=page.icon, width="content")
