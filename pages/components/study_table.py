"""The study's yes/no accuracies and ours, beside the accuracy of always answering "no"."""

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.evaluation import accuracy, study
from fer_core.registry import get_model_spec
from fer_core.reports.format import percent
from pages.text.markup import table


def split_label(split: str = accuracy.SPLIT) -> str:
    """'PrivateTest, 3,589 faces'; the split alone until a model is evaluated."""
    n = accuracy.image_count(split)
    return split if n is None else f"{split}, {n:,} faces"


def yes_no_table() -> str:
    """HTML with one row per emotion: each accuracy beside that of always answering "no"."""
    study_accuracy = study.yes_no_accuracy()
    results = summaries.load_summary(get_model_spec(study.YES_NO_MODEL))
    ours = results["splits"]["PrivateTest"].get("yes_no") if results else None
    heads = ["Emotion", "Study", "Always “no”"]
    heads += ["Ours", "Always “no”", "Ours, balanced"] if ours else []
    rows = []
    for name in EMOTIONS:
        cells = [percent(study_accuracy[name], 2), percent(study.always_no_accuracy(name), 2)]
        if ours:
            scores = ours[name]
            keys = ("accuracy", "no_skill", "balanced_accuracy")
            cells += [percent(scores[key], 1) for key in keys]
        rows.append([name, *cells])
    return table(heads, rows)
