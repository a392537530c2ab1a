"""Two models on the same faces: the paired test as text, as a table and as a chart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.uncertainty import LEVEL, Comparison, bonferroni_level
from fer_core.reports import seeds_text, standing
from fer_core.reports.format import MIN_P, format_points_interval, p_value, percent, points
from pages.charts import theme
from pages.components import address
from pages.sections.leaderboard.charts import LEADING_COLOUR
from pages.text.markup import table, tag


def select_models(ranked: Sequence[Row], rival: str | None) -> tuple[Row, Row]:
    """Select two rows, at first the best and `rival`, or the second; their query parameters are
    `a` and `b`."""
    by_name = {row.name: row for row in ranked}
    defaults = (0, list(by_name).index(rival) if rival in by_name else min(1, len(by_name) - 1))
    selected: list[Row] = []
    for column, (key, label) in zip(
        st.columns(2), (("a", "First model"), ("b", "Second model")), strict=True
    ):
        name = address.choose(
            column.selectbox,
            label,
            by_name,
            key=key,
            default=list(by_name)[defaults[len(selected)]],
            format_func=lambda name: by_name[name].title,
        )
        selected.append(by_name[name])
    return selected[0], selected[1]


def headline(first: Row, second: Row, comparison: Comparison) -> str:
    """The result of the test in one sentence."""
    if comparison.p_value is None:
        return "A difference, without a test"
    if comparison.could_be_chance:
        return "The difference could be chance."
    better = first if comparison.difference > 0 else second
    return f"{better.title} is better: the difference is statistically significant."


def summary_text(
    first: Row, second: Row, comparison: Comparison, evaluation_set: EvaluationSet
) -> str:
    """The faces only one model gets right, the difference in accuracy and the test, as Markdown.

    Without the test where it is not valid.
    """
    a, b = first.title, second.title
    text = (
        f"On {comparison.n:,} faces of {evaluation_set.title}, only **{a}** is correct on "
        f"{comparison.only_first:,} and only **{b}** on {comparison.only_second:,}.\n\n"
        f"The accuracies differ by **{points(comparison.difference)} points**, 95 % interval "
        f"{format_points_interval(comparison.interval)} (paired bootstrap).\n\n"
    )
    if comparison.p_value is None:
        return text + standing.no_test(evaluation_set)
    by_chance = (
        "less than once in 1,000 times"
        if comparison.p_value < MIN_P
        else f"{percent(comparison.p_value, 1)} of the time"
    )
    return text + (
        "If both models were equally good, counts at least this uneven would happen by chance "
        f"{by_chance} (exact McNemar test, {p_value(comparison.p_value)})."
    )


def multiple_testing_note(models: int, comparison: Comparison) -> str:
    """What testing every pair of `models` models would do to the 5 % level."""
    pairs = models * (models - 1) // 2
    false_positives = pairs * (1 - LEVEL)
    threshold = bonferroni_level(pairs)
    reached = "reaches it" if comparison.is_significant_among(pairs) else "does not reach it"
    return (
        f"Comparing all {pairs} pairs? Even if all models were equally good, about "
        f"{false_positives:.2g} of these tests would give p below 0.05 by chance. Then require p "
        f"below {threshold:.2g} (0.05 / {pairs}, Bonferroni); this pair {reached}."
    )


def training_note(first: Row, second: Row, evaluation_set: EvaluationSet) -> str:
    """That two trainings are compared, and how much others of these recipes would differ."""
    models = [evaluation_set.models[row.name] for row in (first, second)]
    return (
        "This compares these two trainings, not their recipes: training either again would give "
        f"other numbers. {seeds_text.comparison_sentences(models)}"
    )


def contingency_table(first: Row, second: Row, comparison: Comparison) -> str:
    """HTML: number of faces that both models, only one or neither got right."""
    a, b = first.title, second.title
    rows = (
        (f"{a}: right", f"{comparison.both_correct:,}", tag("b", f"{comparison.only_first:,}")),
        (f"{a}: wrong", tag("b", f"{comparison.only_second:,}"), f"{comparison.both_wrong:,}"),
    )
    return table(("", f"{b}: right", f"{b}: wrong"), rows)


def chart(first: Row, second: Row, comparison: Comparison) -> go.Figure:
    """The difference in accuracy with its interval, and a line at zero: equally good."""
    low, high = (100 * end for end in comparison.interval)
    difference = 100 * comparison.difference
    limit = 1.25 * max(abs(low), abs(high), 1)
    font = {"size": 13, "color": theme.ink()}
    figure = go.Figure(
        go.Scatter(
            x=[difference],
            y=[0],
            mode="markers",
            marker={"size": 13, "color": LEADING_COLOUR},
            error_x={
                "array": [high - difference],
                "arrayminus": [difference - low],
                "thickness": 2.5,
                "width": 6,
                "color": LEADING_COLOUR,
            },
        )
    )
    figure.add_vline(x=0, line={"color": theme.ink(), "width": 1.5, "dash": "dash"})
    for x, anchor, row, arrow in ((0, "left", second, "← {}"), (1, "right", first, "{} →")):
        figure.add_annotation(
            x=x, xref="paper", xanchor=anchor, y=1 if x else 1.42, yref="paper", yanchor="bottom",
            text=arrow.format(f"{row.title} better"), showarrow=False, font=font,
        )  # fmt: skip
    figure.update_xaxes(
        range=[-limit, limit], tickfont=font, gridcolor=theme.GRID, zeroline=False,
        fixedrange=True,
        title={"text": "difference in accuracy, percentage points", "font": font},
    )  # fmt: skip
    figure.update_yaxes(range=[-1, 1], visible=False, fixedrange=True)
    figure.update_layout(height=190, margin={"l": 4, "r": 4, "t": 56, "b": 0}, showlegend=False)
    return figure


def alt_text(first: Row, second: Row, comparison: Comparison) -> str:
    """The chart as text, for screen readers."""
    return (
        f"{first.title} minus {second.title}: {points(comparison.difference)} percentage points of "
        f"accuracy, 95 % interval {format_points_interval(comparison.interval)}; 0 means "
        "equally good."
    )
