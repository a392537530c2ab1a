"""The visitor's own sets and models: what they are, downloads, and where they can be explored."""

import streamlit as st

from fer_core.artifacts.predictions import Predictions
from fer_core.evaluation import set_notes
from fer_core.evaluation.baselines import majority_accuracy_of
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.scores import compute_scores
from fer_core.own_sets.results_file import results_bytes
from fer_core.registry import ModelSpec
from fer_core.reports.format import join_words, percent, percent_with_interval
from fer_core.text import counted
from pages.components import downloads, page_links
from pages.components.test_sets import SET_KEY
from pages.session.own_sets import own_results
from pages.text.escape import escape, escape_sentence

ENDINGS = (".npz", ".json", ".csv")
#: Page → what its button says.
PAGES = {
    "leaderboard": "Leaderboard",
    "confusion": "Confusion matrices",
    "per_class": "Per-class metrics",
    "compare": "Agreement of the models",
    "label_audit": "Label audit",
}


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
        if models:
            with st.container(border=True):
                for model, predictions in list(models.values()):
                    _model_line(split, split, model, predictions)
                _page_buttons(split)
    st.caption(
        "Sets and models are kept in memory and deleted when you leave. Results that you download "
        "can be opened here again; a .csv file has neither notes nor the set's title."
    )


def _set_card(evaluation_set: EvaluationSet) -> None:
    name = evaluation_set.name
    st.subheader(escape(evaluation_set.title), anchor=False)
    st.markdown(summary_text(evaluation_set))
    notes = (set_notes.size_note(evaluation_set), set_notes.missing_note(evaluation_set))
    for note in filter(None, notes):
        st.caption(note)
    if evaluation_set.notes:
        with st.expander("What was left out, and more about these faces"):
            st.markdown("\n".join(f"- {escape_sentence(note)}" for note in evaluation_set.notes))
    _page_buttons(name)
    with st.container(horizontal=True):
        for ending in ENDINGS:
            downloads.button(
                f"Results ({ending})",
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
    for model, predictions in list(own_results().models.get(name, {}).values()):
        _model_line(name, evaluation_set.title, model, predictions)


def _page_buttons(set_name: str) -> None:
    """Buttons that open the pages with results with this set chosen."""
    with st.container(horizontal=True):
        for page, label in PAGES.items():
            spec = page_links.PAGES[page]
            if st.button(label, icon=spec.icon, key=f"open-{page}-{set_name}"):
                st.session_state[SET_KEY] = set_name
                st.switch_page(spec.file, query_params={"split": set_name})


def summary_text(evaluation_set: EvaluationSet) -> str:
    """Number of faces and models, and which model is the most accurate, as Markdown."""
    models = evaluation_set.models
    scores = {name: compute_scores(evaluation_set.predictions(name)) for name in models}
    first = max(scores, key=lambda name: scores[name].accuracy)
    tied = sum(each.accuracy == scores[first].accuracy for each in scores.values()) - 1
    faces, of_models = counted(len(evaluation_set), "face"), counted(len(scores), "model")
    baseline = percent(majority_accuracy_of(evaluation_set.labels), 1)
    text = (
        f"{faces}, {of_models}. Most accurate: **{escape(models[first].title)}**"
        + (f" and {counted(tied, 'other model')}" if tied else "")
        + f", {percent_with_interval(scores[first].accuracy, scores[first].interval)}; no-skill "
        f"baseline, always the most common emotion: {baseline}."
    )
    if evaluation_set.groups:
        text += f" Grouped by: {join_words([escape(c) for c in evaluation_set.groups])}."
    return text


def _model_line(set_name: str, where: str, model: ModelSpec, predictions: Predictions) -> None:
    scores = compute_scores(predictions)
    accuracy = percent_with_interval(scores.accuracy, scores.interval)
    baseline = percent(majority_accuracy_of(predictions.labels), 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"Your model **{escape(model.title)}** on {escape(where)}: accuracy {accuracy}, "
            f"no-skill baseline {baseline}."
        )
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=own_results().remove_model,
            args=(set_name, model.name),
            key=f"remove-{set_name}-{model.name}",
        )
    for note in own_results().notes.get((set_name, model.name), ()):
        st.caption(escape_sentence(note))
