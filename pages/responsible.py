"""Responsible use: what the models can and cannot tell, the law, and what happens to photos."""

import streamlit as st

from pages.app import navigation
from pages.components import page_links
from pages.sections.responsible import evidence, text
from pages.style import STYLES

navigation.ensure_entry_script()
st.title("What can these models tell, and what can they not?", anchor=False)
st.html(STYLES / "responsible.css")
st.markdown(
    "**They guess what a stranger would call the expression in an image. They cannot tell what "
    f"anybody feels.** {evidence.accuracy_text()}"
)
st.html(text.cards(2, "They can tell", text.can_tell(), "They cannot tell", text.CANNOT))

minutes = st.get_option("server.disconnectedSessionTTL") / 60
with st.container(border=True, key="in-class"):
    st.header("In class", anchor=False)
    st.markdown(text.in_class(minutes))

left, right = st.columns(2, gap="large")
with left:
    st.header("An expression is not a feeling", anchor=False)
    st.markdown(
        "People smile out of politeness and frown in thought. A large review of the research "
        "([Barrett et al. 2019](https://doi.org/10.1177/1529100619832930)) found that how people "
        "express anger, disgust, fear, happiness, sadness and surprise differs between cultures, "
        "between situations, and between people in the same situation, and that the same facial "
        "movements can go with different emotions. So a correct answer here is the right *word for "
        "an image*, no more."
    )
with right:
    st.header("Nobody knows who is in the data", anchor=False)
    st.markdown(
        "FER2013 was gathered by web image search. The age, origin, gender and culture of the "
        "people in it are not recorded, nor whether they were asked. So **nobody can say whether a "
        "model works equally well for people like you**: it cannot be measured on this data, and "
        "you should expect that it does not. What another set of photos shows is below."
    )
    page_links.link("data", "More about the data")

st.header("Do they recognise everyone's smile equally well?", anchor=False)
evidence.smiles()

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
    st.markdown(text.photo_handling(minutes))

st.header("Before you use it on other people's photos", anchor=False)
st.markdown(
    "1. **Ask** whether they agree, and explain how reliable the answer is.\n"
    "2. **Tell** them that a computer guesses their expression.\n"
    "3. **Decide nothing** about them with it, and don't pass the answers on.\n"
    "4. **Delete** what you downloaded when you no longer need it."
)
st.html(text.cards(3, "Fine", text.FINE, "Not fine", text.NOT_FINE))
