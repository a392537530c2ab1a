"""The notes beside the leaderboard's chart."""

from collections.abc import Sequence

from fer_core.artifacts import summaries
from fer_core.evaluation import lineage, study
from fer_core.evaluation.evaluation_set import TEST_SPLIT, EvaluationSet
from fer_core.evaluation.hidden_failures import FAILING_BELOW
from fer_core.evaluation.leaderboard import Row
from fer_core.evaluation.uncertainty import RESAMPLES
from fer_core.registry import MODELS
from fer_core.reports import private_test, seeds_text
from fer_core.reports.format import join_words, number_word, percent


def notes(evaluation_set: EvaluationSet, ranked: Sequence[Row]) -> str:
    """How to read the chart, and what its numbers do not cover, as a list;
    `ranked` best first."""
    models = [evaluation_set.models[row.name] for row in ranked]
    committed = [model for model in models if not model.is_own]
    lines = [] if evaluation_set.chose_models else _test_notes(len(ranked) - 1)
    lines += [
        "**Whiskers** are 95 % intervals: Wilson for accuracy, bootstrap for the others. They "
        "cover the choice of test faces, not the variation between training runs.",
        f"**Training runs**: {seeds_text.comparison_sentences(models)}",
        "**The no-skill baseline** always answers the most common emotion.",
    ]
    if shows_study(evaluation_set):
        lines.append(_study_note())
    if evaluation_set.is_all_of(TEST_SPLIT):
        lines.append(
            f"**PrivateTest**: {private_test.usage()} "
            f"Picking the best of {number_word(len(ranked))} on it is still partly luck; "
            + _best_on_public_test(ranked)
        )
    alone = [model.title for model in committed if summaries.trained_by_votes(model)]
    votes = [model.title for model in committed if summaries.trained_on_votes(model)]
    partly = [title for title in votes if title not in alone]
    if votes:
        by = "the annotators' majority" if evaluation_set.by_crowd else "FER2013's labels"
        lines.append(
            "**Labels**: "
            + (f"these accuracies are measured by {by}. " if evaluation_set.is_fer2013 else "")
            + (
                f"{join_words(partly)} learned partly from ten annotators' votes. "
                if partly
                else ""
            )
            + (f"{join_words(alone)} learned from these votes alone. " if alone else "")
            + (
                "The test sets “by FER+ majority” measure by the annotators' majority."
                if evaluation_set.is_fer2013
                else ""
            )
        )
    for teacher, students in lineage.students_by_teacher(model.name for model in committed).items():
        titles = join_words([MODELS[name].title for name in students])
        lines.append(
            f"**Taught by {MODELS[teacher].title}**, partly on its answers (knowledge "
            f"distillation): {titles}. Accuracy without this teacher was not measured."
        )
    return "\n".join(f"- {line}" for line in lines)


def _test_notes(tests: int) -> list[str]:
    """How the models are compared with the first one; nothing where there is no other."""
    if not tests:
        return []
    count = "one test" if tests == 1 else f"{number_word(tests)} tests"
    return [
        "**Within chance** (shaded): on the same faces, the test against the first model gives p "
        f"of at least 0.05 after Holm's correction for the {count}. "
        "The test is McNemar's exact one for accuracy and a paired bootstrap for the other "
        "metrics.",
        "**Hidden by accuracy**: an emotion is named above if a model within chance of the best "
        "finds significantly fewer of its faces than the first (McNemar on those faces, Holm) and "
        f"its whole 95 % interval is below {percent(FAILING_BELOW)}.",
        f"**Redraws**: the faces are drawn again with replacement, {RESAMPLES:,} times, the same "
        "for all models; the table has each model's share of first places.",
    ]


def shows_study(evaluation_set: EvaluationSet) -> bool:
    """Whether the study's accuracies stand beside ours: by FER2013's labels only."""
    return evaluation_set.is_fer2013 and not evaluation_set.by_crowd


def _study_note() -> str:
    return (
        f"**The study's number**, from {study.NAME}, was measured on another folder, its own "
        f"{study.IMAGE_TOTAL:,} validation faces (no-skill baseline there: "
        f"{percent(study.BASELINE, 1)}), so it is shown for context only. The "
        f"{MODELS[study.YES_NO_MODEL].title.lower()} have none here: the study reported "
        "seven yes/no "
        "accuracies, which do not compare with one answer out of seven."
    )


def by_votes(evaluation_set: EvaluationSet, ranked: Sequence[Row]) -> str:
    """That models taught by votes were not taught FER2013's labels, as Markdown; empty without such
    a model, and where these labels do not measure."""
    models = [evaluation_set.models[row.name] for row in ranked]
    titles = [model.title for model in models if summaries.trained_by_votes(model)]
    if not titles or not shows_study(evaluation_set):
        return ""
    return (
        f"**{join_words(titles)}** was not taught FER2013's labels but what ten annotators say: "
        "the test set “by FER+ majority” ranks by that."
    )


def _best_on_public_test(ranked: Sequence[Row]) -> str:
    """Which model is best on PublicTest, where selection is allowed; the end of a sentence."""
    known = [row for row in ranked if row.by_split]
    best = max(known, key=lambda row: row.by_split["PublicTest"].accuracy)
    title = "the same model" if best == ranked[0] else best.title
    return f"PublicTest, on which models may be selected, ranks {title} first."
