"""Who audits the labels, and how many suspects to look at."""

from typing import NamedTuple

import streamlit as st

from fer_core.evaluation import label_audit
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.reports.format import join_words, number_word
from pages.components import address
from pages.text.escape import escape

MEAN = "networks"  # id of the mean of the networks in the address
COUNTS = (25, 50, 100, 200, 500)
DEFAULT_COUNT = 100


class Auditor(NamedTuple):
    """One model, or several whose probabilities are averaged.

    Attributes:
        name: The model's name, or `MEAN`.
        title: For the selector and tables.
        names: Of the models.
        titles: Of the models.
    """

    name: str
    title: str
    names: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def text(self) -> str:
        """The title within a sentence, as Markdown."""
        title = escape(self.title)
        return title if len(self.names) == 1 else f"the {title[0].lower()}{title[1:]}"

    @property
    def whose(self) -> str:
        """What the answer beside a face is called."""
        return "the models' answer" if len(self.names) > 1 else "the model's answer"


def select_auditor(evaluation_set: EvaluationSet) -> Auditor:
    """The mean of the set's networks, where there are several, or one of its models."""
    auditors = {
        name: Auditor(name, model.title, (name,), (model.title,))
        for name, model in evaluation_set.models.items()
    }
    averaged = label_audit.averaged_models(evaluation_set)
    if len(averaged) > 1:
        title = f"Mean of the {number_word(len(averaged))} networks"
        names = tuple(model.name for model in averaged)
        titles = tuple(model.title for model in averaged)
        auditors = {MEAN: Auditor(MEAN, title, names, titles)} | auditors
    name = address.choose(
        st.selectbox,
        "Judged by",
        auditors,
        key="auditor",
        param="by",
        default=next(iter(auditors)),
        format_func=lambda name: auditors[name].title,
        help="The mean is of the networks that learned FER2013's labels: "
        f"{join_words([model.title for model in averaged])}. Ensembles are left out, because they "
        "would count their members twice, and so is a network that learned what annotators say."
        if len(averaged) > 1
        else None,
        width=400,
    )
    return auditors[name]


def select_count(faces: int) -> int:
    """How many of the most suspicious labels to look at; all of a small set."""
    counts = [count for count in COUNTS if count < faces] or [faces]
    if len(counts) == 1:
        return counts[0]
    return address.choose(
        st.segmented_control,
        "Most suspicious labels",
        counts,
        key="suspects",
        default=min(DEFAULT_COUNT, counts[-1]),
        wrap=True,
    )
