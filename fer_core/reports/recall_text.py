"""The model card's text on the emotions with the lowest and the highest recall."""

from fer_core.artifacts.predictions import split_predictions
from fer_core.evaluation import per_class
from fer_core.evaluation.per_class import EmotionRecall, Row
from fer_core.evaluation.uncertainty import wilson_interval
from fer_core.registry import ModelSpec
from fer_core.reports.format import percent_with_interval


def lowest_recall(model: ModelSpec) -> str:
    """The two emotions with the lowest recall and the one with the highest, in words."""
    emotions = per_class.rank_by_recall(split_predictions(model.name, "PrivateTest"))
    lines = []
    for row in emotions[:2]:
        mistake = f" Most frequent wrong answer: {row.mistaken_for}." if row.mistaken_for else ""
        lines.append(f"- **{row.emotion}**: {row.correct} of {row.n}, {_share(row)}.{mistake}")
    best = emotions[-1]
    return (
        "Recall is the share of an emotion's faces that the model recognises, here on "
        "PrivateTest, in brackets the 95 % interval (Wilson). The two lowest:\n\n"
        + "\n".join(lines)
        + f"\n\nThe highest: "
        f"**{best.emotion}**, {best.correct} of {best.n}, {_share(best)}."
    )


def recall_with_interval(row: Row) -> str:
    """'48 % (43–52)', an emotion's recall with its 95 % Wilson interval."""
    return percent_with_interval(row.recall, row.recall_interval, 0)


def _share(row: EmotionRecall) -> str:
    return percent_with_interval(row.recall, wilson_interval(row.correct, row.n), 0)
