"""The seven yes/no models, each with its 2×2 matrix and a slider for its threshold."""

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation import yes_no
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.thresholds import BinaryCounts, counts_at_threshold
from fer_core.evaluation.uncertainty import Comparison
from fer_core.registry import ModelSpec
from fer_core.reports import standing
from fer_core.reports.format import format_ends, percent
from pages.components import address
from pages.components.selectors import THRESHOLD_RULE
from pages.style import STYLES
from pages.text import markup
from pages.text.markup import Cell, concat, tag

STYLE = STYLES / "confusion.css"
STEP = 0.005  # of a threshold
CARD_WIDTH = 300  # pixels: one card per row on a phone, four on a wide screen


def slider_key(emotion: str) -> str:
    """Key of that emotion's slider, which is also its query parameter."""
    return f"at_{emotion}"


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """One card per emotion; each recounts by itself when its slider moves."""
    predictions = evaluation_set.predictions(model.name)
    defaults = {name: float(summaries.thresholds(model)[name]) for name in EMOTIONS}
    st.markdown(
        "Each model answers one question on its own: is it this emotion, yes or no? It says yes "
        "when its score reaches the **threshold**. A lower threshold finds more faces (**recall**) "
        "but raises more false alarms, so fewer of its positive answers are correct "
        "(**precision**). **Balanced accuracy** is the average of the shares of “yes” and of “no” "
        "faces recognised correctly; the no-skill baseline is 50 %. The baseline of plain accuracy "
        "is always saying “no”."
    )
    st.caption(
        f"The default thresholds were chosen on PublicTest, each {THRESHOLD_RULE}. "
        "Percentages in the tables are of the row; beside each rate is its 95 % interval (Wilson; "
        "bootstrap for balanced accuracy). p: McNemar's exact test against always “no”, at the "
        "default threshold, not on PublicTest, which chose it."
    )
    buttons = st.container(horizontal=True)
    buttons.button(
        "Reset thresholds",
        icon=":material/restart_alt:",
        on_click=_set_thresholds,
        args=(defaults,),
        key="reset",
    )
    buttons.button(
        "Set all to 1, like the study's models: always “no”",
        on_click=_set_thresholds,
        args=(dict.fromkeys(EMOTIONS, 1.0),),
        key="always-no",
    )
    st.html(STYLE)
    cards = st.container(horizontal=True)
    for i, name in enumerate(EMOTIONS):
        with cards.container(border=True, width=CARD_WIDTH, key=f"yes-no-{name}"):
            _card(name, i, defaults[name], predictions, evaluation_set)


@st.fragment
def _card(
    emotion: str,
    column: int,
    default: float,
    predictions: Predictions,
    evaluation_set: EvaluationSet,
) -> None:
    assert predictions.scores is not None
    style = f"--emotion:{COLOURS[emotion]}"
    st.html(tag("h3", f"Is it {emotion}?", class_="yes-no", style=style))
    threshold = address.keep(
        lambda key: st.slider(
            f"Threshold of {emotion}", 0.0, 1.0, step=STEP, format="%.3f", key=key
        ),
        address.number_between(0, 1),
        key=slider_key(emotion),
        default=default,
        to_text="{:g}".format,
    )
    truth, scores = predictions.labels == column, predictions.scores[:, column]
    counts = counts_at_threshold(truth, scores, threshold)
    st.html(table(emotion, counts))
    comparison = yes_no.versus_always_no(counts, evaluation_set)
    if abs(threshold - default) > STEP:
        comparison = comparison.without_test()  # a threshold chosen on these very faces
    st.markdown(interpretation(emotion, counts, comparison))


def table(emotion: str, counts: BinaryCounts) -> str:
    """HTML: the 2×2 matrix and the rates computed from it."""
    yes, no = counts.positives, counts.total - counts.positives
    rows = (
        _row(f"{emotion} faces", (counts.true_positives, counts.false_negatives), yes),
        _row("other faces", (counts.false_positives, counts.true_negatives), no),
    )
    rates = {
        "Recall": _rate(counts, "recall") if yes else "–",
        "Precision": _rate(counts, "precision") if counts.predicted_positives else "never says yes",
        "Accuracy": _rate(counts, "accuracy"),
        "Accuracy of always “no”": percent(yes_no.always_no_accuracy(counts), 1),
        "Balanced accuracy": _rate(counts, "balanced_accuracy") if yes and no else "–",
    }
    return markup.table(("", "says yes", "says no"), rows, "two") + markup.table(
        (), rates.items(), "rates"
    )


def _rate(counts: BinaryCounts, name: str) -> str:
    """HTML: the rate and, in small print, both ends of its 95 % interval."""
    interval, ends = counts.interval(name), Markup("")
    if interval is not None and interval.low < interval.high:  # else every redraw gives the same
        ends = tag("small", f" {format_ends(interval)}")
    return concat((percent(getattr(counts, name), 1), ends))


def interpretation(emotion: str, counts: BinaryCounts, comparison: Comparison) -> str:
    """One sentence on accuracy at this threshold, compared with always saying no.

    `comparison` with always saying no has a test only at the default threshold, and not on
    PublicTest, which chose it.
    """
    if not counts.positives:
        return f"No face is labelled {emotion}, so only false alarms can be seen here."
    if counts.positives == counts.total:
        return f"Every face is labelled {emotion}, so there can be no false alarm here."
    if not counts.predicted_positives:
        return (
            f"**Every face gets a “no”.** The accuracy of {percent(counts.accuracy, 1)} looks "
            f"fine, yet not one {emotion} face is found."
        )
    if counts.predicted_positives == counts.total:
        return (
            f"**Every face gets a “yes”.** All {emotion} faces are found, but such an answer "
            "carries no information."
        )
    always_no = yes_no.always_no_accuracy(counts)
    if counts.accuracy == always_no:
        return "Exactly as accurate as always saying “no”."
    gain = 100 * (counts.accuracy - always_no)
    if gain < 0:
        return (
            f"Accuracy is {-gain:.1f} points below that of always saying “no”, yet the model finds "
            f"{counts.true_positives:,} {emotion} faces."
        )
    chance = standing.chance_note(comparison)
    return f"Accuracy is {gain:.1f} points above that of always saying “no”{chance}."


def _row(head: str, counts: tuple[int, int], total: int) -> list[object]:
    row: list[object] = [head]
    for n in counts:
        share = n / total if total else 0.0
        content = concat((tag("b", f"{n:,}"), tag("small", percent(share))))
        row.append(Cell(content, {"style": f"--share:{share:.3f}"}))
    return row


def _set_thresholds(thresholds: dict[str, float]) -> None:
    for emotion, value in thresholds.items():
        st.session_state[slider_key(emotion)] = value
