"""About: the study that the models come from, this software, and how to cite both."""

import streamlit as st

import fer_core
from fer_core.evaluation import study
from fer_core.reports import citations
from fer_core.reports.format import percent
from pages.app import navigation
from pages.components import downloads, page_links

navigation.ensure_entry_script()
st.title("Whose models are these, and how do I cite them?", anchor=False)
left, right = st.columns(2, gap="large")
with left:
    st.header("The study", anchor=False)
    st.markdown(
        f"*{study.TITLE}* is a study by Ethan Assefa, Thomas Burrell and Tatev Gomtsyan, known to "
        "us as a set of slides without date, place or link. They trained the models on a copy of "
        "FER2013 with two folders, and reported accuracies on the smaller one, "
        f"{study.IMAGE_TOTAL:,} faces, where always answering the most common emotion scores "
        f"{percent(study.BASELINE, 1)}. Wherever this app says “the study”, it means this one."
    )
    st.markdown(
        "We built its models anew and trained them ourselves: their weights, answers and scores "
        "are ours, and so are the mistakes. The study's own accuracies stand beside ours for "
        "context; they are of other faces."
    )
    page_links.link("model_card", "How each model was built and trained")
    page_links.link("per_class", "What the study's yes/no accuracies really show")
with right:
    st.header("This software", anchor=False)
    st.markdown(
        f"FER Explorer {fer_core.__version__}: an app, a Python library and a command line. "
        "Licence: MIT, for code and weights. FER2013 itself is research data and not part of it. "
        "The sample photo, of the astronaut Eileen Collins, is by NASA and in the public domain."
    )
st.header("How to cite", anchor=False)
st.markdown("\n".join(f"- **{work.title}.** {work.use}" for work in citations.WORKS))
st.markdown(
    "A number from this app is only complete with its split, its interval, the no-skill baseline "
    "and the version above. Each model card has the checksum of its weights."
)
st.code(citations.bibtex(), None, wrap_lines=True)
downloads.button("Download BibTeX", citations.bibtex, "fer-explorer.bib")
