"""How good a variant is, as the sections of its model card."""

from fer_core.evaluation import leaderboard
from fer_core.registry import ModelSpec
from fer_core.reports import model_card_facts
from fer_core.reports.format import percent, span
from fer_core.reports.markdown import table

EXPLAINED = (
    "In brackets the 95 % interval (Wilson for accuracy, else bootstrap), over the choice of test "
    "faces. No skill: always the "
    "commonest emotion of PrivateTest. Balanced accuracy is the mean recall of the seven emotions, "
    "macro-F1 their mean F1. Without twins: accuracy without the faces that Training has too. Log "
    "loss: 0 is perfect. Calibration error: mean gap between how sure and how often right."
)


def accuracy(variant: ModelSpec, split: str) -> str:
    """'64.6 % (95 % interval 63.1 to 66.1 %)'."""
    scores = leaderboard.split_scores(variant.name, split)
    return f"{percent(scores.accuracy, 1)} (95 % interval {span(scores.interval)})"


def numbers(variant: ModelSpec) -> str:
    """Accuracy and friends with intervals on PrivateTest, no skill and PublicTest beside."""
    twins = leaderboard.known_twins()
    row = leaderboard.row(variant, twins)
    skill = leaderboard.no_skill_row(variant.name, twins)
    spread = leaderboard.split_intervals(variant.name, "PrivateTest")
    body = [
        (
            title,
            f"**{percent(row.private.value(key), 1)}** ({span(spread[key])})",
            percent(skill.private.value(key), 1),
            percent(row.public.value(key), 1),
        )
        for key, title in (
            ("accuracy", "Accuracy"),
            ("balanced_accuracy", "Balanced accuracy"),
            ("macro_f1", "Macro-F1"),
        )
    ]
    if row.without_twins is not None and skill.without_twins is not None:
        body.append(
            ("Without twins", percent(row.without_twins, 1), percent(skill.without_twins, 1), "—")
        )
    body.append(
        (
            "Log loss",
            f"{row.private.value('log_loss'):.3f}",
            f"{skill.private.value('log_loss'):.3f}",
            f"{row.public.value('log_loss'):.3f}",
        )
    )
    body.append(
        (
            "Calibration error",
            percent(row.private.value("calibration_error"), 1),
            "—",
            percent(row.public.value("calibration_error"), 1),
        )
    )
    kind = (
        "PublicTest fitted the combination, so there each face was answered by a fit that left it "
        "out; its parts were chosen there too, which makes that column a little too kind."
        if variant.members
        else "PublicTest chose the epoch, so its column is a little too kind."
    )
    return table(("", "PrivateTest", "No skill", "PublicTest"), body) + f"\n\n{EXPLAINED} {kind}"


def weak_spots(variant: ModelSpec) -> str:
    """The two emotions it misses most and the one it finds most, in words."""
    emotions = model_card_facts.by_recall(variant.name, "PrivateTest")
    lines = []
    for weak in emotions[:2]:
        instead = f" Commonest wrong answer: {weak.mistaken_for}." if weak.mistaken_for else ""
        lines.append(
            f"- **{weak.emotion}**: {weak.found} of {weak.n} ({percent(weak.recall)}).{instead}"
        )
    best = emotions[-1]
    return (
        "Recall is the share of an emotion's faces that are found, here on PrivateTest. The lowest "
        "two:\n\n" + "\n".join(lines) + f"\n\nThe highest: **{best.emotion}**, {best.found} of "
        f"{best.n} ({percent(best.recall)})."
    )
