"""How PrivateTest was used, in words: the one source of this statement for pages, cards and docs.

The counts come from the ledger of scorings (`fer_core.artifacts.private_test_ledger`).
"""

from collections.abc import Iterable

from fer_core.artifacts import private_test_ledger, summaries
from fer_core.artifacts.private_test_ledger import Scoring
from fer_core.errors import ResultsError
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.markdown import table

_NOT_USED_FOR = "no weight was fitted and no epoch, calibration, threshold or ensemble chosen on it"
_TARGETS = "targets on it decided when to stop improving"
#: What PrivateTest decided and what not; "it" is PrivateTest.
ROLE = f"{_NOT_USED_FOR}, but {_TARGETS}"


def usage() -> str:
    """`ROLE` with the number of scorings, and what follows: two sentences, to go after a colon.

    Without a readable ledger the reason follows instead of the number.
    """
    consequence = "So its scores may be slightly optimistic too."
    try:
        scorings = private_test_ledger.read()
    except ResultsError as error:
        return f"{ROLE}. {consequence} How often it was scored is unknown: {error}"
    return (
        f"{_NOT_USED_FOR}, but {_files(scorings)} sets of weights and ensemble fits "
        f"were scored on it, in {len(scorings)} scorings, and {_TARGETS}. {consequence}"
    )


def model_usage(model: ModelSpec) -> str:
    """How often the model's weights on show, and earlier ones, were scored on PrivateTest.

    Args:
        model: An evaluated model.

    Returns:
        One sentence in which "it" is PrivateTest; without a readable ledger the reason instead.
    """
    try:
        scorings = [row for row in private_test_ledger.read() if row.model == model.name]
    except ResultsError as error:
        return str(error)
    sha256 = (summaries.load_summary(model) or {}).get("sha256")
    current = [row for row in scorings if row.sha256 == sha256]
    earlier = _files(row for row in scorings if row.sha256 != sha256)
    singular, plural = ("fit", "fits") if model.members else ("set of weights", "sets of weights")
    subject = "The fit shown was" if model.members else "The weights shown were"
    ten_crops = _times(sum(row.views > 1 for row in current))
    sentence = f"{subject} scored on it {_times(sum(row.views == 1 for row in current))}"
    if ten_crops != "never":
        sentence += f", and {ten_crops} with ten crops"
    if earlier:
        verb = f"{singular} of this model was" if earlier == 1 else f"{plural} of this model were"
        sentence += f"; {earlier} earlier {verb} scored too, and {_TARGETS}"
    return f"{sentence}."


def counts_table() -> str:
    """Markdown: per model the files that were scored on PrivateTest, and the scorings.

    Raises:
        ResultsError: The ledger is missing or damaged.
    """
    scorings = private_test_ledger.read()
    groups = [(f"`{name}`", [r for r in scorings if r.model == name]) for name in MODELS]
    lines = [
        (
            title,
            str(_files(rows)),
            str(sum(row.views == 1 for row in rows)),
            str(sum(row.views > 1 for row in rows)),
        )
        for title, rows in [*groups, ("all", list(scorings))]
    ]
    return table(("model", "sets of weights or fits", "scorings, one view", "ten crops"), lines)


def _files(scorings: Iterable[Scoring]) -> int:
    """The number of different weights and fit files."""
    return len({(row.model, row.sha256) for row in scorings})


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
