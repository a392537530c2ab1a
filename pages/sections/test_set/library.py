"""The visitor's own sets and models: what they are, downloads, and where they can be explored."""

import streamlit as st

from fer_core.evaluation import set_notes
from fer_core.evaluation.baselines import majority_accuracy_of
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.leaderboard import model_row, rank_rows
from fer_core.own_sets.results_file import results_bytes
from fer_core.own_sets.wording import counted
from fer_core.registry import ModelSpec
from fer_core.reports.format import join_words, percent, percent_with_interval
from pages.components import downloads, page_links
from pages.components.test_sets import SET_KEY
from pages.session.own_sets import own_results
from pages.text.escape import escape

ENDINGS = {".npz": "for NumPy and this page", ".json": "JSON", ".csv": "CSV"}
PAGES = ("leaderboard", "confusion", "per_class", "compare")


def show() -> None:
    """One card per own set, then the own models of FER2013's splits."""
    own = own_results()
    splits = {name: models for name, models in own.models.items() if name not in own.sets}
    if not own.sets and not any(splits.values()):
        return
    st.header("In this session", anchor=False)
    for evaluation_set in list(own.sets.values()):
        with st.container(border=True):
            _set_card(own.with_own_models(evaluation_set))
    for split, models in splits.items():
        for model, _ in list(models.values()):
            with st.container(border=True):
                _model_line(split, model)
    st.caption(
        "Sets and models are numbers in this session and gone when you leave. A set that you "
        "download as .npz or .json can be opened here again."
    )


def _set_card(evaluation_set: EvaluationSet) -> None:
    name = evaluation_set.name
    st.subheader(escape(evaluation_set.title), anchor=False)
    st.markdown(summary_text(evaluation_set))
    notes = (set_notes.size_note(evaluation_set), set_notes.missing_note(evaluation_set))
    for note in filter(None, notes):
        st.caption(note)
    if evaluation_set.notes:
        with st.expander("What was left out"):
            st.markdown("\n".join(f"- {escape(note)}" for note in evaluation_set.notes))
    with st.container(horizontal=True):
        for page in PAGES:
            spec = page_links.PAGES[page]
            if st.button(spec.title, icon=spec.icon, key=f"open-{page}-{name}"):
                st.session_state[SET_KEY] = name
                st.switch_page(spec.file, query_params={"split": name})
    with st.container(horizontal=True):
        for ending, form in ENDINGS.items():
            downloads.button(
                f"Results, {form}",
                lambda ending=ending: results_bytes(evaluation_set, ending),  # type: ignore[misc]
                downloads.dated(evaluation_set.file_title, ending),
                f"results-{ending}-{name}",
            )
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=own_results().remove_set,
            args=(name,),
            key=f"remove-{name}",
        )
    for model, _ in list(own_results().models.get(name, {}).values()):
        _model_line(name, model)


def summary_text(evaluation_set: EvaluationSet) -> str:
    """Number of faces and models, and which model is the most accurate, as Markdown."""
    rows = rank_rows(model_row(evaluation_set, each) for each in evaluation_set.list_models())
    first = rows[0]
    faces, models = counted(len(evaluation_set), "face"), counted(len(rows), "model")
    baseline = percent(majority_accuracy_of(evaluation_set.labels), 1)
    text = (
        f"{faces}, {models}. Most accurate: **{escape(first.title)}**, "
        f"{percent_with_interval(first.scores.accuracy, first.scores.interval)}; always the most "
        f"common emotion: {baseline}."
    )
    if evaluation_set.groups:
        text += f" Groups: {join_words([escape(column) for column in evaluation_set.groups])}."
    return text


def _model_line(set_name: str, model: ModelSpec) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Own model **{escape(model.title)}** on {escape(set_name)}")
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=own_results().remove_model,
            args=(set_name, model.name),
            key=f"remove-{set_name}-{model.name}",
        )
    for note in own_results().notes.get((set_name, model.name), ()):
        st.caption(escape(note))
