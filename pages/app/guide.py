"""The questions the app answers, each a way to its page."""

import streamlit as st

#: Question and page, in the order somebody new would ask them.
QUESTIONS = (
    ("Do the models agree about my photos?", "pages/compare.py", ":material/compare:"),
    ("Where did a model look?", "pages/saliency.py", ":material/local_fire_department:"),
    ("Which model is best, and is it by chance?", "pages/leaderboard.py", ":material/trophy:"),
    ("Which emotions does a model mix up?", "pages/confusion.py", ":material/grid_on:"),
    ("How good is it at each emotion?", "pages/per_class.py", ":material/rule:"),
    ("Is the model wrong, or the label?", "pages/label_agreement.py", ":material/groups:"),
    ("How was a model made?", "pages/model_card.py", ":material/description:"),
    ("What did the models learn from?", "pages/data.py", ":material/dataset:"),
    ("What can they tell, and what not?", "pages/responsible.py", ":material/balance:"),
)


def show() -> None:
    """A link a question; they flow into as many lines as the window needs."""
    with st.container(horizontal=True, gap="small", key="guide"):
        for question, page, icon in QUESTIONS:
            st.page_link(page, label=question, icon=icon, width="content")
