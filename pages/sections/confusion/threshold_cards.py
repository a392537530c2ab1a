"""The seven yes/no models, each with its 2×2 matrix and its threshold under a slider."""

import streamlit as st

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import Predictions
from fer_core.emotions import COLOURS, EMOTIONS
from fer_core.evaluation.thresholds import BinaryCounts, counts_at_threshold
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent
from pages.components.selectors import THRESHOLD_RULE
from pages.style import STYLES
from pages.text import markup
from pages.text.markup import Cell, concat, tag

STYLE = STYLES / "confusion.css"
CARD_WIDTH = 300  # pixels wide: one on a phone, four on a wide screen


def slider_key(emotion: str) -> str:
    """Of that emotion's slider, and so its name in the address."""
    return f"at_{emotion}"


def show(variant: ModelSpec, predictions: Predictions) -> None:
    """A card an emotion; each recounts by itself when its slider moves."""
    assert predictions.scores is not None
    defaults = {name: float(summaries.thresholds(variant)[name]) for name in EMOTIONS}
    st.markdown(
        "Each model answers one question on its own: is it this emotion, yes or no? It says yes "
        "when its score reaches the **threshold**. A lower one finds more faces (**recall**) and "
        "raises more false alarms, so fewer of its yeses are right (**precision**). **Balanced "
        "accuracy** is the mean of how many yes and how many no faces are right; without skill it "
        "is 50 %. Plain accuracy stands beside what always saying “no” gets."
    )
    st.caption(
        f"The thresholds shown at first were chosen on PublicTest, each {THRESHOLD_RULE}. Percentages "
        "in the tables are of the row."
    )
    row = st.container(horizontal=True)
    row.button(
        "Back to the chosen thresholds",
        icon=":material/restart_alt:",
        on_click=_set,
        args=(defaults,),
        key="reset",
    )
    row.button(
        "All to 1, like the study's models: always “no”",
        on_click=_set,
        args=(dict.fromkeys(EMOTIONS, 1.0),),
        key="always-no",
    )
    st.html(STYLE)
    cards = st.container(horizontal=True)
    for i, name in enumerate(EMOTIONS):
        with cards.container(border=True, width=CARD_WIDTH, key=f"yes-no-{name}"):
            _card(name, i, defaults[name], predictions)


@st.fragment
def _card(name: str, column: int, default: float, predictions: Predictions) -> None:
    assert predictions.scores is not None
    style = f"--emotion:{COLOURS[name]}"
    st.html(tag("h3", f"Is it {name}?", class_="yes-no", style=style))
    threshold = st.slider(
        f"Threshold of {name}",
        0.0,
        1.0,
        default,
        0.005,
        format="%.3f",
        key=slider_key(name),
        bind="query-params",
    )
    truth, scores = predictions.labels == column, predictions.scores[:, column]
    counts = counts_at_threshold(truth, scores, threshold)
    st.html(table(name, counts))
    st.markdown(interpretation(name, counts))


def table(name: str, counts: BinaryCounts) -> str:
    """HTML: the 2×2 matrix and the rates that follow from it."""
    yes, no = counts.positives, counts.total - counts.positives
    rows = (
        _row(f"{name} faces", (counts.true_positives, counts.false_negatives), yes),
        _row("others", (counts.false_positives, counts.true_negatives), no),
    )
    always_no = no / counts.total if counts.total else 0.0
    rates = {
        "Recall": percent(counts.recall, 1),
        "Precision": percent(counts.precision, 1) if counts.predicted_positives else "no yes at all",
        "Accuracy": percent(counts.accuracy, 1),
        "Always “no” gets": percent(always_no, 1),
        "Balanced accuracy": percent(counts.balanced_accuracy, 1),
    }
    return markup.table(("", "says yes", "says no"), rows, "two") + markup.table(
        (), rates.items(), "rates"
    )


def interpretation(name: str, counts: BinaryCounts) -> str:
    """What the numbers of this threshold teach, in a sentence."""
    if not counts.predicted_positives:
        return (
            f"**Every face gets a “no”.** The accuracy of {percent(counts.accuracy, 1)} looks "
            f"fine, and not one {name} face is found."
        )
    if counts.predicted_positives == counts.total:
        return f"**Every face gets a “yes”.** All {name} faces are found, and that tells nothing."
    if counts.accuracy == counts.baseline:
        return "Exactly as often right as always saying “no”."
    gain = 100 * (counts.accuracy - counts.baseline)
    if gain < 0:
        return (
            f"Accuracy {-gain:.1f} points below always saying “no”, and yet it finds "
            f"{counts.true_positives:,} {name} faces."
        )
    return f"Accuracy {gain:.1f} points above always saying “no”."


def _row(what: str, numbers: tuple[int, int], whole: int) -> list[object]:
    row: list[object] = [what]
    for n in numbers:
        share = n / whole if whole else 0.0
        told = concat((tag("b", f"{n:,}"), tag("small", percent(share))))
        row.append(Cell(told, {"style": f"--share:{share:.3f}"}))
    return row


def _set(thresholds: dict[str, float]) -> None:
    for name, value in thresholds.items():
        st.session_state[slider_key(name)] = value
