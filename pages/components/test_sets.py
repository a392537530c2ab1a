"""The selector of a test set, the same on all pages with results, and what to know of the set."""

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import SPLITS
from fer_core.errors import ResultsError
from fer_core.evaluation import baselines, set_notes
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet, committed_set
from fer_core.registry import ModelSpec
from fer_core.reports import private_test
from fer_core.reports.format import percent
from fer_core.text import counted
from pages.components import address, selectors
from pages.session.own_sets import own_results
from pages.text.escape import escape, escape_sentence

SET_KEY = "set"  # in the session: name of the visit's current test set
OWN_PREFIX = "own-"  # of the names of a visitor's own sets
#: Committed sets by name: title, FER2013's split and whether the crowd's majority is the label.
COMMITTED: dict[str, tuple[str, str, bool]] = {
    each.name: (each.title, each.split, each.by_crowd)
    for by_crowd in (False, True)
    for split in SPLITS[::-1]
    for each in [committed_set(split, by_crowd=by_crowd)]
}
MAX_GROUPS = 30  # of a column, of which each takes a bootstrap per model


def select_set(*, requires_results: bool = True) -> EvaluationSet:
    """The visit's current test set, with the visitor's own models; the results pages share it.

    FER2013's have a second selector, of all faces or those without a copy in Training. Where there
    is no result the page stops, unless it does not require them.
    """
    own = own_results()
    titles = {name: title for name, (title, _, _) in COMMITTED.items()}
    titles |= {name: f"Yours: {each.title}" for name, each in own.sets.items()}
    asked = st.query_params.get("split", "")
    if asked.startswith(OWN_PREFIX) and asked not in titles:
        del st.query_params["split"]
        st.info(
            "This link names a test set of another visit. Own sets live in their owner's visit "
            "only: open the set's results file on the page “Your test set”."
        )
    name = address.choose(
        st.selectbox,
        "Test set",
        titles,
        key=SET_KEY,
        param="split",  # as in links from before there were other sets
        default=TEST_SPLIT,
        format_func=lambda name: titles[name],
        help=" ".join(f"{split}: {selectors.split_description(split)}" for split in SPLITS)
        + " FER+ majority: the same faces measured by what most of ten annotators say. Your own "
        "sets come from the page “Your test set”.",
        width=280,
    )
    if name in own.sets:
        return own.with_own_models(own.sets[name])
    if requires_results:
        selectors.require_results()
    _, split, by_crowd = COMMITTED[name]
    faces = selectors.select_faces()
    evaluation_set = committed_set(split, faces, by_crowd=by_crowd)
    try:
        return own.with_own_models(evaluation_set)
    except ResultsError as error:
        st.error(str(error))
        st.stop()


def select_group_column(evaluation_set: EvaluationSet) -> str | None:
    """The column of a set's `groups` to compare by; None, with a note, if it has too many groups.

    The selector is shown only where there are several columns.
    """
    columns = list(evaluation_set.groups)
    column = columns[0]
    if len(columns) > 1:
        number = address.choose(  # the address has its number: a name may be of a person
            st.selectbox,
            "Compare by",
            range(1, len(columns) + 1),
            key="group",
            default=1,
            format_func=lambda number: columns[number - 1],
            width=280,
        )
        column = columns[number - 1]
    count = len(set(evaluation_set.groups[column].tolist()))
    if count > MAX_GROUPS:
        st.info(
            f"The column {escape(column)} has {count:,} groups; up to {MAX_GROUPS} can be compared."
        )
        return None
    return column


def show_notes(evaluation_set: EvaluationSet, *, has_scores: bool = True) -> None:
    """Below the selectors: how far a visitor's own faces and models can be trusted.

    Nothing for FER2013's faces with our models.

    Args:
        evaluation_set: The faces.
        has_scores: Whether the page shows scores of models.
    """
    if has_scores and not evaluation_set.is_fer2013:
        _show_limits(evaluation_set)
    for sentence in _model_notes(evaluation_set):
        st.caption(sentence)
    if evaluation_set.notes:
        with st.expander("What was left out, and more about these faces"):
            st.markdown("\n".join(f"- {escape_sentence(note)}" for note in evaluation_set.notes))


def _show_limits(evaluation_set: EvaluationSet) -> None:
    try:
        limits = [set_notes.size_note(evaluation_set), set_notes.missing_note(evaluation_set)]
    except ResultsError:
        return  # the page says what is missing
    if any(limits):
        st.info(" ".join(sentence for sentence in limits if sentence))
    if purpose := set_notes.purpose_note(evaluation_set):
        st.caption(purpose)


def _model_notes(evaluation_set: EvaluationSet) -> list[str]:
    """What to know of the answers of the visitor's own models, a line for each."""
    notes, where = own_results().notes, evaluation_set.split or evaluation_set.name
    by_model = {
        model.title: notes.get((where, name), ()) for name, model in evaluation_set.models.items()
    }
    return [
        f"{escape(title)}: {' '.join(map(escape_sentence, sentences))}"
        for title, sentences in by_model.items()
        if sentences
    ]


def measurement_note(model: ModelSpec, evaluation_set: EvaluationSet) -> str:
    """Caption for scores: on which faces they were measured, and the no-skill baseline."""
    labels = evaluation_set.labels
    baseline = percent(baselines.majority_accuracy_of(labels), 1)
    owner = "FER2013's " if evaluation_set.is_fer2013 else ""
    without = " without a copy in Training" if evaluation_set.faces == "no_copy" else ""
    where = f"{owner}{evaluation_set.split or evaluation_set.title}{without}"
    return (
        f"{counted(len(labels), 'face')} of {where}: {_role(model, evaluation_set)}. No-skill "
        f"baseline: always predicting the most frequent emotion scores {baseline}."
        f"{_votes_note(model, evaluation_set)}"
    )


def _role(model: ModelSpec, evaluation_set: EvaluationSet) -> str:
    if model.is_own and evaluation_set.is_fer2013:
        return "whether this model was trained or chosen on them, only you know"
    if not evaluation_set.is_fer2013:
        if evaluation_set.chose_models:
            return "our models were trained or chosen on many of them, so scores are optimistic"
        return "as labelled; none of our models was chosen on them"
    if model.members and evaluation_set.chose_models:
        return "each face predicted out of fold, by a fit that left it out"
    if evaluation_set.chose_models:
        return "used to choose the model too, so these scores are slightly optimistic"
    return private_test.ROLE


def _votes_note(model: ModelSpec, evaluation_set: EvaluationSet) -> str:
    """That a model taught by votes was not taught the labels it is measured by here."""
    if evaluation_set.by_crowd:
        return " Measured by the clear majority of ten annotators (FER+), on the faces with one."
    if not evaluation_set.is_fer2013 or not summaries.trained_by_votes(model):
        return ""
    return (
        f" These scores are by FER2013's labels, which {model.title} was not taught: it learned "
        "what ten annotators say, and the test set “by FER+ majority” measures it by that."
    )
