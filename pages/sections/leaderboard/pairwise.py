"""Two variants on the same faces: the paired test in words, as a table and as a chart."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.uncertainty import LEVEL, Comparison, bonferroni_level
from fer_core.reports.format import MIN_P, p_value, percent, points, format_points_interval
from pages.charts import theme
from pages.sections.leaderboard.charts import LEADING_COLOUR
from pages.text.markup import table, tag


def select_models(ranked: Sequence[Row]) -> tuple[Row, Row]:
    """Two rows, at first the best two; in the address as `a` and `b`."""
    by_name = {row.name: row for row in ranked}
    picked: list[Row] = []
    for column, (key, label) in zip(
        st.columns(2), (("a", "First model"), ("b", "Second model")), strict=True
    ):
        name = column.selectbox(
            label,
            list(by_name),
            index=min(len(picked), len(by_name) - 1),
            format_func=lambda name: by_name[name].title,
            key=key,
            bind="query-params",
        )
        picked.append(by_name[name])
    return picked[0], picked[1]


def headline(first: Row, second: Row, found: Comparison) -> str:
    """The answer in a sentence."""
    if found.could_be_chance:
        return "The difference could be chance."
    better = first if found.difference > 0 else second
    return f"{better.title} is better: chance hardly explains the difference."


def summary_text(first: Row, second: Row, found: Comparison, split: str) -> str:
    """Who is right where the other is wrong, the difference, the test."""
    a, b = first.title, second.title
    chance = "less than 1 in 1,000" if found.p_value < MIN_P else percent(found.p_value, 1)
    return (
        f"Of {found.n:,} {split} faces, **{a}** is right on {found.only_first:,} "
        f"that **{b}** gets wrong, and {b} on {found.only_second:,} that {a} gets wrong.\n\n"
        f"Accuracy differs by **{points(found.difference)} points**, 95 % interval "
        f"{format_points_interval(found.interval)} (paired bootstrap).\n\n"
        "If both were equally good, a fair coin would decide each face that only one of them gets "
        f"right. It would split them at least this unevenly in {chance} of all tries "
        f"(exact McNemar test, {p_value(found.p_value)})."
    )


def multiple_testing_note(models: int, found: Comparison) -> str:
    """What comparing every pair would do to the 5 % level."""
    pairs = models * (models - 1) // 2
    lucky = pairs * (1 - LEVEL)
    strict = bonferroni_level(pairs)
    holds = "stays below that" if found.is_significant_among(pairs) else "does not"
    return (
        f"Looking through all {pairs} pairs? Were all models equally good, about {lucky:.2g} of "
        f"those tests would still come out below p = 0.05. Ask for p below {strict:.2g} then "
        f"(0.05 / {pairs}, Bonferroni); this pair {holds}."
    )


def contingency_table(first: Row, second: Row, found: Comparison) -> str:
    """HTML: how many faces both, one or none of them got right."""
    a, b = first.title, second.title
    rows = (
        (f"{a}: right", f"{found.both_correct:,}", tag("b", f"{found.only_first:,}")),
        (f"{a}: wrong", tag("b", f"{found.only_second:,}"), f"{found.both_wrong:,}"),
    )
    return table(("", f"{b}: right", f"{b}: wrong"), rows)


def chart(first: Row, second: Row, found: Comparison) -> go.Figure:
    """The difference with its interval, and zero, where both are equally good."""
    low, high = (100 * end for end in found.interval)
    middle = 100 * found.difference
    reach = 1.25 * max(abs(low), abs(high), 1)
    font = {"size": 13, "color": theme.ink()}
    figure = go.Figure(
        go.Scatter(
            x=[middle],
            y=[0],
            mode="markers",
            marker={"size": 13, "color": LEADING_COLOUR},
            error_x={
                "array": [high - middle],
                "arrayminus": [middle - low],
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
        range=[-reach, reach], tickfont=font, gridcolor=theme.GRID, zeroline=False,
        fixedrange=True,
        title={"text": "difference in accuracy, percentage points", "font": font},
    )  # fmt: skip
    figure.update_yaxes(range=[-1, 1], visible=False, fixedrange=True)
    figure.update_layout(height=190, margin={"l": 4, "r": 4, "t": 56, "b": 0}, showlegend=False)
    return figure


def alt_text(first: Row, second: Row, found: Comparison) -> str:
    """The chart for somebody who hears it."""
    return (
        f"{first.title} minus {second.title}: {points(found.difference)} percentage points of "
        f"accuracy, 95 % interval {format_points_interval(found.interval)}; 0 means equally good."
    )
