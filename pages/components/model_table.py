"""Table of the models: description, accuracy, number of parameters and speed."""

from collections.abc import Mapping

from markupsafe import Markup

from fer_core.artifacts import summaries, weights_file
from fer_core.artifacts.speed import Speed
from fer_core.evaluation import accuracy, study
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import format_interval, percent
from pages.text import markup
from pages.text.markup import Cell, concat, tag

#: Column headers before the time, each with the small print below it.
COLUMNS = (
    ("Model", ""),
    ("Study's accuracy", "its validation folder"),
    ("Our accuracy", "FER2013 PrivateTest"),
    ("Parameters", ""),
)


def table(measured: Speed | None, where: str) -> Markup:
    """The table as HTML.

    Args:
        measured: The time per face, if known.
        where: On which machine, in few words.
    """
    columns = (*COLUMNS, ("Time per face", where))
    head = [
        concat((name, tag("br"), tag("small", note)) if note else (name,)) for name, note in columns
    ]
    times = measured.face_ms if measured else {}
    rows = [_row(model, times.get(model.name)) for model in MODELS.values()]
    return markup.table(head, rows, "models")


def _row(model: ModelSpec, milliseconds: float | None) -> list[object]:
    parameters = weights_file.parameter_count(model)
    description = tag("span", model.kind, class_="kind"), tag("small", model.summary)
    cells = (
        ("Study", _study(model)),
        ("Ours", _ours(model)),
        ("Parameters", "—" if parameters is None else _count(parameters)),
        ("Time", "—" if milliseconds is None else f"{milliseconds:.1f} ms"),
    )
    rest = [Cell(tag("div", cell), {"data_label": label}) for label, cell in cells]
    return [concat((model.title, *description)), *rest]


def _study(model: ModelSpec) -> str:
    reported = model.study_accuracy
    if isinstance(reported, Mapping):
        low, high = min(reported.values()), max(reported.values())
        note = "seven yes/no accuracies; always answering “no” scores the same (see below)"
        return concat((f"{percent(low, 2)} to {percent(high, 2)}", tag("small", note)))
    return "not in the study" if reported is None else meter(reported, study.BASELINE)


def _ours(model: ModelSpec) -> str:
    result = accuracy.load_accuracy(model)
    if result is None:
        is_ready = weights_file.is_ready(model)
        state = summaries.missing_results(model) if is_ready else "not trained yet"
        return tag("span", state, class_="untrained")
    cell = meter(result.value, result.baseline, result.interval)
    if isinstance(model.study_accuracy, Mapping):
        cell += tag("small", "as one answer: the highest “yes” score wins")
    if summaries.trained_by_votes(model) and (crowd := accuracy.load_own_accuracy(model)):
        cell += tag(
            "small",
            "by these labels, which it was not taught; it gives the answer of the crowd's clear "
            f"majority on {percent(crowd.value, 1)} ({format_interval(crowd.interval)}) of the "
            f"{crowd.n:,} faces with one, baseline {percent(crowd.baseline, 1)}",
        )
    return cell


def meter(value: float, baseline: float, interval: Interval | None = None) -> Markup:
    """An accuracy as number and bar, with a tick at the baseline and its 95 % interval, if any."""
    spread, digits = Markup(""), 2  # the study's accuracies are quoted as printed
    if interval is not None:
        ends = format_interval(interval, unit=False)
        spread, digits = " " + tag("span", ends, class_="interval"), 1
    bar = tag("span", class_="meter", style=f"--value:{value:.4f};--tick:{baseline:.4f}")
    tick_label = tag("small", f"baseline {percent(baseline, 1)}")
    return concat((tag("b", percent(value, digits)), spread, bar, tick_label))


def _count(number: int) -> str:
    return f"{number / 1e6:.1f} million" if number >= 100_000 else f"{number:,}"
