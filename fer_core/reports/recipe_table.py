"""A recipe, or the fitted parameters of an ensemble, as readable tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from fer_core.artifacts import summaries, weights_file
from fer_core.emotions import EMOTIONS
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import percent, signed
from fer_core.reports.markdown import table

OPTIMIZERS = {"sgd": "SGD with Nesterov momentum 0.9", "adam": "AdamW"}

#: Name and one-line explanation of every setting, in display order.
SETTINGS = {
    "epochs": ("Epochs", "planned passes over Training"),
    "batch": ("Batch size", "images per step"),
    "optimizer": ("Optimiser", "turns gradients into weight updates"),
    "learning_rate": ("Learning rate", "peak value, followed by cosine decay to zero"),
    "warmup": ("Warm-up", "fraction of a cycle's steps in which the learning rate rises"),
    "weight_decay": ("Weight decay", "pulls weights towards zero at every step"),
    "label_smoothing": ("Label smoothing", "fraction of a label spread over all seven emotions"),
    "mixup": ("Mixup", "blends pairs of images; alpha of the beta distribution; phases may differ"),
    "balanced": ("Balanced loss", "“yes” and “no” faces of an emotion have equal weight"),
    "yes_no": ("Yes/no outputs", "seven, each with a binary cross-entropy loss of its own"),
    "ema": ("Weight averaging", "moving average of the weights, which is saved; decay per step"),
    "patience": ("Patience", "epochs without a better PublicTest score before training stops"),
    "seed": ("Seed", "of the random number generators"),
    "start": ("Initialisation", "model whose weights it starts from"),
    "dropout_samples": ("Dropout masks", "per image; each step averages the loss over all of them"),
    "teacher": ("Teacher", "model whose outputs for the same crop are part of the targets"),
    "teacher_share": ("Teacher share", "weight of the teacher's outputs in the targets"),
    "temperature": ("Temperature", "divides every logit; fitted on PublicTest"),
    "logit_adjustment": (
        "Logit adjustment",
        "raises the logits of rare emotions; τ chosen on PublicTest",
    ),
    "vector_scaling": ("Vector scaling", "a slope and an offset per logit, fitted on PublicTest"),
    "votes": (
        "FER+ votes",
        "annotators' weight in the targets, not counting the teacher's share",
    ),
    "by_votes": ("By the votes", "FER+ votes replace FER2013's labels, also to choose the epoch"),
    "size": ("Input size", "pixels per side, if not the model's default"),
    "phases": ("Phases", "input size, depth and more, from the given fraction of the steps on"),
    "augmentation.degrees": ("Rotation", "up to this many degrees either way"),
    "augmentation.scale": ("Zoom", "factor within 1 ± this value"),
    "augmentation.shift": ("Shift", "up to this fraction of the side, either way"),
    "augmentation.flip": ("Horizontal flip", "for half of the images"),
    "augmentation.brightness": ("Brightness", "change of grey values (0 to 1) by up to this value"),
    "augmentation.contrast": ("Contrast", "factor within 1 ± this value"),
    "augmentation.erase": ("Random erasing", "fraction of the images that lose a rectangle"),
    "augmentation.faults": (
        "Faults",
        "probability of each: other exposure, low resolution, blur, noise, JPEG",
    ),
    "network.widths": ("Filters", "per block"),
    "network.depth": ("Depth", "convolutions per block"),
    "network.hidden": ("Hidden units", "of the first fully connected layer"),
    "network.dropout": ("Dropout", "fraction of activations zeroed during training"),
    "network.drop_path_rate": ("Stochastic depth", "fraction of blocks skipped during training"),
}
#: Settings that name a model, and the text shown if there is none.
NO_MODEL_LABELS = {"start": "random weights", "teacher": "none"}
#: Settings for which zero is shown as "off".
OFF_AT_ZERO = {
    "label_smoothing", "mixup", "ema", "warmup", "weight_decay", "votes", "teacher_share",
    *(key for key in SETTINGS if key.startswith("augmentation.")),
}  # fmt: skip


def heading(model: ModelSpec) -> str:
    """Heading of `section`."""
    return "Fitted parameters" if model.members else "Recipe"


def section(model: ModelSpec) -> str:
    """The recipe of a network, or the fitted parameters of an ensemble, as Markdown.

    Raises:
        WeightsError: The parameters of an ensemble are missing or damaged.
    """
    if model.members:
        return _fitted_parameters(model)
    rows = setting_rows((summaries.load_summary(model) or {}).get("recipe", {}))
    body = [(f"**{name}**: {note}" if note else f"**{name}**", value) for name, value, note in rows]
    return table(("Setting", "Value"), body)


def setting_rows(recipe: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, explanation) of every setting; an unknown setting is named after its key."""
    flat = dict(_flatten(recipe))
    keys = [key for key in SETTINGS if key in flat] + [key for key in flat if key not in SETTINGS]
    rows = []
    for key in keys:
        name, explanation = _name_and_explanation(key)
        rows.append((name, _value_text(key, flat[key]), explanation))
    return rows


def _fitted_parameters(model: ModelSpec) -> str:
    parameters = weights_file.load_fitted(model)
    if not parameters:
        return "Nothing was fitted: all members have equal weight."
    text = []
    if "multiclass_share" in parameters:
        weight = parameters["multiclass_share"]
        text.append(
            f"The probabilities of the multi-class CNN have a weight of **{percent(weight)}**, the "
            f"recalibrated yes/no models {percent(1 - weight)}: of 21 weights tried, the one with "
            "the lowest log loss on PublicTest."
        )
    if "slope" in parameters:
        text.append(
            "The log-odds of each yes/no model are multiplied by its slope, its offset is added, "
            "and a softmax turns the seven values into probabilities. A slope below 1 lowers the "
            "model's confidence; an offset above 0 makes its emotion win more often."
        )
        rows = zip(EMOTIONS, parameters["slope"], parameters["offset"], strict=True)
        body = [(name, f"{slope:.2f}", signed(offset, 2)) for name, slope, offset in rows]
        text.append(table(("Emotion", "Slope", "Offset"), body))
    if "coefficients" in parameters:
        text.append(_stacking_parameters(parameters))
    return "\n\n".join(text)


def _stacking_parameters(parameters: Mapping[str, Any]) -> str:
    """Each emotion's coefficients for its own two features; fourteen columns fit no phone."""
    k, rows = len(EMOTIONS), []
    for i, name in enumerate(EMOTIONS):
        own = parameters["coefficients"][i]
        values = own[i], own[k + i], parameters["intercept"][i]
        rows.append((name, *(signed(value, 2) for value in values)))
    return (
        "Each emotion has a coefficient for each of the fourteen features and an intercept: 7 × 14 "
        "coefficients and 7 intercepts in all. The table shows its coefficients for its own two "
        "features; near 0 means little influence.\n\n"
        + table(("Emotion", "Own yes/no model", "Own multi-class output", "Intercept"), rows)
        + f"\n\nRegularisation: C = {parameters['regularisation']:g}, chosen by five-fold "
        "cross-validation on PublicTest; smaller values shrink the coefficients towards 0."
    )


def _name_and_explanation(key: str) -> tuple[str, str]:
    words = key.replace(".", ": ").replace("_", " ")
    return SETTINGS.get(key, (words[0].upper() + words[1:], ""))


def _value_text(key: str, value: Any) -> str:
    if key == "optimizer":
        return OPTIMIZERS.get(value, str(value))
    if key in NO_MODEL_LABELS:
        return MODELS[value].title if value in MODELS else NO_MODEL_LABELS[key]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key == "size" and not value:
        return "default"
    if key in OFF_AT_ZERO and value == 0:
        return "off"
    if key == "phases":
        return "; ".join(map(_phase_text, value)) or "one"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _phase_text(phase: Mapping[str, Any]) -> str:
    """For example 'from 80 %: 64 pixels, 4 blocks per stage'."""
    size = f"{phase['size']} pixels" if phase["size"] else "full size"
    blocks = f"{phase['blocks']} block{'s' * (phase['blocks'] > 1)} per stage"
    changes = [size, blocks if phase["blocks"] else "all blocks"]
    if phase.get("mixup") is not None:
        changes.append(f"mixup {phase['mixup']:g}")
    if phase.get("restart"):
        changes.append("learning rate restarts")
    return f"from {percent(phase['start'])}: {', '.join(changes)}"


def _flatten(recipe: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in recipe.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
