"""The models as one table: what they are, how often they are right, how big, how fast."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from fer_core.artifacts import summaries, weights_file
from fer_core.errors import WeightsError
from fer_core.evaluation import study
from fer_core.registry import VARIANTS, ModelSpec
from fer_core.reports.format import percent
from pages.text import markup
from pages.text.markup import Cell, joined, tag

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
        joined((name, tag("br"), tag("small", what)) if what else (name,)) for name, what in COLUMNS
    ]
    rows = [_row(variant, milliseconds.get(variant.name)) for variant in VARIANTS.values()]
    return markup.table(head, rows, "models")


def _row(variant: ModelSpec, milliseconds: float | None) -> list[object]:
    numbers = weights_file.parameters(variant)
    what = tag("span", variant.kind, class_="kind"), tag("small", variant.summary)
    cells = (
        ("Study", _study(variant)),
        ("Ours", _ours(variant)),
        ("Size", "—" if numbers is None else _count(numbers)),
        ("Speed", "—" if milliseconds is None else f"{milliseconds:.1f} ms"),
    )
    rest = [Cell(tag("div", cell), {"data_label": label}) for label, cell in cells]
    return [joined((variant.title, *what)), *rest]


def _study(variant: ModelSpec) -> str:
    accuracy = variant.study_accuracy
    if isinstance(accuracy, Mapping):
        low, high = min(accuracy.values()), max(accuracy.values())
        what = "yes/no, an emotion each; what always saying “no” gets, see below"
        return joined((f"{percent(low, 2)} to {percent(high, 2)}", tag("small", what)))
    return "—" if accuracy is None else meter(accuracy, study.NO_SKILL)


def _ours(variant: ModelSpec) -> str:
    results = summaries.summary(variant)
    if results is None:
        state = "not evaluated yet" if weights_file.ready(variant) else "not trained yet"
        return tag("span", state, class_="untrained")
    split = results["splits"]["PrivateTest"]
    told = meter(split["accuracy"], results["no_skill"]["PrivateTest"], split["n"])
    if isinstance(variant.study_accuracy, Mapping):
        told += tag("small", "seven-way: the strongest yes wins")
    return told


def meter(accuracy: float, no_skill: float, n: int | None = None) -> Markup:
    """An accuracy as number and bar, with a tick where no skill would end.

    With `n` test images the 95 % interval (normal approximation) stands beside the number.
    """
    interval = Markup("")
    if n is not None:
        half = 1.96 * (accuracy * (1 - accuracy) / n) ** 0.5
        interval = " " + tag("span", f"± {half * 100:.1f}", class_="interval")
    digits = 2 if n is None else 1  # the study's numbers are quoted as it printed them
    bar = tag("span", class_="meter", style=f"--value:{accuracy:.4f};--tick:{no_skill:.4f}")
    luck = tag("small", f"no skill {percent(no_skill, 1)}")
    return joined((tag("b", percent(accuracy, digits)), interval, bar, luck))


def _count(number: int) -> str:
    return f"{number / 1e6:.1f} million" if number >= 100_000 else f"{number:,}"


def right(results: Mapping[str, Any]) -> tuple[float, float]:
    """Accuracy on PrivateTest and half of its 95 % interval (normal approximation), fractions."""
    split = results["splits"]["PrivateTest"]
    share = split["accuracy"]
    return share, 1.96 * (share * (1 - share) / split["n"]) ** 0.5


def unskilled(names: Iterable[str]) -> list[str]:
    """Titles of the variants whose interval on PrivateTest does not lie above no skill."""
    told = []
    for name in dict.fromkeys(names):
        results = summaries.summary(VARIANTS[name])
        if results is not None:
            share, half = right(results)
            if share - half <= results["no_skill"]["PrivateTest"]:
                told.append(VARIANTS[name].title)
    return told


def pupils(names: Iterable[str]) -> dict[str, list[str]]:
    """Those of the variants that learned partly to answer as another does, by that teacher's
    name."""
    found: dict[str, list[str]] = {}
    for name in names:
        if teacher := summaries.teacher(VARIANTS[name]):
            found.setdefault(teacher, []).append(name)
    return found


def measure_speed() -> None:
    """Time one face for every model; kept for the session as `milliseconds`."""
    # Imported only when wanted: the pages themselves need no inference engine.
    from fer_core.reports.benchmark import ms_a_face
    from pages.session import work

    try:
        with work.spinner("Measuring every model, some seconds") as run:
            st.session_state["milliseconds"] = run(ms_a_face)
    except WeightsError as error:
        st.error(str(error))
