"""Where is a model worst? Its accuracy in slices of the faces, and what copies and labels do."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fer_core.artifacts.predictions import memoized
from fer_core.datasets import fer2013_appearance
from fer_core.datasets.fer2013_appearance import MEASURES
from fer_core.evaluation import slice_features
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.slice_features import YARDSTICKS, Gap, Yardstick
from fer_core.evaluation.slices import MIN_FACES, SliceRow
from fer_core.registry import ModelSpec
from fer_core.reports.export import with_interval
from fer_core.reports.format import (
    format_interval,
    format_points_interval,
    p_value,
    percent,
    points,
)
from fer_core.text import counted, escape_formula
from pages.components import address, column_notes, downloads, print_out
from pages.session.own_sets import own_results
from pages.text.escape import escape

MAX_CROSSED = 40  # slices by one feature; of more, looking at every two would take too long
DEPTHS = {"one": "One feature", "two": "Also two together"}
HELP = {
    "Elsewhere": "Accuracy on all other faces of the set.",
    "Difference": "Accuracy in the slice minus that elsewhere, in percentage points.",
    "p (Holm)": "Fisher's exact test of the difference, corrected for all slices looked at.",
}
#: Feature → what it is, for the caption; of other features the name says it.
MEANINGS = {
    "near copy": "near copy: whether Training has the same photograph",
    "brightness": "brightness: mean grey level",
    "contrast": "contrast: standard deviation of the grey levels",
    "sharpness": "sharpness: variance of the Laplacian",
    "disagreement": "disagreement: entropy of the ten annotators' votes (FER+)",
    "face size": "face size: longer side of the face in the photo, before scaling",
}


def show(model: ModelSpec, evaluation_set: EvaluationSet) -> None:
    """The slices from the worst on, with the same difference by other labels and faces.

    Raises:
        ResultsError: A committed file is missing or damaged.
    """
    measures = own_measures(evaluation_set)
    few = len(slice_features.set_slices(evaluation_set, measures)) <= MAX_CROSSED
    crossed = few and address.choose_title("Slices", DEPTHS, "slices") == "two"
    rows = slice_features.slice_rows(evaluation_set, model.name, measures, crossed=crossed)
    if not rows:
        st.caption(f"No slice has {MIN_FACES} faces and leaves {MIN_FACES} to compare with.")
        return
    st.markdown(summary_text(rows, model, evaluation_set))
    others = _other_rows(model, evaluation_set, crossed=crossed)
    _table(rows, others, model, evaluation_set)
    if evaluation_set.is_fer2013:
        st.markdown(brightness_text(model, evaluation_set))


@memoized
def own_measures(evaluation_set: EvaluationSet) -> dict[str, np.ndarray]:
    """Feature → (N,) its number for each face of a visitor's own set, where it is known."""
    own, name = own_results(), evaluation_set.name
    measures: dict[str, np.ndarray] = {}
    if (chips := own.chips.get(name)) is not None:
        measures |= zip(MEASURES, fer2013_appearance.measure(chips).T, strict=True)
    if (sides := own.sides.get(name)) is not None:
        measures["face size"] = sides.astype(float)
    return measures


def _other_rows(
    model: ModelSpec, evaluation_set: EvaluationSet, *, crossed: bool
) -> dict[Yardstick, dict[tuple[str, str], SliceRow]]:
    """The same slices measured in the other ways; none for a visitor's own faces."""
    if not evaluation_set.is_fer2013:
        return {}
    this = Yardstick(evaluation_set.faces, evaluation_set.by_crowd)
    return {
        yardstick: {
            (row.feature, row.name): row
            for row in slice_features.slice_rows(
                _measured(yardstick, evaluation_set), model.name, crossed=crossed, tested=False
            )
        }
        for yardstick in YARDSTICKS
        if yardstick != this
    }


def _measured(yardstick: Yardstick, evaluation_set: EvaluationSet) -> EvaluationSet:
    return own_results().with_own_models(yardstick.of(evaluation_set.split))


def summary_text(rows: list[SliceRow], model: ModelSpec, evaluation_set: EvaluationSet) -> str:
    """How many slices were looked at, on how many the model is worse, and on which most surely."""
    looked = f"Of {counted(len(rows), 'slice')} of {escape(evaluation_set.title)}"
    first = rows[0]
    found = (
        f"**{escape(first.name)}** ({escape(first.feature)}), "
        f"{percent(first.accuracy, 1)} against {percent(first.other_accuracy, 1)} elsewhere "
        f"({points(first.difference)} points, {format_points_interval(first.interval)}"
    )
    if first.p_value is None:
        return (
            f"{looked}, the one most surely below the other faces, by the upper end of the "
            f"interval, is {found}). No test is made: these faces chose the model, which favours "
            "some of them."
        )
    worse = sum(row.is_worse for row in rows)
    if not worse:
        return (
            f"{looked}, on none is {escape(model.title)} worse than elsewhere by more than chance, "
            "corrected for their number."
        )
    return (
        f"{looked}, {escape(model.title)} is significantly worse on {worse:,}, corrected for "
        f"their number. Most surely so on {found}, {p_value(first.p_value)})."
    )


def _table(
    rows: list[SliceRow],
    others: dict[Yardstick, dict[tuple[str, str], SliceRow]],
    model: ModelSpec,
    evaluation_set: EvaluationSet,
) -> None:
    frame = pd.DataFrame(_line(row, others) for row in rows)
    percents = st.column_config.NumberColumn(format="%.1f %%")
    columns: dict[str, Any] = {
        "Slice": st.column_config.TextColumn(pinned=True),
        "Accuracy": percents,
        "Elsewhere": st.column_config.NumberColumn(format="%.1f %%", help=HELP["Elsewhere"]),
        "Difference": st.column_config.NumberColumn(format="%+.1f", help=HELP["Difference"]),
        "p (Holm)": st.column_config.TextColumn(help=HELP["p (Holm)"]),
    }
    columns |= {
        _heading(yardstick): st.column_config.TextColumn(
            help=f"The same difference {yardstick.title}, with its 95 % interval."
        )
        for yardstick in others
    }
    st.dataframe(
        frame,
        hide_index=True,
        placeholder="–",
        column_config=columns,
        alt=f"Accuracy of {model.title} in {len(rows):,} slices, most surely worse first",
    )
    column_notes.show(frame, columns)
    print_out.show_table(frame.astype(object).where(frame.notna(), "–"), columns)
    meanings = [text for name, text in MEANINGS.items() if any(row.feature == name for row in rows)]
    st.caption(
        "From the most surely worse to the most surely better slice. Each has at least "
        f"{MIN_FACES} faces and is compared with all others of the set; intervals of differences "
        "are Newcombe's. Quarters and thirds are of the whole split or set; where many faces have "
        "the same number, as with disagreement, they differ in size. A label's accuracy is its "
        "recall; by FER+ majority, that of the majority's emotion"
        + (f"; {'; '.join(meanings)}." if meanings else ".")
    )
    downloads.csv_button(
        "Download the slices (CSV)",
        lambda: csv_rows(rows, others, model, evaluation_set),
        f"slices-{model.name}-{evaluation_set.file_title}",
        "slices-csv",
    )


def _line(
    row: SliceRow, others: dict[Yardstick, dict[tuple[str, str], SliceRow]]
) -> dict[str, Any]:
    line = {
        "Slice": escape_formula(f"{row.feature}: {row.name}"),
        "Faces": row.n,
        "Accuracy": 100 * row.accuracy,
        "Accuracy, 95 %": format_interval(row.accuracy_interval, unit=False),
        "Elsewhere": 100 * row.other_accuracy,
        "Difference": 100 * row.difference,
        "Difference, 95 %": format_points_interval(row.interval),
    }
    if row.p_value is not None:
        line["p (Holm)"] = p_value(row.p_value).removeprefix("p ").removeprefix("= ")
    for yardstick, by_slice in others.items():
        other = by_slice.get((row.feature, row.name))
        line[_heading(yardstick)] = (
            f"{points(other.difference)} ({format_points_interval(other.interval)})"
            if other
            else None
        )
    return line


def _heading(yardstick: Yardstick) -> str:
    return f"{yardstick.title[0].upper()}{yardstick.title[1:]}"


def csv_rows(
    rows: list[SliceRow],
    others: dict[Yardstick, dict[tuple[str, str], SliceRow]],
    model: ModelSpec,
    evaluation_set: EvaluationSet,
) -> list[dict[str, Any]]:
    """One row per slice; shares and differences are fractions."""
    lines = []
    for row in rows:
        line: dict[str, Any] = {
            "model": model.name,
            "test_set": evaluation_set.title,
            "feature": row.feature,
            "slice": row.name,
            "faces": row.n,
        }
        line |= with_interval("accuracy", row.accuracy, row.accuracy_interval)
        line["accuracy_elsewhere"] = row.other_accuracy
        line |= with_interval("difference", row.difference, row.interval)
        line["p_holm"] = row.p_value
        for yardstick, by_slice in others.items():
            other = by_slice.get((row.feature, row.name))
            name = f"difference_{'crowd' if yardstick.by_crowd else 'label'}_{yardstick.faces}"
            line |= with_interval(name, other and other.difference, other and other.interval)
        lines.append(line)
    return lines


def brightness_text(model: ModelSpec, evaluation_set: EvaluationSet) -> str:
    """What becomes of the gap by brightness without copies and by the annotators' majority.

    Without a conclusion where the faces chose the model.
    """
    sets = [_measured(yardstick, evaluation_set) for yardstick in YARDSTICKS]
    by_label, without, by_crowd, neither = (
        slice_features.gap(each, model.name, "brightness") for each in sets
    )
    text = (
        f"**Brightness.** By label, {escape(model.title)} is right on {percent(by_label.high, 1)} "
        f"of the brightest quarter of {evaluation_set.split} and on {percent(by_label.low, 1)} of "
        f"the darkest, {_gap(by_label)}. Without near copies the gap is {_gap(without)}. By the "
        f"annotators' majority it is {_gap(by_crowd)}, on the {len(sets[2]):,} of "
        f"{len(sets[0]):,} faces with a clear one, and {_gap(neither)} on those without copies."
    )
    if evaluation_set.chose_models or not (by_crowd.holds_zero and neither.holds_zero):
        return text
    return (
        f"{text} By the majority both intervals include 0, so these faces do not show that darker "
        "ones are harder. They do not show the opposite either."
    )


def _gap(gap: Gap) -> str:
    return f"{points(gap.difference)} points ({format_points_interval(gap.interval)})"
