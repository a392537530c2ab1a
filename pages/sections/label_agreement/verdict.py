"""The verdict of Label agreement as text: with the crowd or with the label, in both directions."""

from collections.abc import Mapping, Sequence

from fer_core.evaluation.ferplus_agreement import ModelAgreement
from fer_core.evaluation.ferplus_contrast import directions
from fer_core.evaluation.uncertainty import bonferroni_level
from fer_core.registry import MODELS
from fer_core.reports.format import format_number_interval, join_words, p_value


def accuracy_verdict(rows: Mapping[str, ModelAgreement]) -> str:
    """Which models agree more with the crowd, which more with the label, which with neither."""
    by_direction = directions({name: row.difference_interval for name, row in rows.items()})
    more, less, undecided = (len(names) for names in by_direction)
    text = (
        f"**{more} of {len(rows)} models {_agree(more)} with the crowd significantly more often "
        f"than with the label{_named(by_direction.higher)}, {less} significantly less "
        f"often{_named(by_direction.lower)}, and {undecided} cannot be told apart**, "
        "each judged alone by "
        "the paired 95 % interval of its difference."
    )
    borderline = [
        f"{MODELS[name].title} ({p_value(rows[name].contrast.p_value)})"
        for name in (*by_direction.higher, *by_direction.lower)
        if rows[name].contrast.p_value >= bonferroni_level(1)
    ]
    if borderline:
        text += f" McNemar's exact test is not significant for {join_words(borderline)}."
    level = bonferroni_level(len(rows))
    remaining = [name for name, row in rows.items() if row.contrast.p_value < level]
    titles = join_words([_title(name, rows[name]) for name in remaining]) or "none"
    return (
        f"{text} After Bonferroni's correction for {len(rows)} tests there "
        f"{'remains' if len(remaining) < 2 else 'remain'} {titles}."
    )


def untested_verdict(rows: Mapping[str, ModelAgreement], split: str) -> str:
    """The same for a split whose labels chose the models: counts without a test, and why."""
    more = sum(row.difference > 0 for row in rows.values())
    less = sum(row.difference < 0 for row in rows.values())
    return (
        f"**{more} of {len(rows)} models {_agree(more)} more often with the crowd, {less} more "
        f"often with the label.** {split}'s labels chose the models' epochs and settings, which "
        "favours the label here, so no test is made on this split; PrivateTest's is fair."
    )


def kappa_verdict(rows: Mapping[str, ModelAgreement], *, tested: bool) -> str:
    """For how many models kappa is higher with the crowd, and for how many beyond chance."""
    higher = sum(row.contrast.kappa_difference > 0 for row in rows.values())
    lower = sum(row.contrast.kappa_difference < 0 for row in rows.values())
    best = max(rows, key=lambda name: rows[name].majority_kappa)
    by_direction = directions(
        {name: row.contrast.kappa_difference_interval for name, row in rows.items()}
    )
    text = f"**κ is higher with the crowd for {higher} of {len(rows)} models"
    if tested:
        text += (
            ", beyond chance for "
            f"{len(by_direction.higher)}{_named(by_direction.higher)}, and lower for "
            f"{lower}, beyond chance for {len(by_direction.lower)}**{_named(by_direction.lower)}, "
            "each judged alone by the paired 95 % interval of its difference"
        )
    else:
        text += f" and lower for {lower}**"
    row = rows[best]
    return (
        f"{text}. The highest κ with the crowd is that of “{MODELS[best].title}”: "
        f"{row.majority_kappa:.2f} "
        f"(95 % interval {format_number_interval(row.contrast.majority_kappa_interval)}), and "
        f"{row.label_kappa:.2f} "
        f"({format_number_interval(row.contrast.label_kappa_interval)}) with the labels."
    )


def _agree(count: int) -> str:
    return "agrees" if count == 1 else "agree"


def _named(names: Sequence[str]) -> str:
    return f" ({join_words([MODELS[name].title for name in names])})" if names else ""


def _title(name: str, row: ModelAgreement) -> str:
    side = "crowd" if row.difference > 0 else "label"
    return f"{MODELS[name].title}, which agrees more with the {side}"
