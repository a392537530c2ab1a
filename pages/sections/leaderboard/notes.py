"""The notes beside the leaderboard's chart."""

from collections.abc import Sequence

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage, study
from fer_core.evaluation.hidden_failures import FAILING_BELOW
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.rankings import FERPLUS
from fer_core.evaluation.uncertainty import RESAMPLES
from fer_core.registry import MODELS
from fer_core.reports import private_test
from fer_core.reports.format import join_words, number_word, percent


def notes(ranked: Sequence[Row]) -> str:
    """How to read the chart, and what its numbers do not cover, as a list;
    `ranked` best first."""
    lines = [
        "**Within chance** (shaded): on the same faces, the test against the first model gives p "
        f"of at least 0.05 after Holm's correction for the {number_word(len(ranked) - 1)} tests. "
        "The test is McNemar's exact one for accuracy and a paired bootstrap for the other metrics "
        "(none for the crowd's votes).",
        "**Hidden by accuracy**: an emotion is named above if a model within chance of the best "
        "finds significantly fewer of its faces than the first (McNemar on those faces, Holm) and "
        f"its whole 95 % interval is below {percent(FAILING_BELOW)}.",
        f"**Redraws**: PrivateTest is drawn again with replacement, {RESAMPLES:,} times, the same "
        "faces for all models; the table has each model's share of first places.",
        "**Whiskers** are 95 % intervals: Wilson for accuracy and for agreement with the crowd, "
        "bootstrap for the others. They cover the choice of test faces, not the variation between "
        "training runs.",
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
    alone = [row.title for row in ranked if summaries.trained_by_votes(MODELS[row.name])]
    votes = [row.title for row in ranked if summaries.trained_on_votes(MODELS[row.name])]
    partly = [title for title in votes if title not in alone]
    if votes:
        lines.append(
            "**Labels**: these accuracies are measured on FER2013's labels. "
            + (
                f"{join_words(partly)} learned partly from ten annotators' votes. "
                if partly
                else ""
            )
            + (f"{join_words(alone)} learned from these votes alone. " if alone else "")
            + "The metric “Agreement with the crowd” measures by the annotators' majority."
        )
    for teacher, students in lineage.students_by_teacher(row.name for row in ranked).items():
        titles = join_words([MODELS[name].title for name in students])
        lines.append(
            f"**Taught by {MODELS[teacher].title}**, partly on its answers (knowledge "
            f"distillation): {titles}. Accuracy without this teacher was not measured."
        )
    return "\n".join(f"- {line}" for line in lines)


def by_votes(ranked: Sequence[Row], metric: str) -> str:
    """That models taught by votes were not taught the labels of this metric, as Markdown; empty
    without such a model or by the crowd's votes."""
    titles = [row.title for row in ranked if summaries.trained_by_votes(MODELS[row.name])]
    if not titles or metric == FERPLUS:
        return ""
    return (
        f"**{join_words(titles)}** was not taught FER2013's labels but what ten annotators say: "
        "“Agreement with the crowd” ranks by that."
    )


def _best_on_public_test(ranked: Sequence[Row]) -> str:
    """Which model is best on PublicTest, where selection is allowed; the end of a sentence."""
    best = max(ranked, key=lambda row: row.public.accuracy)
    title = "the same model" if best == ranked[0] else best.title
    return f"PublicTest, on which models may be selected, ranks {title} first."
