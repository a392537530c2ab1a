"""The model card as Markdown: single sections for the page, and the whole card as one document."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.predictions import split_predictions
from fer_core.artifacts.store import RESTORE_HINT
from fer_core.datasets import fer2013_stats
from fer_core.emotions import EMOTIONS
from fer_core.errors import FerError, ResultsError
from fer_core.evaluation import accuracy
from fer_core.evaluation.scores import compute_scores
from fer_core.registry import MODELS, ModelSpec, get_model_spec
from fer_core.reports import (
    fairness_text,
    int8_text,
    private_test,
    recall_text,
    recipe_table,
    score_table,
    standing,
    usage_text,
)
from fer_core.reports.format import (
    format_interval,
    join_words,
    percent,
    percent_with_interval,
)
from fer_core.reports.input_text import input_text
from fer_core.reports.markdown import bullet_list

_INSTALLED = Path(__file__).parents[1] / "README.md"  # put there by pyproject.toml
README = _INSTALLED if _INSTALLED.is_file() else Path(__file__).parents[2] / "README.md"
LIMITS_HEADING = "Limits and responsible use"
FILE_STATES = {
    "matches": "verified: the checksum of the file on disk matches",
    "differs": f"**checksum mismatch: the file on disk is a different one; {RESTORE_HINT}**",
    "missing": f"**missing: the file is not on disk; {RESTORE_HINT}**",
}


def summary_text(model: ModelSpec) -> str:
    """Training, test accuracy and baseline in one paragraph."""
    results = summaries.require_summary(model)
    n = results["splits"]["PrivateTest"]["n"]
    if model.members:
        training = (
            f"Its parameters, which combine the outputs of {_titles(model.members)}, were fitted "
            f"on FER2013's PublicTest ({results['splits']['PublicTest']['n']:,} faces)."
        )
    else:
        epochs = "one epoch" if results["epochs"] == 1 else f"{results['epochs']:.3g} epochs"
        training = (
            f"Starting from {_initial_weights(results)}, it was trained for {epochs} on "
            f"{_training_images(model)} ({results['minutes']:.0f} minutes on {results['device']}). "
            f"Epoch {results['best_epoch']:g} was selected on PublicTest."
            f"{_teacher_sentence(model, results)}"
        )
    if summaries.trained_by_votes(model):
        training += f" {_votes_sentence(model)}"
    return (
        f"{training} On the {n:,} faces of PrivateTest it reaches an accuracy of "
        f"{accuracy_text(model, 'PrivateTest')}; the no-skill baseline (always the most common "
        f"emotion) reaches {percent(results['no_skill']['PrivateTest'], 1)}."
    )


def overview(model: ModelSpec) -> str:
    """Kind, architecture, input, members, output and number of parameters."""
    rows = {"Kind": model.kind, "Summary": model.summary}
    rows["Architecture"] = model.architecture
    rows["Input"] = input_text(model)
    if model.members:
        rows["Members"] = _titles(model.members)
    rows["Output"] = "Seven probabilities that sum to 1, in the order " + ", ".join(EMOTIONS)
    if model.yes_no:
        rows["Output"] = (
            "Seven independent yes/no scores; divided by their sum they become probabilities, so "
            "the highest “yes” score wins"
        )
    if int8 := int8_text.card_text(model):
        rows["Int8 (8-bit integers)"] = int8
    parameters = weights_file.parameter_count(model)
    if parameters is not None:
        of_members = "its members and their " if model.members else ""
        rows["Parameters"] = f"{parameters:,} (including {of_members}batch-norm statistics)"
    return bullet_list(rows.items())


def data_and_splits(model: ModelSpec) -> str:
    """The splits used for training, selection and testing, and the source of the labels."""
    results = summaries.require_summary(model)
    if model.members:
        rows = [
            ("Networks trained on", "Training (see the cards of the members)"),
            ("Ensemble fitted on", results["fitted_on"]),
        ]
        choices = ["the epoch of each member"]
    else:
        rows = [
            ("Trained on", results["trained_on"]),
            ("Initialised with", _initial_weights(results)),
        ]
        choices = ["the epoch"]
        if "thresholds" in results:
            choices += ["the calibration (Platt scaling)", "the threshold of each yes/no model"]
        if "temperature" in results:
            choices += [f"the temperature that divides the logits ({results['temperature']:.2f})"]
        if "logit_adjustment" in results:
            choices += [
                "how far the logits of rare emotions are raised (logit adjustment, τ = "
                f"{results['logit_adjustment']:g})"
            ]
    rows += [
        ("Selected on", f"{results['chosen_on']}: {join_words(choices)}"),
        ("Tested on", f"{results['scored_on']}. {private_test.model_usage(model)}"),
        ("Labels", "; ".join(summaries.label_sources(model)) or "unknown"),
        ("Images", "FER2013: faces found by web search, 48 × 48 grey pixels, seven emotions"),
    ]
    return bullet_list(rows)


def limits() -> str:
    """The README's section on limits; its relative links become plain text."""
    return _limits(README)


def weights_details(model: ModelSpec) -> str:
    """The weights file: size, checksum, whether the file on disk matches it, and the licence."""
    results = summaries.require_summary(model)
    file = weights_file.path(model)
    rows = [
        ("File", f"`fer_core/weights/{file.name}`"),
        ("Size", file_size(file.stat().st_size) if file.is_file() else "—"),
        ("State", FILE_STATES[weights_file.file_state(file, results["sha256"])]),
        ("Licence", f"{usage_text.LICENCE}."),
    ]
    text = bullet_list(rows) + f"\n\nSHA-256 of the weights:\n\n```text\n{results['sha256']}\n```"
    changed = summaries.retrained_members(model)
    if changed:
        text += (
            f"\n\n**{_titles(changed)} changed after this ensemble was fitted. Fit it again: "
            f"`python -m training.train {model.name}`.**"
        )
    return text


def provenance(model: ModelSpec) -> str:
    """Date, commit, device, training time and package versions."""
    results = summaries.require_summary(model)
    commit = f"`{results['git_commit']}`"
    rows = [("Date", results["date"]), ("Commit", commit), ("Device", results["device"])]
    if "minutes" in results:
        rows.append(("Training time", f"{results['minutes']:g} minutes"))
    versions = [f"{package} {version}" for package, version in results["versions"].items()]
    rows.append(("Packages", ", ".join(versions)))
    return bullet_list(rows)


def accuracy_text(model: ModelSpec, split: str) -> str:
    """Accuracy on a split with its interval: '64.6 % (95 % interval 63.1 to 66.1 %)'."""
    scores = compute_scores(split_predictions(model.name, split))
    return f"{percent(scores.accuracy, 1)} (95 % interval {format_interval(scores.interval)})"


def to_markdown(model: ModelSpec) -> str:
    """The whole card as one Markdown document; a section without data gives the reason instead."""
    sections = {
        "": summary_text,
        "Overview": overview,
        "Data and splits": data_and_splits,
        recipe_table.heading(model): recipe_table.section,
        "Scores": score_table.section,
        "Beside the other models": standing.model_sentence,
        "Lowest recall": recall_text.lowest_recall,
        fairness_text.HEADING: fairness_text.section,
        usage_text.HEADING: usage_text.section,
        LIMITS_HEADING: lambda _: limits(),
        "Weights file": weights_details,
        "Provenance": provenance,
    }
    blocks = [f"# {model.title}", f"Model card of `{model.name}`, FER Explorer"]
    for heading, render in sections.items():
        try:
            text = render(model)
        except FerError as error:
            text = str(error)
        blocks += [f"## {heading}", text] if heading else [text]
    return "\n\n".join(blocks) + "\n"


def _initial_weights(results: Mapping[str, Any]) -> str:
    """The weights that training started from."""
    source = results["initialisation"]
    return f"the weights of {MODELS[source].title}" if source in MODELS else f"{source} weights"


def _teacher_sentence(model: ModelSpec, results: Mapping[str, Any]) -> str:
    """How much a teacher contributed to the training targets; empty without a teacher."""
    name = summaries.teacher_name(model)
    if not name:
        return ""
    teacher = MODELS[name].title
    if summaries.has_retrained_teacher(model):
        teacher = f"an earlier {teacher} (not the one shown here)"
    return (
        f" {percent(results['recipe']['teacher_share'])} of its training target was the output "
        f"of a teacher, {teacher}, for the same face (knowledge distillation)."
    )


def _titles(model_names: Sequence[str]) -> str:
    """'Individual emotion models and Multi-class CNN'."""
    return join_words([get_model_spec(name).title for name in model_names])


def file_size(size: int) -> str:
    """Bytes as megabytes; small files of ensembles as kilobytes."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"


@lru_cache(maxsize=1)
def _limits(readme: Path) -> str:
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    section = text.partition(f"## {LIMITS_HEADING}\n")[2].partition("\n## ")[0].strip()
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", section) or "See the README."


def _training_images(model: ModelSpec) -> str:
    if summaries.trained_by_votes(model):
        return (
            "the annotators' votes (FER+) for the faces of FER2013's Training split that have no "
            "copy in a test split"
        )
    try:
        number = f"{fer2013_stats.load_stats().total('Training'):,} "
    except ResultsError:
        number = ""
    return f"the {number}faces of FER2013's Training split"


def _votes_sentence(model: ModelSpec) -> str:
    """How often a model that was taught by votes gives the crowd's majority."""
    crowd = accuracy.load_own_accuracy(model)
    if crowd is None:
        return "How often it agrees with the annotators was not measured."
    return (
        f"It answers what people would say: on the {crowd.n:,} PrivateTest faces on which ten "
        "annotators clearly agree, it gives their answer on "
        f"**{percent_with_interval(crowd.value, crowd.interval)}**; always giving the most common "
        f"answer would be right on {percent(crowd.baseline, 1)}. By FER2013's labels, which it was "
        "not taught, it does worse:"
    )
