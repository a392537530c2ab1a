"""A recipe, or what a composite fitted, as tables a person can read."""

from collections.abc import Iterator, Mapping
from typing import Any

from fer_core.artifacts import summaries, weights_file
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import percent, signed
from fer_core.reports.markdown import table

OPTIMIZERS = {"sgd": "SGD with Nesterov momentum 0.9", "adam": "AdamW"}

#: Name and one-line explanation of every setting, in the order they are shown.
SETTINGS = {
    "epochs": ("Epochs", "planned passes over Training"),
    "batch": ("Batch", "images a step"),
    "optimizer": ("Optimiser", "turns the loss's slope into a step"),
    "learning_rate": ("Learning rate", "the highest; from there half a cosine down to zero"),
    "warmup": ("Warm-up", "share of a cycle's steps in which the learning rate climbs"),
    "weight_decay": ("Weight decay", "pulls weights towards zero at every step"),
    "label_smoothing": ("Label smoothing", "share of each label spread over all seven emotions"),
    "mixup": ("Mixup", "blends pairs of images; alpha of the beta distribution; phases may differ"),
    "balanced": ("Balanced loss", "“yes” and “no” of an emotion weigh the same"),
    "yes_no": ("Yes/no questions", "seven, each with a loss of its own (binary cross-entropy)"),
    "ema": ("Averaged weights", "what is kept is a running mean of the weights; decay a step"),
    "patience": ("Patience", "epochs without a better PublicTest score before it stops"),
    "seed": ("Seed", "start of the random numbers"),
    "start": ("Start", "whose weights it starts from"),
    "dropout_samples": ("Dropout masks", "of each picture; a step learns from all of them"),
    "teacher": ("Teacher", "whose answers about the same crop are part of the targets"),
    "teacher_share": ("Taught", "share of the teacher's answers in the targets"),
    "temperature": ("Temperature", "every logit is divided by a number fitted on PublicTest"),
    "vector_scaling": ("Vector scaling", "a slope and an offset a logit, fitted on PublicTest"),
    "votes": ("FER+ votes", "share of ten people's votes in the targets, but for a teacher's part"),
    "size": ("Input", "pixels a side, where it is not the variant's usual size"),
    "phases": ("Phases", "from which share of the steps on what is so: size, depth and the rest"),
    "augmentation.degrees": ("Rotation", "degrees either way"),
    "augmentation.scale": ("Zoom", "factor within 1 ± this"),
    "augmentation.shift": ("Shift", "share of the side, either way"),
    "augmentation.flip": ("Mirror", "half of the images"),
    "augmentation.brightness": ("Brightness", "added grey, either way, of 1"),
    "augmentation.contrast": ("Contrast", "factor within 1 ± this"),
    "augmentation.erase": ("Blanked rectangle", "share of the images that lose one"),
    "network.widths": ("Filters", "in each block"),
    "network.depth": ("Depth", "convolutions in each block"),
    "network.hidden": ("Hidden units", "of the first fully connected layer"),
    "network.dropout": ("Dropout", "share of values silenced while training"),
    "network.drop_path_rate": ("Stochastic depth", "share of blocks skipped while training"),
}
#: Settings that name a variant, and what is there instead of one.
NO_MODEL_LABELS = {"start": "random numbers", "teacher": "none"}
#: Zero means that these are not used at all.
OFF_AT_ZERO = {
    "label_smoothing", "mixup", "ema", "warmup", "weight_decay", "votes", "teacher_share",
    *(key for key in SETTINGS if key.startswith("augmentation.")),
}  # fmt: skip


def heading(variant: ModelSpec) -> str:
    """What the section is called."""
    return "Fitted numbers" if variant.members else "Recipe"


def section(variant: ModelSpec) -> str:
    """Markdown: the recipe of a network, or the fitted numbers of a composite.

    Raises `WeightsError` where a composite's numbers are missing or damaged.
    """
    if variant.members:
        return _fitted(variant)
    rows = setting_rows((summaries.load_summary(variant) or {}).get("recipe", {}))
    shown = [
        (f"**{name}**: {what}" if what else f"**{name}**", value) for name, value, what in rows
    ]
    return table(("Setting", "Value"), shown)


def setting_rows(recipe: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, explanation) of every setting; one that is not known keeps its own name."""
    flat = dict(_flat(recipe))
    keys = [key for key in SETTINGS if key in flat] + [key for key in flat if key not in SETTINGS]
    return [(_named(key)[0], _value(key, flat[key]), _named(key)[1]) for key in keys]


def _fitted(variant: ModelSpec) -> str:
    numbers = weights_file.load_fitted(variant)
    if not numbers:
        return "Nothing was fitted: the answers of its parts weigh the same."
    text = []
    if "multiclass_share" in numbers:
        share = numbers["multiclass_share"]
        text.append(
            f"The multi-class CNN's probabilities count **{percent(share)}**, the recalibrated "
            f"yes/no answers {percent(1 - share)}: of 21 shares tried, the one of least log loss "
            "on PublicTest."
        )
    if "slope" in numbers:
        text.append(
            "Each yes/no model's log-odds are multiplied by its slope, its offset is added, and "
            "softmax makes the seven compete. A slope below 1 makes an answer more modest, an "
            "offset above 0 lets the emotion win more often."
        )
        rows = zip(EMOTIONS, numbers["slope"], numbers["offset"], strict=True)
        shown = [(name, f"{slope:.2f}", signed(offset, 2)) for name, slope, offset in rows]
        text.append(table(("Emotion", "Slope", "Offset"), shown))
    if "coefficients" in numbers:
        text.append(_stacking(numbers))
    return "\n\n".join(text)


def _stacking(numbers: Mapping[str, Any]) -> str:
    """Only what weighs on an emotion's own two answers: fourteen columns fit no phone."""
    coefficients, k = numbers["coefficients"], len(EMOTIONS)
    rows = [
        (name, *(signed(each, 2) for each in (own[i], own[k + i], numbers["intercept"][i])))
        for i, (name, own) in enumerate(zip(EMOTIONS, coefficients, strict=True))
    ]
    return (
        "Each emotion weighs all fourteen answers, 7 × 14 coefficients and 7 offsets in all. The "
        "table shows how much an emotion counts on its own two answers; near 0 means that it "
        "hardly listens.\n\n"
        + table(("Emotion", "Own yes/no", "Own multi-class", "Offset"), rows)
        + f"\n\nStrength of regularisation: C = {numbers['regularisation']:g}, chosen by "
        "five-fold cross-validation on PublicTest; smaller holds the coefficients nearer to 0."
    )


def _named(key: str) -> tuple[str, str]:
    plain = key.replace(".", ": ").replace("_", " ")
    return SETTINGS.get(key, (plain[0].upper() + plain[1:], ""))


def _value(key: str, value: Any) -> str:
    if key == "optimizer":
        return OPTIMIZERS.get(value, str(value))
    if key in NO_MODEL_LABELS:
        return MODELS[value].title if value in MODELS else NO_MODEL_LABELS[key]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "size" and not value:
        return "usual"
    if key in OFF_AT_ZERO and value == 0:
        return "off"
    if key == "phases":
        return "; ".join(map(_phase, value)) or "one"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _phase(phase: Mapping[str, Any]) -> str:
    """E.g. `from 80 %: 64 pixels, 4 blocks a stage`."""
    size = f"{phase['size']} pixels" if phase["size"] else "full size"
    blocks = f"{phase['blocks']} block{'s' * (phase['blocks'] > 1)} a stage"
    told = [size, blocks if phase["blocks"] else "all blocks"]
    if phase.get("mixup") is not None:
        told.append(f"mixup {phase['mixup']:g}")
    if phase.get("restart"):
        told.append("the learning rate begins anew")
    return f"from {percent(phase['start'])}: {', '.join(told)}"


def _flat(recipe: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in recipe.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
