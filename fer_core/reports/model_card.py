"""A model card as Markdown: the page shows these sections; its download and `python -m fer_core
card` are all of them."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.store import RESTORE_HINT
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import leaderboard, per_class
from fer_core.registry import MODELS, ModelSpec, Preprocessing, get_model_spec
from fer_core.reports import recipe_table
from fer_core.reports.format import join_words, percent, format_interval
from fer_core.reports.markdown import bullet_list, table

README = Path(__file__).parents[2] / "README.md"
LIMITS_HEADING = "Limits and responsible use"
LICENCE = "MIT, for the code and for the weights."
FILE_STATES = {
    "matches": "the file on this disk is this one (checksum compared)",
    "differs": f"**the file on this disk is another one: {RESTORE_HINT}**",
    "missing": f"**the file is not on this disk: {RESTORE_HINT}**",
}
#: What the table of `numbers` needs to be read.
SCORES_NOTE = (
    "In brackets the 95 % interval (Wilson for accuracy, else bootstrap), over the choice of test "
    "faces. No skill: always the commonest emotion of PrivateTest. Balanced accuracy is the mean "
    "recall of the seven emotions, macro-F1 their mean F1. Without twins: accuracy without the "
    "faces that Training has too. Log loss: 0 is perfect. Calibration error: mean gap between how "
    "sure and how often right."
)


def summary_text(variant: ModelSpec) -> str:
    """The page's question answered in a paragraph."""
    made = _results(variant)
    private, n = accuracy_text(variant, "PrivateTest"), f"{made['splits']['PrivateTest']['n']:,}"
    if variant.members:
        origin = (
            f"The few numbers that combine {_titles(variant.members)} were fitted on FER2013's "
            f"PublicTest ({made['splits']['PublicTest']['n']:,} faces)."
        )
    else:
        epochs = made["epochs"]
        passes = "once" if epochs == 1 else f"{epochs:.3g} times"
        taught = ""
        if summaries.teacher_name(variant):
            share = percent(made["recipe"]["teacher_share"])
            teacher = MODELS[summaries.teacher_name(variant)].title
            if summaries.has_retrained_teacher(variant):
                teacher = f"an earlier {teacher}, not the one shown here,"
            taught = (
                f" What {teacher} answers to the same pictures was {share} of what it was told "
                "to answer."
            )
        origin = (
            f"Starting from {_start(made)}, it saw {_training_images()}FER2013's Training split "
            f"{passes}: {made['minutes']:.0f} minutes on {made['device']}. PublicTest chose epoch "
            f"{made['best_epoch']:g}.{taught}"
        )
    return (
        f"{origin} Scored once on the {n} faces of PrivateTest, it names {private} of them "
        f"right; no skill, always the commonest emotion, "
        f"{percent(made['no_skill']['PrivateTest'], 1)}."
    )


def overview(variant: ModelSpec) -> str:
    """Kind, parts, architecture and input."""
    rows = {"Kind": variant.kind, "In short": variant.summary}
    rows["Architecture"] = variant.architecture
    rows["Input"] = _entrance(_preprocessing(variant))
    if variant.members:
        rows["Made of"] = _titles(variant.members)
    rows["Answer"] = "Seven probabilities that sum to 1, in the order " + ", ".join(EMOTIONS)
    if variant.yes_no:
        rows["Answer"] = (
            "Seven separate yes/no probabilities; divided by their sum they are the seven-way "
            "answer, so the strongest yes wins"
        )
    if weights_file.parameter_count(variant) is not None:
        also = ", those of its parts included" if variant.members else ""
        rows["Stored numbers"] = f"{weights_file.parameter_count(variant):,}{also}"
    return bullet_list(rows.items())


def data_and_splits(variant: ModelSpec) -> str:
    """What was fitted, chosen and scored on which split, by whose labels."""
    made = _results(variant)
    if variant.members:
        rows = [
            ("Networks fitted on", "Training (see the cards of its parts)"),
            ("Combination fitted on", made["fitted_on"]),
        ]
        choices = "which epoch of each part was kept"
    else:
        rows = [
            ("Fitted on", made["trained_on"]),
            ("Started from", _start(made)),
        ]
        choices = "which epoch was kept"
        if "thresholds" in made:
            choices += ", each model's calibration (Platt scaling) and threshold"
        if "temperature" in made:
            choices += (
                f", the temperature that its logits are divided by ({made['temperature']:.2f})"
            )
    rows += [
        ("Chosen on", f"{made['chosen_on']}: {choices}"),
        ("Scored on", f"{made['scored_on']}, once, which chose nothing"),
        ("Labels", "; ".join(summaries.label_sources(variant)) or "not known"),
        ("Pictures", "FER2013: faces found by web search, 48 × 48 grey pixels, seven emotions"),
    ]
    return bullet_list(rows)


def _start(made: Mapping[str, Any]) -> str:
    """What a network's weights were before its own training."""
    first = made["initialisation"]
    if first in MODELS:
        return f"the trained {MODELS[first].title}"
    return "random numbers" if first == "random" else f"{first} weights"


def limits() -> str:
    """The README's own words; relative links lead nowhere here and become plain."""
    return _limits(README)


def weights_details(variant: ModelSpec) -> str:
    """The weights file, its size and checksum, whether it is the one on disk, and the licence."""
    made = _results(variant)
    file = weights_file.path(variant)
    rows = [
        ("File", f"`fer_core/weights/{file.name}`"),
        ("Size", _mega(file.stat().st_size) if file.is_file() else "—"),
        ("State", FILE_STATES[weights_file.file_state(file, made["sha256"])]),
        ("Licence", LICENCE),
    ]
    text = bullet_list(rows) + f"\n\nSHA-256 of the weights:\n\n```text\n{made['sha256']}\n```"
    changed = summaries.retrained_members(variant)
    if changed:
        text += (
            f"\n\n**{_titles(changed)} changed after this combination was fitted. Its numbers "
            "belong to the earlier weights; train and evaluate it again.**"
        )
    return text


def provenance(variant: ModelSpec) -> str:
    """Date, commit, device, minutes and package versions."""
    made = _results(variant)
    rows = [("Date", made["date"]), ("Commit", f"`{made['git_commit']}`")]
    rows.append(("Device", made["device"]))
    if "minutes" in made:
        rows.append(("Minutes", f"{made['minutes']:g}"))
    rows.append(
        ("Packages", ", ".join(f"{name} {what}" for name, what in made["versions"].items()))
    )
    return bullet_list(rows)


def accuracy_text(variant: ModelSpec, split: str) -> str:
    """'64.6 % (95 % interval 63.1 to 66.1 %)'."""
    scores = leaderboard.split_scores(variant.name, split)
    return f"{percent(scores.accuracy, 1)} (95 % interval {format_interval(scores.interval)})"


def scores_section(variant: ModelSpec) -> str:
    """Accuracy and friends with intervals on PrivateTest, no skill and PublicTest beside."""
    twins = leaderboard.load_train_duplicates()
    row = leaderboard.model_row(variant, twins)
    skill = leaderboard.baseline_row(variant.name, twins)
    spread = leaderboard.split_intervals(variant.name, "PrivateTest")
    scores = row.private, skill.private, row.public
    body: list[tuple[str, ...]] = []
    for key, title in (
        ("accuracy", "Accuracy"),
        ("balanced_accuracy", "Balanced accuracy"),
        ("macro_f1", "Macro-F1"),
    ):
        ours, none, public = (percent(each.value(key), 1) for each in scores)
        body.append((title, f"**{ours}** ({format_interval(spread[key])})", none, public))
    if row.accuracy_deduplicated is not None and skill.accuracy_deduplicated is not None:
        twinless = percent(row.accuracy_deduplicated, 1), percent(skill.accuracy_deduplicated, 1)
        body.append(("Without twins", *twinless, "—"))
    body.append(("Log loss", *(f"{each.value('log_loss'):.3f}" for each in scores)))
    ours, _, public = (percent(each.value("calibration_error"), 1) for each in scores)
    body.append(("Calibration error", ours, "—", public))
    kind = (
        "PublicTest fitted the combination, so there each face was answered by a fit that left it "
        "out; its parts were chosen there too, which makes that column a little too kind."
        if variant.members
        else "PublicTest chose the epoch, so its column is a little too kind."
    )
    return table(("", "PrivateTest", "No skill", "PublicTest"), body) + f"\n\n{SCORES_NOTE} {kind}"


def lowest_recall(variant: ModelSpec) -> str:
    """The two emotions it misses most and the one it finds most, in words."""
    emotions = per_class.rank_by_recall(variant.name, "PrivateTest")
    lines = []
    for weak in emotions[:2]:
        instead = f" Commonest wrong answer: {weak.mistaken_for}." if weak.mistaken_for else ""
        lines.append(
            f"- **{weak.emotion}**: {weak.correct} of {weak.n} ({percent(weak.recall)}).{instead}"
        )
    best = emotions[-1]
    return (
        "Recall is the share of an emotion's faces that are found, here on PrivateTest. The lowest "
        "two:\n\n" + "\n".join(lines) + f"\n\nThe highest: **{best.emotion}**, {best.correct} of "
        f"{best.n} ({percent(best.recall)})."
    )


def to_markdown(variant: ModelSpec) -> str:
    """The whole card as one Markdown file; a section that cannot be told says why."""
    sections = {
        "": summary_text,
        "What it is": overview,
        "Data and splits": data_and_splits,
        recipe_table.heading(variant): recipe_table.section,
        "Numbers": scores_section,
        "Weak spots": lowest_recall,
        LIMITS_HEADING: lambda _: limits(),
        "Weights file": weights_details,
        "When, where and with what": provenance,
    }
    parts = [f"# {variant.title}", f"Model card of `{variant.name}`, FER Explorer"]
    for heading, tell in sections.items():
        try:
            text = tell(variant)
        except FerError as error:
            text = str(error)
        parts += [f"## {heading}", text] if heading else [text]
    return "\n\n".join(parts) + "\n"


def _preprocessing(variant: ModelSpec) -> Preprocessing | None:
    """What the committed weights want, which their recipe may have said otherwise."""
    how, made = variant.preprocessing, summaries.load_summary(variant) or {}
    return None if how is None else how.at(made.get("recipe", {}).get("size", 0))


def _entrance(how: Preprocessing | None) -> str:
    """What happens to a face before the first layer."""
    if how is None:
        return "Its parts' answers about a face"
    text = "A grey face of 48 × 48 pixels"
    if how.size != 48:
        text += f", enlarged to {how.size} × {how.size}"
    if how.channels > 1:
        text += f", the grey value repeated {how.channels} times"
    text += "; grey runs from 0 to 1"
    if (how.mean, how.std) != (0, 1):
        text += f", minus {how.mean:g}, divided by {how.std:g}"
    return text


def _results(variant: ModelSpec) -> dict[str, Any]:
    """The committed results of an evaluated variant."""
    made = summaries.load_summary(variant)
    if made is None:
        raise ResultsError(f"{variant.title} has not been evaluated yet.")
    return made


def _titles(names: Sequence[str]) -> str:
    """'Individual emotion models and Multi-class CNN'."""
    return join_words([get_model_spec(name).title for name in names])


def _mega(size: int) -> str:
    """Bytes as megabytes; a composite's few numbers as kilobytes."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


@lru_cache(maxsize=1)
def _limits(readme: Path) -> str:
    text = readme.read_text() if readme.is_file() else ""
    found = text.partition(f"## {LIMITS_HEADING}\n")[2].partition("\n## ")[0].strip()
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", found) or "See the README."


def _training_images() -> str:
    try:
        return f"the {fer2013_stats.load_stats().total('Training'):,} faces of "
    except ResultsError:
        return "the faces of "
