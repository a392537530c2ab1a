"""The tables of docs/near_copies.md, as Markdown."""

from fer_core.artifacts.predictions import SPLITS
from fer_core.artifacts.summaries import evaluated_models
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import copy_agreement, near_copies
from fer_core.evaluation.near_copies import Share
from fer_core.reports.format import format_interval

PRIVATE = "PrivateTest"
#: The models whose recall is tabulated: one trained from scratch, one pretrained.
RECALL_MODELS = ("multiclass", "resnet101")


def emotions_table() -> str:
    """The share of copies per emotion and split."""
    lines = [_row("label", *(f"{split}, copies" for split in SPLITS)), "|---|---|---|"]
    shares = [near_copies.copy_shares(split) for split in SPLITS]
    lines += [_row(name, *(_counted(part[name]) for part in shares)) for name in EMOTIONS]
    lines.append(_row("**all**", *(_counted(near_copies.total_share(split)) for split in SPLITS)))
    return "\n".join(lines)


def accuracy_table() -> str:
    """Accuracy with and without a copy, per model and split."""
    lines = [_row("model", "split", "all", "with a copy", "no copy"), "|---|---|---|---|---|"]
    for model in evaluated_models():
        for split in SPLITS:
            accuracy = near_copies.accuracy(model.name, split)
            shares = accuracy.all, accuracy.copied, accuracy.other
            lines.append(_row(f"`{model.name}`", split, *map(_share, shares)))
    return "\n".join(lines)


def recall_table() -> str:
    """Recall per emotion with and without a copy, PrivateTest."""
    head = [f"`{name}`, {kind}" for name in RECALL_MODELS for kind in ("with a copy", "no copy")]
    lines = [_row("label", *head), "|---|---|---|---|---|"]
    recall = [near_copies.recall(name, PRIVATE) for name in RECALL_MODELS]
    for emotion in EMOTIONS:
        shares = [share for part in recall for share in part[emotion]]
        lines.append(_row(emotion, *map(_counted, shares)))
    return "\n".join(lines)


def conflicts_table() -> str:
    """Answers to the faces whose copy has another label, PrivateTest."""
    lines = [
        _row("model", "faces", "Training's label", "the test's label", "neither", "Training's, %"),
        "|---|---|---|---|---|---|",
    ]
    for model in evaluated_models():
        counts = near_copies.conflicts(model.name, PRIVATE)
        lines.append(_row(f"`{model.name}`", counts.n, *counts, _share(counts.training_share)))
    return "\n".join(lines)


def labels_table() -> str:
    """How often a copy has the same label."""
    lines = [_row("copies", *SPLITS), "|---|---|---|"]
    for title, identical in (("all", True), ("not pixel-identical", False)):
        shares = (near_copies.same_label(split, identical=identical) for split in SPLITS)
        lines.append(_row(title, *map(_counted, shares)))
    return "\n".join(lines)


def crowd_table() -> str:
    """FER+ agreement with and without a copy, PrivateTest."""
    agreement = copy_agreement.load()[PRIVATE]
    lines = [_row("PrivateTest", "with a copy", "no copy"), "|---|---|---|"]
    rows = {
        "has a clear majority": agreement.with_majority,
        "shows no face": agreement.no_face,
        "FER2013's label is the majority": agreement.labels,
    }
    for model in evaluated_models():
        contrast = agreement.for_model(model)
        if contrast is not None:
            rows[f"`{model.name}` answers the majority"] = contrast
    lines += [_row(title, *map(_counted, contrast)) for title, contrast in rows.items()]
    return "\n".join(lines)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _share(share: Share) -> str:
    """'81.1 (78.5 to 83.5)', in percent."""
    return f"{100 * share.value:.1f} ({format_interval(share.interval, unit=False)})"


def _counted(share: Share) -> str:
    """'32 of 34: 94.1 (80.9 to 98.4)', in percent."""
    return f"{share.hits:,} of {share.n:,}: {_share(share)}"
