"""The London Set's results in words: how well smiles of different people are found."""

from collections.abc import Sequence
from typing import Any

from fer_core.errors import ResultsError
from fer_core.evaluation import fairness
from fer_core.evaluation.fairness import EVERYBODY, GroupResult
from fer_core.evaluation.near_copies import Share
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.export import with_interval
from fer_core.reports.format import format_ends, percent, percent_with_interval
from fer_core.reports.markdown import table

HEADING = "Smiles of different people"
#: Names of the groups, as the people of the set described themselves.
GROUPS = {
    "white": "White",
    "black": "Black",
    "east_asian": "East Asian",
    "west_asian": "West Asian",
    "female": "women",
    "male": "men",
    EVERYBODY: "everybody",
}
CAUTION = (
    "Who smiled is known, not how strongly: some smiles are faint, and people might call them "
    "neutral too. Groups are small and self-reported, so read the intervals; no difference between "
    "groups is tested."
)


def results(model: ModelSpec) -> list[GroupResult]:
    """A model's results, everybody first.

    Raises:
        ResultsError: They are missing or damaged, or those of other weights.
    """
    rows = fairness.load().for_model(model)
    if not rows:
        raise ResultsError(
            f"{model.title} has no results on the London Set for its present weights: run "
            "`python -m training.fairness FOLDER`."
        )
    return rows


def group_name(row: GroupResult) -> str:
    """'Black', 'women', 'aged 25 to 34'."""
    return GROUPS.get(row.group, f"aged {row.group}" if row.attribute == "age_group" else row.group)


def verdict(model: ModelSpec, rows: Sequence[GroupResult]) -> str:
    """The range of the shares of smiles found, by ethnicity and by gender, as Markdown."""
    everybody = rows[0]
    ranges = []
    for attribute in ("ethnicity", "gender"):
        groups = sorted(
            (row for row in rows if row.attribute == attribute), key=lambda row: row.smiles.value
        )
        if len(groups) > 1:
            ranges.append(f"by {attribute}, from {_share(groups[0])} to {_share(groups[-1])}")
    text = "; ".join(ranges)
    return (
        f"{model.title} calls {percent(everybody.smiles.value)} of the posed smiles of "
        f"{everybody.people} people happy, and {percent(everybody.neutral.value)} of their "
        f"neutral faces neutral. Smiles called happy {text}."
    )


def section(model: ModelSpec) -> str:
    """A model's results as Markdown; raises `ResultsError` like `results`."""
    rows = results(model)
    body = [
        (
            group_name(row),
            str(row.people),
            _with_ends(row.smiles),
            _with_ends(row.neutral),
            f"{row.area:.2f} ({row.area_interval.low:.2f}–{row.area_interval.high:.2f})",
            _with_ends(row.above_threshold),
        )
        for row in rows
    ]
    heads = (
        *("Group", "People", "Smiles called happy", "Neutral called neutral", "ROC area"),
        f"Smiles found at {percent(fairness.NEUTRAL_KEPT)} neutral",
    )
    return (
        f"{verdict(model, rows)}\n\n{table(heads, body)}\n\nOne smiling and one neutral photo of "
        "each person. In brackets: 95 % intervals (Wilson; for the area a bootstrap over people). "
        "Always answering happy would find every smile and keep no neutral face. ROC area: how "
        "often a smile gets a higher probability of happy than a neutral face; 0.5 is chance. Last "
        "column: smiles above the probability of happy that "
        f"{percent(fairness.NEUTRAL_KEPT)} of these neutral faces stay below. {CAUTION} The set "
        f"only measures: nothing was trained or chosen on it. Photos: {fairness.CREDIT}."
    )


def csv_rows() -> list[dict[str, Any]]:
    """One row per model and group, for the download; raises `ResultsError` without results."""
    committed = fairness.load()
    return [
        {"model": name, "attribute": row.attribute, "group": row.group, "people": row.people}
        | with_interval("smiles_called_happy", row.smiles.value, row.smiles.interval)
        | with_interval("neutral_called_neutral", row.neutral.value, row.neutral.interval)
        | with_interval("roc_area", row.area, row.area_interval)
        | with_interval(
            "smiles_at_threshold", row.above_threshold.value, row.above_threshold.interval
        )
        for name, model in MODELS.items()
        for row in committed.for_model(model)
    ]


def _with_ends(share: Share) -> str:
    return percent_with_interval(share.value, share.interval, 0)


def _share(row: GroupResult) -> str:
    """'**61 %** (49–72) of the 69 White people's'."""
    share, ends = percent(row.smiles.value), format_ends(row.smiles.interval, 0)
    people = "'s" if row.attribute == "gender" else " people's"
    return f"**{share}** ({ends}) of the {row.people} {group_name(row)}{people}"
