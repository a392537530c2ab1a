"""How far a model's score varies between training runs, in words."""

from collections.abc import Sequence

from fer_core.errors import ResultsError
from fer_core.evaluation.seeds import SeedSpread, public_interval, seed_spread
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import format_interval, join_words, number_word
from fer_core.reports.markdown import table


def model_sentences(model: ModelSpec) -> str:
    """The spread of one model, beside its intervals; a missing or damaged file is named."""
    try:
        spread = seed_spread(model.name)
    except ResultsError as error:
        return str(error)
    if spread:
        return f"{_runs(spread, 'it')} The intervals here do not include that spread."
    return (
        f"It was {'fitted' if model.members else 'trained'} once: how much another training run "
        "would change its scores is not known, and the intervals do not include it."
    )


def comparison_sentences(models: Sequence[ModelSpec]) -> str:
    """The spread of the models that were trained several times, and of which it is unknown.

    Args:
        models: Registered or own models.

    Returns:
        Sentences; without a model, none. A missing or damaged file is named.
    """
    try:
        spreads = [
            (model.title, None if model.is_own else seed_spread(model.name)) for model in models
        ]
    except ResultsError as error:
        return str(error)
    known = [_runs(spread, title) for title, spread in spreads if spread]
    unknown = [title for title, spread in spreads if not spread]
    if unknown:
        rest = "the other models" if known and len(unknown) > 1 else join_words(unknown)
        known.append(
            f"Of {rest}, only one training run is known: how much another would differ is not."
        )
    return " ".join(known)


def markdown_table() -> str:
    """The spread of every model that was trained several times, beside the test-set interval."""
    heads = ["model", "runs", "mean", "sd", "lowest – highest", "half-width of the interval"]
    spreads = [(name, seed_spread(name)) for name in MODELS]
    return table(heads, [_row(name, spread) for name, spread in spreads if spread])


def _row(name: str, spread: SeedSpread) -> list[str]:
    interval = public_interval(name)
    return [
        f"`{name}`{', by the crowd' if spread.by_crowd else ''}",
        str(spread.n),
        f"{100 * spread.mean:.2f}",
        f"{100 * spread.sd:.2f} ({_sd_bounds(spread)})",
        f"{100 * spread.low:.2f} – {100 * spread.high:.2f}",
        f"{50 * (interval.high - interval.low):.2f}" if interval else "",
    ]


def _runs(spread: SeedSpread, subject: str) -> str:
    where = "PublicTest"
    if spread.by_crowd:
        where += " (by the crowd's majority, on the faces with no copy in Training)"
    start = f", all from the weights of one {MODELS[spread.start].title}" if spread.start else ""
    return (
        f"In {number_word(spread.n)} training runs that differ in seed, hardware or code{start}, "
        f"{subject} had an accuracy of {format_interval((spread.low, spread.high))} on {where}, "
        f"with a standard deviation of {100 * spread.sd:.1f} points (95 % interval "
        f"{_sd_bounds(spread)}: so few runs say little)."
    )


def _sd_bounds(spread: SeedSpread) -> str:
    """The 95 % interval of the standard deviation, in points: '0.3 to 2.0'."""
    low, high = spread.sd_interval
    return f"{100 * low:.1f} to {100 * high:.1f}"
