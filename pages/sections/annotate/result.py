"""The result: how far an annotator agrees with models, labels and the other annotators."""

from collections.abc import Sequence
from math import isnan

import streamlit as st
from markupsafe import Markup

from fer_core.evaluation import annotators
from fer_core.evaluation.annotators import Match, Reliability
from fer_core.registry import MODELS
from fer_core.reports.format import (
    format_ends,
    format_number_interval,
    join_words,
    number_word,
    percent,
)
from pages.components import page_links
from pages.sections.annotate import answers, gallery, setup, transfer
from pages.sections.annotate.answers import Rated
from pages.session import annotations
from pages.session.annotations import AnnotatedFace, Choice
from pages.style import STYLES
from pages.text.escape import escape
from pages.text.markup import concat, table, value_with_interval

PICKS = {False: "as they occur", True: "equally many per emotion"}  # by `Choice.balanced`
MIN_HALF_WIDTH = 0.005  # of an interval; where one of two never changes the answer there is none
MIN_FACES = 20  # below this, intervals are so wide that hardly anything can be said


def show(faces: Sequence[AnnotatedFace], choice: Choice) -> None:
    """Draw the result of everybody who has labelled; the current annotator has finished."""
    rated = answers.rate(faces, choice)
    _steps(faces)
    names = answers.labellers(rated)
    if not names:
        st.info("No face is labelled yet.")
        return
    annotator = _choose([name for name in names if name in annotations.state().finished] or names)
    _show_agreement(rated, annotator, choice)
    if len(names) > 1:
        _show_reliability(rated, names)
    gallery.show(rated, annotator)
    transfer.show_downloads(rated, names)


def _choose(names: Sequence[str]) -> str:
    """Whose result is shown; draws the choice if several have finished."""
    current = annotations.current_annotator()
    shown = current if current in names else names[0]
    if len(names) > 1:
        st.session_state["result-of"] = shown
        st.pills(
            "Result of",
            names,
            format_func=escape,
            key="result-of",
            required=True,
            on_change=_select,
            wrap=True,
        )
    return shown


def _select() -> None:
    annotations.select_annotator(st.session_state["result-of"])


def _steps(faces: Sequence[AnnotatedFace]) -> None:
    """Let the next person label, go on, change an answer, or choose other faces."""
    annotator = annotations.current_annotator()
    left = sum(annotator not in face.labels for face in faces)
    label = f"Label the other {left:,}" if left > 1 else "Label the last face"
    with st.container(horizontal=True):
        with st.popover("Next annotator", icon=":material/person_add:"):
            setup.name_field("Name of the next annotator")
        st.button(label if left else "Change an answer", key="go-on", on_click=_go_on)
        st.button("Other faces or annotator", key="leave", on_click=_leave)
    st.caption("Let the next person label before they see this result.")


def _go_on() -> None:
    state, annotator = annotations.state(), annotations.current_annotator()
    faces = [] if state.choice is None else annotations.faces_of(state.choice)
    state.finished.discard(annotator)
    done = all(annotator in face.labels for face in faces)
    state.cursor = faces[-1].face_id if faces and done else None


def _leave() -> None:
    annotations.state().choice = None


def _show_agreement(rated: Sequence[Rated], annotator: str, choice: Choice) -> None:
    made = [each for each in rated if annotator in each.labels]
    told = [each for each in made if each.labels[annotator].emotion]
    with_models = [each for each in told if each.leaders]
    if with_models:
        same = sum(each.labels[annotator].emotion in each.leaders for each in with_models)
        st.header(
            f"{escape(annotator)} says what most models say for {same} of {len(with_models)} faces",
            anchor=False,
        )
    unclear = len(made) - len(told)
    drawn = ""
    if choice.split:
        drawn = f", drawn from {choice.split}, {PICKS[choice.balanced]}, with seed {choice.seed}"
    st.markdown(
        f"{_faces(len(made)).capitalize()} labelled{drawn}"
        + (f"; {number_word(unclear)} of them unclear, not counted below." if unclear else ".")
    )
    if 0 < len(told) < MIN_FACES:
        st.markdown(
            f"**Only {_faces(len(told))}**: one face more or less changes a share by "
            f"{percent(1 / len(told))}, and the intervals are wide. Label at least "
            f"{MIN_FACES}, better a hundred, before you compare models."
        )
    found = answers.matches(rated, annotator)
    if not found:
        st.info("There is no answer to compare with.")
        return
    rows = [
        [MODELS[name].title if name in MODELS else name, match.n, *_cells(match)]
        for name, match in found.items()
    ]
    st.html(STYLES / "annotate.css")
    st.html(table(("", "Faces", "Same answer", "Cohen's kappa"), rows, "plain kappas"))
    with st.popover("What do these numbers mean?", icon=":material/help:", type="tertiary"):
        _explain()
    st.caption(
        "In brackets: 95\u00a0% intervals (Wilson; large-sample). They cover the choice of faces "
        "if it was random: your own photos are not, FER2013's sample is."
    )


def _explain() -> None:
    st.markdown(
        "**Same answer** is the share of the faces with the same emotion. **Cohen's kappa** takes "
        "away the agreement that would come about by chance: 1 is always the same answer, 0 is no "
        "more than two who answer at random, each emotion as often as these do. **Fleiss' kappa** "
        "and **Krippendorff's alpha** are the same idea for several annotators. Agreeing does not "
        "mean being right, and few faces give wide intervals; where everybody always gave the same "
        "answer, there is nothing to correct and no kappa."
    )
    page_links.link("glossary", "Glossary")


def _cells(match: Match) -> tuple[Markup, Markup]:
    share = value_with_interval(percent(match.share), format_ends(match.interval, 0))
    kappa, ends = match.kappa, ""
    if kappa.half_width >= MIN_HALF_WIDTH:
        ends = format_number_interval(kappa.interval)
    return share, value_with_interval(_number(kappa.value), ends)


def _number(value: float) -> str:
    if isnan(value):
        return "–"
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")  # + 0.0: no minus before a zero


def _show_reliability(rated: Sequence[Rated], names: Sequence[str]) -> None:
    """Fleiss' kappa and Krippendorff's alpha of all annotators."""
    st.header("Do the annotators agree with each other?", anchor=False)
    st.markdown(f"Annotators: {join_words(list(map(escape, names)))}.")
    counts = annotators.count_answers([answers.of_annotator(rated, name) for name in names])
    alpha = annotators.krippendorff_alpha(counts)
    if alpha is None:
        st.markdown("No face has an emotion from two annotators yet.")
        return
    complete = counts[counts.sum(axis=1) == len(names)]
    kappa = annotators.fleiss_kappa(complete)
    rows = [["Krippendorff's alpha", alpha.n, _reliability_text(alpha)]]
    if kappa is not None:
        rows.append(["Fleiss' kappa", kappa.n, _reliability_text(kappa)])
    st.html(table(("", "Faces", "Value (95\u00a0% interval)"), rows, "plain kappas"))
    st.caption(
        "1 is perfect agreement, 0 what chance would give. Alpha takes every face with two "
        "emotions or more, kappa only faces with an emotion from everybody. The intervals are "
        "bootstraps over faces."
    )
    if alpha.n < MIN_FACES:
        st.caption(f"With only {_faces(alpha.n)}, these values say little.")


def _reliability_text(result: Reliability) -> Markup:
    if isnan(result.value):
        return concat(["– (everybody always gave the same answer)"])
    if isnan(result.interval.low):
        return concat([_number(result.value)])
    return value_with_interval(_number(result.value), format_number_interval(result.interval))


def _faces(count: int) -> str:
    return "one face" if count == 1 else f"{count:,} faces"
