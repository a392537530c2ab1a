"""Responsible use: what the models can tell and what not, the law, and what becomes of photos."""

import streamlit as st

from pages.app import navigation
from pages.components import page_links
from pages.sections.responsible import evidence, text
from pages.style import STYLES

navigation.ensure_entry_script()
st.title("What can these models tell, and what not?", anchor=False)
st.html(STYLES / "responsible.css")
st.markdown(
    "**They guess what a stranger would call the expression in a picture. They cannot tell what "
    f"anybody feels.** {evidence.accuracy_text()}"
)
st.html(text.cards(2, "They can tell", text.can_tell(), "They cannot tell", text.CANNOT))

left, right = st.columns(2, gap="large")
with left:
    st.header("An expression is not a feeling", anchor=False)
    st.markdown(
        "People smile from politeness and frown in thought. A large review of the research "
        "([Barrett et al. 2019](https://doi.org/10.1177/1529100619832930)) found that how people "
        "express anger, disgust, fear, happiness, sadness and surprise differs between cultures, "
        "between situations, and between people in the same situation, and that the same movements "
        "of a face can belong to different emotions. So a right answer here is the right *word for "
        "a picture*, no more."
    )
with right:
    st.header("Nobody knows who is in the data", anchor=False)
    st.markdown(
        "FER2013 was gathered by web image search. Age, origin, gender and culture of the people "
        "in it are not recorded, nor whether anyone asked them. So **nobody can say whether a "
        "model works equally well for people like you**: it cannot be measured on this data, and "
        "you should expect that it does not."
    )
    page_links.link("data", "More about the data")

left, right = st.columns(2, gap="large")
with left:
    st.header("People disagree about the labels", anchor=False)
    evidence.label_noise()
with right:
    st.header("Some emotions are found much less often", anchor=False)
    evidence.recall_by_emotion()

left, right = st.columns(2, gap="large")
with left:
    st.header("What the law says", anchor=False)
    st.markdown(text.LAW)
    st.caption(text.LAW_CAUTION)
with right:
    st.header("What this app does with photos", anchor=False)
    st.markdown(text.photo_handling(st.get_option("server.disconnectedSessionTTL") / 60))

st.header("Before you use it on others' photos", anchor=False)
st.markdown(
    "1. **Ask** whether they agree, and say what the answer is worth.\n"
    "2. **Tell** them that a computer guesses their expression.\n"
    "3. **Decide nothing** about them with it, and don't pass the answers on.\n"
    "4. **Delete** what you took away when you no longer need it."
)
st.html(text.cards(3, "Fine", text.FINE, "Not fine", text.NOT_FINE))
