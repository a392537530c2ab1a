"""Write the tables of README.md and docs/ from the results: python -m training.docs_tables."""

from pathlib import Path
from typing import Any

from fer_core.artifacts import summaries
from fer_core.artifacts.predictions import split_predictions
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import study
from fer_core.evaluation.ferplus_agreement import load_agreement
from fer_core.registry import MODELS, ModelSpec
from training import ablation, layer_search

ROOT = Path(__file__).parents[1]

#: What we want of a variant on PrivateTest, without test-time augmentation; set before training.
TARGETS = {
    "multiclass": 0.68,
    "ensemble_full": 0.69,
    "ensemble_single": 0.66,
    "stacking": 0.69,
    "resnet101": 0.72,
    "efficientnet_b5": 0.70,
    "keras_cnn": 0.65,
}
#: The same of each yes/no model, and of the balanced accuracy of all of them.
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


def results_table() -> str:
    """The seven-way accuracy of every variant and the yes/no models' own table, as Markdown."""
    lines = [
        "| variant | study | PublicTest | PrivateTest | without twins | ten crops | macro-F1 "
        "| balanced | by the crowd |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(variant) for variant in MODELS.values()]
    skill = _summary(MODELS[study.YES_NO_MODEL])["no_skill"]
    crowd = load_agreement().labels["PrivateTest"]
    lines.append(
        f'| *no skill: always "happy", by the crowd always "{crowd.most_frequent_majority}"* | '
        f"| {_percent(skill['PublicTest'])} "
        f"| {_percent(skill['PrivateTest'])} | | | | | {_percent(crowd.majority_baseline)} |"
    )
    lines += ["", *_yes_no()]
    return "\n".join(lines)


def _row(model: ModelSpec) -> str:
    splits = _summary(model)["splits"]
    private = splits["PrivateTest"]
    study = model.study_accuracy
    ten = split_predictions(model.name, "PrivateTest").ten_crop_accuracy
    numbers = [
        _percent(study) if isinstance(study, float) else "see below",
        _percent(splits["PublicTest"]["accuracy"]),
        f"**{_percent(private['accuracy'])}**",
        _percent(private["accuracy_without_twins"]),
        "" if ten is None else _percent(ten),
        _percent(private["macro_f1"]),
        _percent(private["balanced_accuracy"]),
        _by_crowd(model),
    ]
    return f"| {model.title} (`{model.name}`) | {' | '.join(numbers)} |"


def _by_crowd(variant: ModelSpec) -> str:
    seen = load_agreement().for_model(variant, "PrivateTest")
    if seen is None:
        raise SystemExit(f"{variant.name} has other weights now: run python -m training.ferplus")
    return _percent(seen.majority_accuracy)


def _yes_no() -> list[str]:
    found = _summary(MODELS[study.YES_NO_MODEL])["splits"]["PrivateTest"]["yes_no"]
    accuracy = study.yes_no_accuracy()
    lines = [
        "| yes/no model, PrivateTest | "
        'study | accuracy | no-skill (always "no") | balanced | recall | average precision |',
        "|---|---|---|---|---|---|---|",
    ]
    keys = ("accuracy", "no_skill", "balanced_accuracy", "recall", "average_precision")
    for name in EMOTIONS:
        numbers = " | ".join(_percent(found[name][key]) for key in keys)
        lines.append(f"| {name} | {_percent(accuracy[name])} | {numbers} |")
    return lines


def _summary(model: ModelSpec) -> dict[str, Any]:
    summary = summaries.load_summary(model)
    if summary is None:
        raise SystemExit(f"{model.name} has no results: run python -m training.evaluate all")
    return summary


def _percent(share: float) -> str:
    return f"{share * 100:.2f}"


def runs_table() -> str:
    """How each network's committed weights came about, as Markdown."""
    lines = [
        "| network | epochs | best | minutes | score while training | accuracy as committed |",
        "|---|---|---|---|---|---|",
    ]
    for variant in MODELS.values():
        if not variant.members:
            made = _summary(variant)
            committed = made["splits"]["PublicTest"]["accuracy"]
            lines.append(
                f"| {variant.name} | {made['epochs']:.3g} | {made['best_epoch']:g} "
                f"| {made['minutes']:.0f} | {_percent(made['best_public_score'])} "
                f"| {_percent(committed)} |"
            )
    return "\n".join(lines)


def targets_table() -> str:
    """What PrivateTest gave beside what we want of it, as Markdown."""
    lines = [
        "| variant | target | PrivateTest | balanced, wanted | balanced |",
        "|---|---|---|---|---|",
    ]
    yes_no = _summary(MODELS[study.YES_NO_MODEL])["splits"]["PrivateTest"]["yes_no"]
    for name, wanted in YES_NO_TARGETS.items():
        found = yes_no[name]
        cells = [_percent(wanted), _held(found["accuracy"], wanted), _percent(BALANCED_TARGET)]
        cells.append(_held(found["balanced_accuracy"], BALANCED_TARGET))
        lines.append(f"| `individual`, {name} | {' | '.join(cells)} |")
    for name, wanted in TARGETS.items():
        accuracy = _summary(MODELS[name])["splits"]["PrivateTest"]["accuracy"]
        lines.append(f"| `{name}` | {_percent(wanted)} | {_held(accuracy, wanted)} | | |")
    return "\n".join(lines)


def _held(found: float, wanted: float) -> str:
    return _percent(found) if found >= wanted else f"**{_percent(found)}**"


#: Which table stands between `<!-- name -->` and `<!-- /name -->` of which file.
TABLES = (
    ("README.md", "results", results_table),
    ("docs/training.md", "runs", runs_table),
    ("docs/training.md", "targets", targets_table),
    ("docs/training.md", "ablation", lambda: ablation.format_table(ablation.read_runs())),
    ("docs/saliency.md", "layers", lambda: layer_search.format_table(layer_search.read_results())),
)


def fill_table(text: str, name: str, table: str) -> str:
    """`text` with `table` between its markers."""
    before, rest = text.split(f"<!-- {name} -->")
    after = rest.split(f"<!-- /{name} -->")[1]
    return f"{before}<!-- {name} -->\n{table}\n<!-- /{name} -->{after}"


def main() -> None:
    for file, name, table in TABLES:
        path = ROOT / file
        path.write_text(fill_table(path.read_text(), name, table()))


if __name__ == "__main__":
    main()
