"""A model card's parts: texts with what is wrong with a file in its place, and training curves."""

from collections.abc import Callable

import streamlit as st

from fer_core.artifacts import summaries, training_log
from fer_core.errors import FerError
from fer_core.evaluation import study
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from fer_core.reports import model_card, recipe_table
from pages.charts import training_curves
from pages.components import downloads, study_table


def section(heading: str, tell: Callable[[ModelSpec], str], variant: ModelSpec) -> None:
    """A heading and its text; what is wrong with a file is said in its place."""
    st.subheader(heading, anchor=False)
    try:
        st.markdown(tell(variant))
    except FerError as error:
        st.warning(str(error))


def curves(variant: ModelSpec) -> None:
    """The run's curves, others over them where asked for; a combination's parts' curves."""
    st.header("Training curves", anchor=False)
    own = [get_model_spec(part) for part in variant.members] or [variant]
    if variant.members:
        st.markdown(
            "A combination has no epochs: its few numbers were fitted in one go on PublicTest, "
            "see below. These are the curves of its parts."
        )
    logs = training_curves.load_logs(own)
    for each in own:
        if each.name in logs:
            title = f"{each.title}. " if variant.members else ""
            st.markdown(title + training_curves.summary_text(each, logs[each.name]))
    networks = [v for v in MODELS.values() if not v.members and summaries.load_summary(v)]
    chosen = st.multiselect(
        "Compare with",
        [other.name for other in networks if other not in own],
        format_func=lambda name: get_model_spec(name).title,
        key="with",
        width=480,
        placeholder="Choose other networks",
        bind="query-params",
    )
    logs |= training_curves.load_logs([get_model_spec(name) for name in chosen])
    if logs:
        training_curves.draw_curves(logs)
        log_downloads(list(logs))


def log_downloads(names: list[str]) -> None:
    """The logs that are drawn, as they lie in the repository."""
    with st.container(horizontal=True):
        for name in names:
            which = f" of {get_model_spec(name).title}" if len(names) > 1 else ""
            log = training_log.path(get_model_spec(name)).read_bytes()
            downloads.button(
                f"Download the log{which} (CSV)", log, f"{name}.log.csv", f"log-{name}"
            )


def show(variant: ModelSpec) -> None:
    """The whole card, the question's short answer first."""
    st.header(variant.title, anchor=False)
    try:
        st.markdown(model_card.summary_text(variant))
    except FerError as error:
        st.warning(str(error))
    left, right = st.columns(2, gap="large")
    with left:
        section("What it is", model_card.overview, variant)
        section("Data and splits", model_card.data_and_splits, variant)
    with right:
        section("Numbers", model_card.scores_section, variant)
        section("Weak spots", model_card.lowest_recall, variant)
    curves(variant)
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left:
        section(recipe_table.heading(variant), recipe_table.section, variant)
    with right:
        section("Weights file", model_card.weights_details, variant)
        section("When, where and with what", model_card.provenance, variant)
        section(model_card.LIMITS_HEADING, lambda _: model_card.limits(), variant)
    if variant.yes_no:
        st.header("The seven yes/no questions", anchor=False)
        st.html(study_table.yes_no_table())
        st.caption(
            f"Study: its validation folder, {study.IMAGE_TOTAL:,} faces. Ours: {study_table.split_label()}, at "
            "thresholds chosen on PublicTest. Balanced accuracy is the mean of how many yes and "
            "how many no faces were got right; no skill has 50 %."
        )
