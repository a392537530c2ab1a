"""The table of a model's main scores, for its card."""

from fer_core.errors import ResultsError
from fer_core.evaluation import copy_agreement, ferplus_agreement, leaderboard, near_copies
from fer_core.evaluation.evaluation_set import TEST_SPLIT, committed_set
from fer_core.registry import ModelSpec
from fer_core.reports import calibration_text, seeds_text, standing
from fer_core.reports.format import format_interval, percent
from fer_core.reports.markdown import table

SPLITS = ("PrivateTest", "PublicTest")
#: Explanation below the table of `section`.
NOTE = (
    "In brackets: the 95 % interval over the sampling of test faces (Wilson for accuracy, "
    "otherwise bootstrap). Baseline: always predicting the most common emotion of PrivateTest. "
    "Balanced accuracy is the mean recall of the seven emotions, macro-F1 their mean F1. No copy "
    "in Training: accuracy on the faces that are not the same photograph as an image of FER2013's "
    "Training split. Crowd's majority: accuracy by the answer that most of ten annotators gave "
    "(FER+), on the faces with a clear one. Log loss: mean negative log-likelihood of the label; 0 "
    "is perfect. Calibration error: mean gap between confidence and accuracy."
)


def section(model: ModelSpec) -> str:
    """Table of the main scores on PrivateTest with intervals, the baseline, and PublicTest."""
    test_set = committed_set(TEST_SPLIT)
    row, baseline_row = leaderboard.model_row(test_set, model), leaderboard.baseline_row(test_set)
    public_row = leaderboard.model_row(committed_set("PublicTest"), model)
    columns = row.scores, baseline_row.scores, public_row.scores
    body: list[tuple[str, ...]] = []
    for key, title in (
        ("accuracy", "Accuracy"),
        ("balanced_accuracy", "Balanced accuracy"),
        ("macro_f1", "Macro-F1"),
    ):
        private, baseline, public = (percent(scores.value(key), 1) for scores in columns)
        interval = format_interval(row.intervals[key])
        public += f" ({format_interval(public_row.intervals[key], unit=False)})"
        body.append((title, f"**{private}** ({interval})", baseline, public))
    if row.without_copy is not None and baseline_row.without_copy is not None:
        shares = row.without_copy, baseline_row.without_copy
        private, baseline = (percent(share.value, 1) for share in shares)
        public = percent(near_copies.accuracy(model.name, "PublicTest").other.value, 1)
        interval = format_interval(row.without_copy.interval)
        body.append(("No copy in Training", f"{private} ({interval})", baseline, public))
    body += _crowd_rows(model)
    body.append(("Log loss", *(f"{scores.value('log_loss'):.3f}" for scores in columns)))
    body.append(calibration_text.card_row(model))
    note = (
        "The ensemble was fitted on PublicTest, so its scores there are out of fold: each face is "
        "predicted by a fit that did not see it. The members were selected on PublicTest too, so "
        "that column is slightly optimistic."
        if model.members
        else "The epoch was selected on PublicTest, so that column is slightly optimistic."
    )
    scores = table(("", "PrivateTest", "Baseline", "PublicTest"), body)
    return (
        f"{scores}\n\n{NOTE} {calibration_text.card_note(model)} {note} "
        f"{standing.gap_sentence([model.name])}\n\n{seeds_text.model_sentences(model)}"
    )


def _crowd_rows(model: ModelSpec) -> list[tuple[str, ...]]:
    """The rows by the crowd's majority: all faces, and those without a copy in Training."""
    try:
        agreement, copies = ferplus_agreement.load_agreement(), copy_agreement.load()
    except ResultsError:
        return []
    private, public = (agreement.for_model(model, split) for split in SPLITS)
    if private is None or public is None:
        return []
    interval = format_interval(private.majority_accuracy_interval)
    public_interval = format_interval(public.majority_accuracy_interval, unit=False)
    rows: list[tuple[str, ...]] = [
        (
            "Crowd's majority",
            f"**{percent(private.majority_accuracy, 1)}** ({interval})",
            percent(agreement.labels[SPLITS[0]].majority_baseline, 1),
            f"{percent(public.majority_accuracy, 1)} ({public_interval})",
        )
    ]
    new, new_public = (copies[split].for_model(model) for split in SPLITS)
    if new and new_public:
        rows.append(
            (
                "… and no copy in Training",
                f"{percent(new.other.value, 1)} ({format_interval(new.other.interval)})",
                "",
                percent(new_public.other.value, 1),
            )
        )
    return rows
