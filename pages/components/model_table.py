"""The models as one table: what they are, how often they are right, how big, how fast."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts import weights_file
from fer_core.errors import WeightsError
from fer_core.evaluation import accuracy, study
from fer_core.evaluation.uncertainty import Interval
from fer_core.registry import MODELS, ModelSpec
from fer_core.reports.format import half_width, percent
from pages.text import markup
from pages.text.markup import Cell, concat, tag

#: Heads of the columns, each with what stands small below it.
COLUMNS = (
    ("Model", ""),
    ("Study's accuracy", "its validation folder"),
    ("Our accuracy", "FER2013 PrivateTest"),
    ("Size", "stored numbers"),
    ("Speed", "here, one face"),
)


def table(milliseconds: Mapping[str, float]) -> Markup:
    """HTML of the table; `milliseconds` of the models measured so far."""
    head = [
        concat((name, tag("br"), tag("small", what)) if what else (name,)) for name, what in COLUMNS
    ]
    rows = [_row(variant, milliseconds.get(variant.name)) for variant in MODELS.values()]
    return markup.table(head, rows, "models")


def _row(variant: ModelSpec, milliseconds: float | None) -> list[object]:
    numbers = weights_file.parameter_count(variant)
    what = tag("span", variant.kind, class_="kind"), tag("small", variant.summary)
    cells = (
        ("Study", _study(variant)),
        ("Ours", _ours(variant)),
        ("Size", "—" if numbers is None else _count(numbers)),
        ("Speed", "—" if milliseconds is None else f"{milliseconds:.1f} ms"),
    )
    rest = [Cell(tag("div", cell), {"data_label": label}) for label, cell in cells]
    return [concat((variant.title, *what)), *rest]


def _study(variant: ModelSpec) -> str:
    told = variant.study_accuracy
    if isinstance(told, Mapping):
        low, high = min(told.values()), max(told.values())
        what = "yes/no, an emotion each; what always saying “no” gets, see below"
        return concat((f"{percent(low, 2)} to {percent(high, 2)}", tag("small", what)))
    return "—" if told is None else meter(told, study.BASELINE)


def _ours(variant: ModelSpec) -> str:
    told = accuracy.load_accuracy(variant)
    if told is None:
        state = "not evaluated yet" if weights_file.is_ready(variant) else "not trained yet"
        return tag("span", state, class_="untrained")
    shown = meter(told.value, told.baseline, told.interval)
    if isinstance(variant.study_accuracy, Mapping):
        shown += tag("small", "seven-way: the strongest yes wins")
    return shown


def meter(value: float, baseline: float, interval: Interval | None = None) -> Markup:
    """An accuracy as number and bar, with a tick where no skill would end, and beside the number
    its 95 % interval, if there is one."""
    spread, digits = Markup(""), 2  # the study's numbers are quoted as it printed them
    if interval is not None:
        spread, digits = " " + tag("span", half_width(interval), class_="interval"), 1
    bar = tag("span", class_="meter", style=f"--value:{value:.4f};--tick:{baseline:.4f}")
    luck = tag("small", f"no skill {percent(baseline, 1)}")
    return concat((tag("b", percent(value, digits)), spread, bar, luck))


def _count(number: int) -> str:
    return f"{number / 1e6:.1f} million" if number >= 100_000 else f"{number:,}"


def measure_speed() -> None:
    """Time one face for every model; kept for the session as `milliseconds`."""
    # Imported only when wanted: the pages themselves need no inference engine.
    from fer_core.reports.benchmark import latency_per_face_ms
    from pages.session import work

    try:
        with work.spinner("Measuring every model, some seconds") as run:
            st.session_state["milliseconds"] = run(latency_per_face_ms)
    except WeightsError as error:
        st.error(str(error))
