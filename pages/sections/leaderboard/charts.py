"""The leaderboard's chart and the text beside it."""

from collections.abc import Sequence

import plotly.graph_objects as go

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage, study
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.ties import Standing
from fer_core.evaluation.uncertainty import RESAMPLES
from fer_core.registry import MODELS
from fer_core.reports import private_test
from fer_core.reports.format import format_interval, join_words, number_word, percent
from fer_core.reports.palette import ACCENT
from pages.charts import theme

#: Colours of the models that cannot be told apart from the first, and of the others.
LEADING_COLOUR, BEHIND_COLOUR = ACCENT, "#8A8A8A"
ROW_HEIGHT = 50  # pixels


def notes(ranked: Sequence[Row]) -> str:
    """How to read the chart, and what its numbers do not cover; `ranked` best first."""
    lines = [
        "**Told apart**: on the same faces, the exact McNemar test against the first model gives p "
        f"below 0.05 after Holm's correction for the {number_word(len(ranked) - 1)} tests.",
        f"**Redraws**: PrivateTest is drawn again with replacement, {RESAMPLES:,} times, the same "
        "faces for all models; the table has each model's share of first places.",
        "**Whiskers** are 95 % Wilson intervals. They cover the choice of test faces, not the "
        "variation between training runs.",
        "**The no-skill baseline** always answers the most common emotion.",
        f"**The study's number**, from {study.NAME}, was measured on another folder, its own "
        f"{study.IMAGE_TOTAL:,} validation faces (no-skill baseline there: "
        f"{percent(study.BASELINE, 1)}), so it is shown for context only. The "
        f"{MODELS[study.YES_NO_MODEL].title.lower()} have none here: the study reported "
        "seven yes/no "
        "accuracies, which do not compare with one answer out of seven.",
        f"**PrivateTest**: {private_test.usage()} "
        f"Picking the best of {number_word(len(ranked))} on it is still partly luck; "
        + _best_on_public_test(ranked),
    ]
    if votes := [row.title for row in ranked if summaries.trained_on_votes(MODELS[row.name])]:
        lines.append(
            "**Labels**: trained partly on the votes of ten annotators (FER+) instead of FER2013's "
            f"own labels: {join_words(votes)}. These accuracies are measured on "
            "FER2013's labels; the "
            "table also has the agreement with the annotators' majority."
        )
    for teacher, students in lineage.students_by_teacher(row.name for row in ranked).items():
        titles = join_words([MODELS[name].title for name in students])
        lines.append(
            f"**Teacher**: trained partly on the answers of {MODELS[teacher].title} (knowledge "
            f"distillation): {titles}. Their accuracy without this teacher was not measured."
        )
    return "\n".join(f"- {line}" for line in lines)


def chart(ranked: Sequence[Row], standings: Sequence[Standing], baseline: float) -> go.Figure:
    """A dot with whiskers per model, best on top, its title and accuracy above it."""
    tied = {row.name for row in standings if row.tied}
    groups = {
        "cannot be told apart from the first": (
            [row for row in ranked if row.name in tied], LEADING_COLOUR,
        ),
        "significantly worse": ([r for r in ranked if r.name not in tied], BEHIND_COLOUR),
    }  # fmt: skip
    position = {row.title: i for i, row in enumerate(ranked)}
    figure = go.Figure()
    for label, (rows, colour) in groups.items():
        figure.add_trace(
            go.Scatter(
                x=[row.private.accuracy for row in rows],
                y=[position[row.title] for row in rows],
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
            x=[baseline] * len(ranked),
            y=list(position.values()),
            name=f"no-skill baseline, {percent(baseline, 1)}",
            mode="markers",
            marker={
                "symbol": "line-ns-open", "size": 12, "color": theme.ink(), "line_width": 2,
            },
        )
    )  # fmt: skip
    in_study = [row for row in ranked if row.study is not None]
    figure.add_trace(
        go.Scatter(
            x=[row.study for row in in_study],
            y=[position[row.title] for row in in_study],
            name="the study's number, on another folder",
            mode="markers",
            marker={"symbol": "diamond-open", "size": 11, "color": theme.ink(), "line_width": 1.8},
        )
    )
    _add_titles(figure, ranked)
    _set_axes(figure, ranked)
    return figure


def alt_text(ranked: Sequence[Row], baseline: float) -> str:
    """The chart as text, for screen readers."""
    accuracies = [
        f"{row.title} {percent(row.private.accuracy, 1)}, {format_interval(row.private.interval)}"
        + ("" if row.study is None else f", study {percent(row.study, 1)}")
        for row in ranked
    ]
    return (
        f"Accuracy on PrivateTest with 95 % interval, best first: {'; '.join(accuracies)}. "
        f"No-skill baseline {percent(baseline, 1)}."
    )


def _best_on_public_test(ranked: Sequence[Row]) -> str:
    """Which model is best on PublicTest, where selection is allowed; the end of a sentence."""
    best = max(ranked, key=lambda row: row.public.accuracy)
    title = "the same model" if best == ranked[0] else best.title
    return f"PublicTest, on which models may be selected, ranks {title} first."


def _add_titles(figure: go.Figure, ranked: Sequence[Row]) -> None:
    for i, row in enumerate(ranked):
        accuracy = percent(row.private.accuracy, 1)
        number = f"<b>{accuracy}</b>"  # its interval is drawn, and is in the table
        for x, anchor, text in ((0, "left", row.title), (1, "right", number)):
            figure.add_annotation(
                x=x, xref="paper", xanchor=anchor, y=i, yshift=19, text=text, showarrow=False,
                font={"size": 13.5, "color": theme.ink()},
            )  # fmt: skip


def _set_axes(figure: go.Figure, ranked: Sequence[Row]) -> None:
    right_ends = [row.private.interval.high for row in ranked] + [row.study or 0 for row in ranked]
    font = {"size": 13, "color": theme.ink()}
    figure.update_xaxes(
        range=[-0.01, min(1.01, max(right_ends) + 0.04)], tickformat=".0%", tickfont=font,
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
