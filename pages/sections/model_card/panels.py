"""The sections of a model card as text, and training curves."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from fer_core.artifacts import summaries, weights_file
from fer_core.errors import FerError
from fer_core.evaluation import study
from fer_core.registry import MODELS, ModelSpec, get_model_spec, networks_of
from fer_core.reports import (
    fairness_text,
    model_card,
    recall_text,
    recipe_table,
    score_table,
    standing,
    usage_text,
)
from pages.charts import training_curves
from pages.components import address, downloads, figure, study_table


def section(heading: str, text_of: Callable[[ModelSpec], str], model: ModelSpec) -> None:
    """A heading and its text, or a warning where a file is missing or damaged."""
    st.subheader(heading, anchor=False)
    try:
        st.markdown(text_of(model))
    except FerError as error:
        st.warning(str(error))


def curves(model: ModelSpec) -> None:
    """The training curves of the model, or of an ensemble's members, and of other networks."""
    st.header("Training curves", anchor=False)
    own = networks_of(model)
    if model.members:
        st.markdown(
            "An ensemble has no epochs: its few parameters were fitted in one step on PublicTest, "
            "see below. These are the curves of its members."
        )
    logs = training_curves.load_logs(own)
    for network in own:
        if network.name in logs:
            title = f"{network.title}. " if model.members else ""
            st.markdown(title + training_curves.summary_text(network, logs[network.name]))
    networks = [
        spec for spec in MODELS.values() if not spec.members and summaries.load_summary(spec)
    ]
    others = address.choose_several(
        st.multiselect,
        "Compare with",
        [network.name for network in networks if network not in own],
        key="with",
        default=(),
        format_func=lambda name: get_model_spec(name).title,
        width=480,
        placeholder="Choose other networks",
    )
    logs |= training_curves.load_logs([get_model_spec(name) for name in others])
    if logs:
        training_curves.draw_curves(logs, figure.show)
        log_downloads(list(logs))


def log_downloads(names: list[str]) -> None:
    """Download buttons for the training logs on show."""
    with st.container(horizontal=True):
        for name in names:
            of_model = f" of {get_model_spec(name).title}" if len(names) > 1 else ""
            downloads.csv_button(
                f"Download the log{of_model} (CSV)",
                partial(training_curves.csv_rows, [name]),
                f"training-log-{name}",
                f"log-{name}",
            )


def usage(model: ModelSpec) -> None:
    """What goes in and out, programs with and without this library, and the files to download."""
    st.header(usage_text.HEADING, anchor=False)
    st.markdown(usage_text.interface(model))
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("With this library", anchor=False)
        st.code(usage_text.python_code(model), None, wrap_lines=True)
        st.markdown("To use the model without it, write it to a file:")
        st.code(usage_text.export_command(model), None, wrap_lines=True)
        st.markdown(usage_text.onnx_note(model))
        with st.container(horizontal=True):
            for path in filter(Path.is_file, () if model.members else weights_file.files(model)):
                label = f"{path.name} ({model_card.file_size(path.stat().st_size)})"
                st.link_button(label, f"models/{path.name}", icon=":material/download:")
    with right:
        st.subheader("With ONNX Runtime alone", anchor=False)
        language = address.choose_title("Language", usage_text.LANGUAGES, key="language")
        st.code(usage_text.onnx_code(language), None, wrap_lines=True)


def show(model: ModelSpec) -> None:
    """The whole card, starting with a short answer."""
    st.header(model.title, anchor=False)
    try:
        st.markdown(model_card.summary_text(model))
    except FerError as error:
        st.warning(str(error))
    left, right = st.columns(2, gap="large")
    with left:
        section("Overview", model_card.overview, model)
        section("Data and splits", model_card.data_and_splits, model)
    with right:
        section("Scores", score_table.section, model)
        section("Beside the other models", standing.model_sentence, model)
        section("Lowest recall", recall_text.lowest_recall, model)
    section(fairness_text.HEADING, fairness_text.section, model)
    usage(model)
    curves(model)
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left:
        section(recipe_table.heading(model), recipe_table.section, model)
    with right:
        section("Weights file", model_card.weights_details, model)
        section("Provenance", model_card.provenance, model)
        section(model_card.LIMITS_HEADING, lambda _: model_card.limits(), model)
    if model.yes_no:
        st.header("The seven yes/no questions", anchor=False)
        st.html(study_table.yes_no_table())
        st.caption(
            f"Study: its validation folder, {study.IMAGE_TOTAL:,} faces. Ours: "
            f"{study_table.split_label()}, at "
            "thresholds chosen on PublicTest. Balanced accuracy is the average of the shares of "
            "“yes” and of “no” faces recognised correctly (50 % without skill). "
            f"{study_table.TEST_NOTE}"
        )
