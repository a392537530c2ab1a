"""If emotions were more or less common: accuracy at other class priors, and prior correction."""

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError
from fer_core.evaluation import priors
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.priors import EQUAL_SHARES, Estimate, PriorRow, Shares
from fer_core.registry import ModelSpec
from fer_core.reports import prior_text
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_ends, join_words, percent, percent_with_interval
from pages.components import address, downloads
from pages.text.escape import escape
from pages.text.markup import concat, table, value_with_interval

CHOICES = {"set": "As in this set", "equal": "All equally often", "own": "My own"}
LESSON = (
    "A model that is good at happy faces looks better where people smile: accuracy depends on how "
    "common each emotion is, recall does not."
)


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The choice of shares, the model's accuracy at them, and a table of all models."""
    st.header("If emotions were more or less common", anchor=False)
    st.markdown(LESSON)
    predictions = evaluation_set.predictions(model.name)
    choice = address.choose_title("How common the emotions are", CHOICES, "shares")
    try:
        shares = _shares(choice, predictions)
        corrected = _toggle()
        rows = sorted_rows(evaluation_set, shares, corrected=corrected)
        baseline = priors.baseline_at(predictions.labels, shares)
    except FerError as error:
        st.info(str(error))
        return
    [row] = [each for each in rows if each.model.name == model.name]
    st.markdown(_sentence(row, baseline, corrected=corrected))
    st.html(models_table(rows, corrected=corrected))
    st.caption(_caption(row, evaluation_set, shares, corrected=corrected))
    downloads.csv_button(
        "Download the accuracy at these shares (CSV)",
        lambda: csv_rows(evaluation_set, shares),
        f"shares-{evaluation_set.file_title}",
        "shares-csv",
    )


def _shares(choice: str, predictions: Predictions) -> Shares:
    """The chosen shares; raises `UsageError` if the visitor's own are all 0."""
    if choice == "equal":
        return EQUAL_SHARES
    if choice == "set":
        return priors.set_shares(predictions.labels)
    defaults = priors.training_shares()
    with st.container(horizontal=True):
        numbers = [
            _number(name, round(100 * share))
            for name, share in zip(EMOTIONS, defaults, strict=True)
        ]
    shares = priors.scale_shares(numbers)
    st.caption(
        f"In per cent, scaled to add up to 100 (now {sum(numbers):g}). At first they are those of "
        "FER2013's Training."
    )
    return shares


def _number(emotion: str, default: int) -> float:
    return address.keep(
        lambda key: st.number_input(
            emotion.capitalize(),
            0.0,
            100.0,
            step=1.0,
            format="%g",
            key=key,
            width=120,
            persist_state="session",
        ),
        address.number_between(0, 100),
        key=f"share_{emotion}",
        default=float(default),
        to_text="{:g}".format,
    )


def _toggle() -> bool:
    return address.toggle(
        "Correct the answers for it",
        "corrected",
        help="Multiplies each probability by the emotion's share chosen here over its share in "
        "FER2013's Training, and scales them to sum to 1 (prior correction).",
    )


def sorted_rows(
    evaluation_set: EvaluationSet, shares: Shares, *, corrected: bool
) -> list[PriorRow]:
    """All models of the set, the most accurate at these shares first; raises `ResultsError`."""
    rows = priors.prior_rows(evaluation_set, shares)
    return sorted(rows, key=lambda row: -(row.corrected if corrected else row.at_shares).accuracy)


def _sentence(row: PriorRow, baseline: tuple[str, float], *, corrected: bool) -> str:
    emotion, share = baseline
    text = (
        f"At these shares {escape(row.model.title)} is right for **{_text(row.at_shares)}** of the "
        "faces"
    )
    if corrected:
        text += f", and for **{_text(row.corrected)}** with its answers corrected for them"
    return (
        f"{text}. On the set as it is: {_text(row.in_set)}. No-skill baseline at these shares: "
        f"always {emotion} is right for {percent(share, 1)}."
    )


def _text(estimate: Estimate) -> str:
    return percent_with_interval(estimate.accuracy, estimate.interval)


def models_table(rows: list[PriorRow], *, corrected: bool) -> Markup:
    """HTML: each model's accuracy on the set and at the shares, in the order of the rows."""
    head = ["", "This set", "These shares", *(["Corrected"] if corrected else [])]
    lines = []
    for row in rows:
        cells = [row.model.short_title, _cell(row.in_set), _cell(row.at_shares)]
        if corrected:
            mark = "≈ " if prior_text.is_approximate(row.model) else ""
            cells.append(concat((mark, _cell(row.corrected))))
        lines.append(cells)
    return table(head, lines, "plain sure", "Accuracy of each model at these shares")


def _cell(estimate: Estimate) -> Markup:
    ends = "" if estimate.interval is None else format_ends(estimate.interval)
    return value_with_interval(percent(estimate.accuracy, 1), ends)


def _caption(
    row: PriorRow, evaluation_set: EvaluationSet, shares: Shares, *, corrected: bool
) -> str:
    """What the numbers are, what cannot be measured, and how far the correction can be trusted."""
    sentences = [
        "Accuracy at these shares is the mean recall, weighted by them; at equal shares it is the "
        "balanced accuracy. It assumes that faces of an emotion look as they do in this set. In "
        "brackets: 95 % intervals, Wilson's for shares of faces, the bootstrap's for weighted "
        "means. No difference between models is tested here."
    ]
    missing = [
        name
        for name, share in zip(EMOTIONS, shares, strict=True)
        if share and name in evaluation_set.missing_emotions
    ]
    if missing:
        sentences.append(
            f"No face is labelled {join_words(missing, 'or')}, so the recall there is unknown: the "
            "accuracy is that of the other emotions, their shares scaled to 100."
        )
    if corrected:
        sentences.append(
            "The correction has no parameter to fit, so nothing is chosen on these faces; it "
            "assumes the shares of FER2013's Training. ≈ marks models for which that is only "
            "approximately right."
        )
        sentences.append(prior_text.approximation_note(row.model, escape(row.model.title)))
    return " ".join(sentences)


def csv_rows(evaluation_set: EvaluationSet, shares: Shares) -> list[dict[str, object]]:
    """One row per model, in display order; shares and accuracies are fractions."""
    _, baseline = priors.baseline_at(evaluation_set.labels, shares)
    by_emotion: dict[str, object] = {
        f"share_{name}": share for name, share in zip(EMOTIONS, shares, strict=True)
    }
    return [
        by_emotion
        | {"model": row.model.name, "title": row.model.title, "test_set": evaluation_set.title}
        | with_interval("accuracy_in_set", *row.in_set)
        | with_interval("accuracy_at_shares", *row.at_shares)
        | with_interval("accuracy_corrected", *row.corrected)
        | {"correction_approximate": prior_text.is_approximate(row.model), "no_skill": baseline}
        for row in priors.prior_rows(evaluation_set, shares)
    ]
