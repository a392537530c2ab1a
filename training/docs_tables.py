"""Write the results tables of README.md and docs/: python -m training.docs_tables."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.cli.command import report_errors
from fer_core.evaluation import baselines, near_copies, study, thresholds, yes_no
from fer_core.evaluation.areas import emotion_area_intervals
from fer_core.evaluation.fairness import GroupResult
from fer_core.evaluation.ferplus_agreement import ModelAgreement, load_agreement
from fer_core.evaluation.scores import compute_intervals
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports import (
    calibration_text,
    fairness_text,
    int8_text,
    private_test,
    seeds_text,
    standing,
)
from fer_core.reports.format import format_ends, p_value, points
from fer_core.reports.markdown import table
from training import ablation, copy_tables, layer_search

ROOT = Path(__file__).parents[1]

#: Target PrivateTest accuracy per model, without test-time augmentation; set before training.
TARGETS = {
    "multiclass": 0.68,
    "ensemble_full": 0.69,
    "ensemble_single": 0.66,
    "stacking": 0.69,
    "resnet101": 0.72,
    "efficientnet_b5": 0.70,
    "keras_cnn": 0.65,
}
#: Target accuracy of each yes/no model, and the target balanced accuracy of all of them.
YES_NO_TARGETS = {
    "angry": 0.90,
    "disgust": 0.99,
    "fear": 0.885,
    "happy": 0.93,
    "neutral": 0.885,
    "sad": 0.875,
    "surprise": 0.945,
}
BALANCED_TARGET = 0.75
#: Target PrivateTest accuracy of a model that was taught by votes: by the crowd's majority, and by
#: FER+'s own protocol.
CROWD_TARGETS = {"ferplus": (0.87, 0.86)}


def results_table() -> str:
    """Format the table of all models and the table of the yes/no models as Markdown."""
    lines = [
        "| model | study | PublicTest | PrivateTest | no copy in Training | ten crops | macro-F1 "
        "| balanced | FER+ majority |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(model) for model in MODELS.values()]
    baseline = _summary(MODELS[study.YES_NO_MODEL])["no_skill"]
    no_copy = near_copies.select_predictions(study.YES_NO_MODEL, "PrivateTest", "no_copy")
    agreement = load_agreement().labels["PrivateTest"]
    lines.append(
        f'| *baseline: always "happy", for FER+ always "{agreement.most_frequent_majority}"* | '
        f"| {_percent(baseline['PublicTest'])} "
        f"| {_percent(baseline['PrivateTest'])} "
        f"| {_percent(baselines.majority_accuracy_of(no_copy.labels))} "
        f"| | | | {_percent(agreement.majority_baseline)} |"
    )
    lines += ["", f"{standing.verdict(standing.load_standings())}"]
    lines += ["", standing.gap_sentence(list(MODELS)), "", *_yes_no()]
    return "\n".join(lines)


def _row(model: ModelSpec) -> str:
    splits = _summary(model)["splits"]
    private = splits["PrivateTest"]
    intervals = compute_intervals(split_predictions(model.name, "PrivateTest"))
    study_accuracy = model.study_accuracy
    ten_crop = split_predictions(model.name, "PrivateTest").ten_crop_accuracy
    no_copy = near_copies.accuracy(model.name, "PrivateTest").other
    numbers = [
        _study_cell(study_accuracy),
        _percent(splits["PublicTest"]["accuracy"]),
        f"**{_percent(private['accuracy'])}** {_ends(intervals['accuracy'])}",
        f"{_percent(no_copy.value)} {_ends(no_copy.interval)}",
        "" if ten_crop is None else _percent(ten_crop),
        f"{_percent(private['macro_f1'])} {_ends(intervals['macro_f1'])}",
        f"{_percent(private['balanced_accuracy'])} {_ends(intervals['balanced_accuracy'])}",
        _majority_accuracy(model),
    ]
    return f"| {model.title} (`{model.name}`) | {' | '.join(numbers)} |"


def _study_cell(accuracy: float | Mapping[str, float] | None) -> str:
    if accuracy is None:
        return "not in it"
    return _percent(accuracy) if isinstance(accuracy, float) else "see below"


def _agreement(model: ModelSpec, split: str = "PrivateTest") -> ModelAgreement:
    agreement = load_agreement().for_model(model, split)
    if agreement is None:
        raise SystemExit(f"{model.name} has new weights: run python -m training.ferplus")
    return agreement


def _majority_accuracy(model: ModelSpec) -> str:
    agreement = _agreement(model)
    ends = _ends(agreement.majority_accuracy_interval)
    return f"{_percent(agreement.majority_accuracy)} {ends}"


def _yes_no() -> list[str]:
    study_accuracy, decisions = study.yes_no_accuracy(), yes_no.split_yes_no("PrivateTest")
    lines = [
        "| yes/no model, PrivateTest | "
        'study | accuracy | always "no" | gain, p | balanced | recall | average precision |',
        "|---|---|---|---|---|---|---|---|",
    ]
    predictions = split_predictions(study.YES_NO_MODEL, "PrivateTest")
    for emotion, (counts, comparison) in decisions.items():
        area = thresholds.curves(predictions, emotion).precision_recall
        areas = emotion_area_intervals(predictions, emotion)
        accuracy, balanced, recall = (
            f"{_percent(getattr(counts, rate))} {_ends(counts.interval(rate))}"
            for rate in ("accuracy", "balanced_accuracy", "recall")
        )
        chance = "chance, " if comparison.could_be_chance else ""
        cells = [
            _percent(study_accuracy[emotion]),
            accuracy,
            _percent(counts.baseline),
            f"{points(comparison.difference, 2)} ({chance}{p_value(comparison.tested_p)})",
            balanced,
            recall,
            f"{_percent(area.area)} {_ends(areas.average_precision)}",
        ]
        lines.append(f"| {emotion} | {' | '.join(cells)} |")
    return lines


def _ends(interval: Interval | None) -> str:
    """'(70.4–73.4)': the ends of a 95 % interval, in percent."""
    return f"({format_ends(interval or (0.0, 0.0))})"


def _summary(model: ModelSpec) -> dict[str, Any]:
    summary = summaries.load_summary(model)
    if summary is None:
        raise SystemExit(f"{model.name} has no results: run python -m training.evaluate all")
    return summary


def _percent(share: float) -> str:
    return f"{share * 100:.2f}"


def runs_table() -> str:
    """Format the training run behind each network's committed weights as Markdown."""
    lines = [
        "| network | epochs | best | minutes | score in training | accuracy as committed |",
        "|---|---|---|---|---|---|",
    ]
    for model in MODELS.values():
        if not model.members:
            summary = _summary(model)
            committed = summary["splits"]["PublicTest"]["accuracy"]
            if summaries.trained_by_votes(model):
                committed = _agreement(model, "PublicTest").majority_accuracy
            lines.append(
                f"| {model.name} | {summary['epochs']:.3g} | {summary['best_epoch']:g} "
                f"| {summary['minutes']:.0f} | {_percent(summary['best_public_score'])} "
                f"| {_percent(committed)} |"
            )
    return "\n".join(lines)


def targets_table() -> str:
    """Format the PrivateTest results beside their targets as Markdown; missed targets in bold."""
    lines = [
        "| model | target | PrivateTest | balanced, target | balanced |",
        "|---|---|---|---|---|",
    ]
    yes_no = _summary(MODELS[study.YES_NO_MODEL])["splits"]["PrivateTest"]["yes_no"]
    for emotion, target in YES_NO_TARGETS.items():
        metrics = yes_no[emotion]
        cells = [_percent(target), _mark_miss(metrics["accuracy"], target)]
        cells.append(_percent(BALANCED_TARGET))
        cells.append(_mark_miss(metrics["balanced_accuracy"], BALANCED_TARGET))
        lines.append(f"| `individual`, {emotion} | {' | '.join(cells)} |")
    for name, target in TARGETS.items():
        accuracy = _summary(MODELS[name])["splits"]["PrivateTest"]["accuracy"]
        lines.append(f"| `{name}` | {_percent(target)} | {_mark_miss(accuracy, target)} | | |")
    for name, (majority, protocol) in CROWD_TARGETS.items():
        agreement = _agreement(MODELS[name])
        for ruler, target, accuracy in (
            ("the crowd's majority", majority, agreement.majority_accuracy),
            ("FER+'s own protocol", protocol, agreement.protocol.accuracy),
        ):
            numbers = f"{_percent(target)} | {_mark_miss(accuracy, target)}"
            lines.append(f"| `{name}`, by {ruler} | {numbers} | | |")
    return "\n".join(lines)


def _mark_miss(score: float, target: float) -> str:
    return _percent(score) if score >= target else f"**{_percent(score)}**"


def fairness_table() -> str:
    """Format what every model makes of the London Set's smiles as Markdown."""
    rows = {model.name: fairness_text.results(model) for model in MODELS.values()}
    heads = ["smiles called happy, %; ROC area", *(f"`{name}`" for name in rows)]
    body = [
        (
            f"{fairness_text.group_name(groups[0])} ({groups[0].people})",
            *map(_smiles_and_area, groups),
        )
        for groups in zip(*rows.values(), strict=True)
    ]
    return table(heads, body)


def _smiles_and_area(row: GroupResult) -> str:
    ends = format_ends(row.smiles.interval, 0)
    return f"{100 * row.smiles.value:.0f} ({ends}); {row.area:.2f}"


#: (file, marker, table): the table goes between `<!-- marker -->` and `<!-- /marker -->`.
TABLES = (
    ("README.md", "results", results_table),
    ("README.md", "private_test", lambda: f"PrivateTest: {private_test.usage()}"),
    ("docs/models/protocol.md", "private_test", lambda: f"PrivateTest: {private_test.usage()}"),
    ("docs/models/protocol.md", "scorings", private_test.counts_table),
    ("docs/evaluation.md", "calibration", calibration_text.markdown_table),
    ("docs/evaluation.md", "fairness", fairness_table),
    ("docs/models/results.md", "runs", runs_table),
    ("docs/models/results.md", "seeds", seeds_text.markdown_table),
    ("docs/models/results.md", "targets", targets_table),
    ("docs/models/results.md", "int8", int8_text.markdown_table),
    ("docs/models/results.md", "ablation", lambda: ablation.format_table(ablation.read_runs())),
    ("docs/near_copies.md", "emotions", copy_tables.emotions_table),
    ("docs/near_copies.md", "accuracy", copy_tables.accuracy_table),
    ("docs/near_copies.md", "recall", copy_tables.recall_table),
    ("docs/near_copies.md", "conflicts", copy_tables.conflicts_table),
    ("docs/near_copies.md", "labels", copy_tables.labels_table),
    ("docs/near_copies.md", "crowd", copy_tables.crowd_table),
    ("docs/saliency.md", "layers", lambda: layer_search.format_table(layer_search.read_results())),
)


def fill_table(text: str, marker: str, table: str) -> str:
    """Return `text` with `table` between the two comments named `marker`."""
    before, rest = text.split(f"<!-- {marker} -->")
    after = rest.split(f"<!-- /{marker} -->")[1]
    return f"{before}<!-- {marker} -->\n{table}\n<!-- /{marker} -->{after}"


@report_errors
def main() -> int:
    for file, marker, format_table in TABLES:
        path = ROOT / file
        text = path.read_text(encoding="utf-8")
        path.write_text(fill_table(text, marker, format_table()), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
