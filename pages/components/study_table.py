"""The study's yes/no accuracies and ours, beside the accuracy of always answering "no"."""

from collections.abc import Mapping

from fer_core.artifacts import summaries
from fer_core.emotions import EMOTIONS
from fer_core.errors import ResultsError
from fer_core.evaluation import accuracy, study, yes_no
from fer_core.evaluation.yes_no import YesNo
from fer_core.registry import get_model_spec
from fer_core.reports.format import format_ends, p_value, percent, points
from pages.text.markup import concat, table, tag

#: What the small print in the table means.
TEST_NOTE = (
    "Below our numbers: 95 % intervals (Wilson; bootstrap for balanced accuracy). Below “always "
    "no”: our gain over it in points, with McNemar's exact test on the same faces; “chance” where "
    "p is at least 0.05, each of the seven tests judged alone."
)


def split_label(split: str = accuracy.SPLIT) -> str:
    """'PrivateTest, 3,589 faces'; the split alone until a model is evaluated."""
    n = accuracy.image_count(split)
    return split if n is None else f"{split}, {n:,} faces"


def decisions() -> Mapping[str, YesNo] | None:
    """Our yes/no models' decisions by emotion; None without a summary or predictions."""
    if summaries.load_summary(get_model_spec(study.YES_NO_MODEL)) is None:
        return None
    try:
        return yes_no.split_yes_no(accuracy.SPLIT)
    except ResultsError:
        return None


def yes_no_table() -> str:
    """HTML with one row per emotion: each accuracy beside that of always answering "no"."""
    study_accuracy, ours = study.yes_no_accuracy(), decisions()
    heads = ["Emotion", "Study", "Always “no”"]
    heads += ["Ours", "Always “no”", "Ours, balanced"] if ours else []
    rows = []
    for name in EMOTIONS:
        cells: list[object] = [
            name,
            percent(study_accuracy[name], 2),
            percent(study.always_no_accuracy(name), 2),
        ]
        rows.append(cells + (_our_cells(ours[name]) if ours else []))
    return table(heads, rows, "plain yes-no")


def _our_cells(decision: YesNo) -> list[object]:
    return [
        _with_interval(decision, "accuracy"),
        _always_no(decision),
        _with_interval(decision, "balanced_accuracy"),
    ]


def _with_interval(decision: YesNo, rate: str) -> str:
    counts = decision.counts
    interval = counts.interval(rate)
    ends = "" if interval is None else tag("small", format_ends(interval))
    return concat((percent(getattr(counts, rate), 1), ends))


def _always_no(decision: YesNo) -> str:
    comparison = decision.comparison
    gain = f"gain {points(comparison.difference)}, "
    chance = "chance, " if comparison.could_be_chance else ""
    p = p_value(comparison.tested_p)
    return concat((percent(decision.counts.baseline, 1), tag("small", gain, chance, p)))


def test_columns(decision: YesNo) -> dict[str, float | None]:
    """Columns of a CSV: the intervals, and the gain over always "no" with its test."""
    columns: dict[str, float | None] = {}
    for rate in ("accuracy", "balanced_accuracy", "recall"):
        low, high = decision.counts.interval(rate) or (None, None)
        columns |= {f"our_private_test_{rate}_low": low, f"our_private_test_{rate}_high": high}
    gain = decision.comparison
    return columns | {
        "our_private_test_gain": gain.difference,
        "our_private_test_gain_low": gain.interval.low,
        "our_private_test_gain_high": gain.interval.high,
        "our_private_test_gain_p_value": gain.p_value,
    }
