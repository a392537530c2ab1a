"""The leaderboard's chart and its words."""

from collections.abc import Sequence

import plotly.graph_objects as go

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage, study
from fer_core.evaluation.leaderboard import Row
from fer_core.registry import MODELS
from fer_core.reports.format import half_width, join_words, percent, format_interval
from fer_core.reports.palette import ACCENT
from pages.charts import theme

LEADING_COLOUR, BEHIND_COLOUR = ACCENT, "#8A8A8A"  # within chance of the best, and not
ROW_HEIGHT = 50  # pixels


def verdict(ranked: Sequence[Row], near: Sequence[Row]) -> str:
    """The page's answer: the best, which ones are within chance of it, how many are behind."""
    best, others = ranked[0], len(ranked) - 1 - len(near)
    text = (
        f"**{best.title}** is right most often: {percent(best.private.accuracy, 1)} of PrivateTest "
        f"(95 % interval {format_interval(best.private.interval)})."
    )
    if near:
        verb = "is" if len(near) == 1 else "are"
        text += f" {join_words([f'**{row.title}**' for row in near])} {verb} within chance of it."
    if others:
        those = "the other one" if others == 1 else f"the other {others}"
        text += f" It beats {those} by more than chance explains."
    return text


def notes(ranked: Sequence[Row]) -> str:
    """How to read the chart, and what its numbers cannot tell."""
    lines = [
        "**Within chance**: on the same faces, the exact McNemar test between the two gives p of "
        "0.05 or more.",
        "**Whiskers** are the 95 % Wilson interval: they cover the choice of test faces, not "
        "what another training run would give.",
        "**No skill** is always answering the commonest emotion.",
        "**The study's number** was measured on another folder, its own "
        f"{study.IMAGE_TOTAL:,} validation faces (no skill there: {percent(study.BASELINE, 1)}), so "
        "it is context. The individual models have none here: the "
        "study gave seven yes/no accuracies, which do not compare with one answer in seven.",
        "**PrivateTest** had no say in any choice. The best of many on it is partly lucky, though"
        + _by_the_rules(ranked),
    ]
    if votes := [row.title for row in ranked if summaries.trained_on_votes(MODELS[row.name])]:
        lines.append(
            f"**Labels**: {join_words(votes)} learned partly from ten people's votes instead of "
            "FER2013's own labels, which these accuracies are measured on; the table has a column "
            "with each model's accuracy by the crowd."
        )
    for teacher, taught in lineage.students_by_teacher(row.name for row in ranked).items():
        titles = join_words([MODELS[name].title for name in taught])
        lines.append(
            f"**Teacher**: {titles} learned partly to answer as {MODELS[teacher].title} does. "
            "What labels alone would have taught is another number, which was not measured."
        )
    return "\n".join(f"- {line}" for line in lines)


def chart(ranked: Sequence[Row], near: Sequence[Row], no_skill: float) -> go.Figure:
    """A dot with whiskers a variant, best on top, its name and number above it."""
    leading = [ranked[0], *near]
    groups = {
        "best, or within chance of it": ([r for r in ranked if r in leading], LEADING_COLOUR),
        "behind by more than chance": ([r for r in ranked if r not in leading], BEHIND_COLOUR),
    }
    place = {row.title: i for i, row in enumerate(ranked)}
    figure = go.Figure()
    for label, (rows, colour) in groups.items():
        figure.add_trace(
            go.Scatter(
                x=[row.private.accuracy for row in rows],
                y=[place[row.title] for row in rows],
                name=label,
                mode="markers",
                marker={"size": 11, "color": colour},
                error_x={
                    "array": [row.private.interval.high - row.private.accuracy for row in rows],
                    "arrayminus": [row.private.accuracy - row.private.interval.low for row in rows],
                    "thickness": 2.5,
                    "width": 6,
                    "color": colour,
                },
                showlegend=bool(rows),
            )
        )
    figure.add_trace(
        go.Scatter(
            x=[no_skill] * len(ranked),
            y=list(place.values()),
            name=f"no skill, {percent(no_skill, 1)}",
            mode="markers",
            marker={
                "symbol": "line-ns-open", "size": 12, "color": theme.ink(), "line_width": 2,
            },
        )
    )  # fmt: skip
    known = [row for row in ranked if row.study is not None]
    figure.add_trace(
        go.Scatter(
            x=[row.study for row in known],
            y=[place[row.title] for row in known],
            name="the study's number, on another folder",
            mode="markers",
            marker={"symbol": "diamond-open", "size": 11, "color": theme.ink(), "line_width": 1.8},
        )
    )
    _names(figure, ranked)
    _axes(figure, ranked)
    return figure


def alt_text(ranked: Sequence[Row], no_skill: float) -> str:
    """The chart for somebody who hears it."""
    told = [
        f"{row.title} {percent(row.private.accuracy, 1)}, {format_interval(row.private.interval)}"
        + ("" if row.study is None else f", study {percent(row.study, 1)}")
        for row in ranked
    ]
    return (
        f"Accuracy on PrivateTest with 95 % interval, best first: {'; '.join(told)}. "
        f"No skill {percent(no_skill, 1)}."
    )


def _by_the_rules(ranked: Sequence[Row]) -> str:
    """What PublicTest, where choosing is allowed, would have chosen."""
    chosen = max(ranked, key=lambda row: row.public.accuracy)
    same = chosen == ranked[0]
    return (
        f"; PublicTest, which may choose, {'also picks' if same else 'would pick'} "
        f"{'it' if same else chosen.title}."
    )


def _names(figure: go.Figure, ranked: Sequence[Row]) -> None:
    for i, row in enumerate(ranked):
        spread = half_width(row.private.interval)
        number = f"<b>{percent(row.private.accuracy, 1)}</b> {spread}"
        for x, anchor, text in ((0, "left", row.title), (1, "right", number)):
            figure.add_annotation(
                x=x, xref="paper", xanchor=anchor, y=i, yshift=19, text=text, showarrow=False,
                font={"size": 13.5, "color": theme.ink()},
            )  # fmt: skip


def _axes(figure: go.Figure, ranked: Sequence[Row]) -> None:
    ends = [row.private.interval.high for row in ranked] + [row.study or 0 for row in ranked]
    font = {"size": 13, "color": theme.ink()}
    figure.update_xaxes(
        range=[-0.01, min(1.01, max(ends) + 0.04)], tickformat=".0%", tickfont=font,
        tickvals=[0, 0.2, 0.4, 0.6, 0.8, 1], showgrid=True, gridcolor=theme.GRID, zeroline=False,
        fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(
        range=[len(ranked) - 0.3, -0.75], visible=False, fixedrange=True, showgrid=False
    )
    figure.update_layout(
        height=ROW_HEIGHT * len(ranked) + 130,
        margin={"l": 4, "r": 4, "t": 96, "b": 0},
        legend={
            "orientation": "v", "x": 0, "y": 1.0, "yanchor": "bottom", "font": font,
            "itemclick": False,
        },
    )  # fmt: skip
