"""The models' speed: the committed measurement, or the visitor's own of this machine."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fer_core.artifacts import speed, weights_file
from fer_core.artifacts.speed import Speed
from fer_core.errors import ResultsError, WeightsError
from fer_core.registry import MODELS

_KEY = "speed"  # in the session


def current() -> Speed | None:
    """What this visitor measured, else what is committed; None if that cannot be read."""
    if _KEY in st.session_state:
        measured: Speed = st.session_state[_KEY]
        return measured
    try:
        return speed.load_speed()
    except ResultsError:
        return None  # `problem` says why


def problem() -> str:
    """Why there is no committed measurement to show, one sentence; empty if there is one."""
    try:
        speed.load_speed()
    except ResultsError as error:
        return str(error)
    return ""


def place(measured: Speed | None) -> str:
    """On which machine it was measured, in few words; empty if it was not."""
    if measured is None:
        return ""
    return "on this machine, just now" if _KEY in st.session_state else f"on {measured.device}"


def note(measured: Speed) -> str:
    """How and where it was measured, as a caption."""
    threads = "one thread" if measured.threads == 1 else f"{measured.threads} threads"
    steps = ", ".join(f"{name} {value:.1f} ms" for name, value in measured.photo_ms.items())
    machine = f" ({measured.device})" if _KEY in st.session_state else f", {measured.date}"
    return (
        f"Measured {place(measured)}{machine}: medians after warm-up, one face at a time (batch of "
        f"one), {threads}, single precision, without loading. The whole photo is the built-in one "
        f"with one face: "
        f"{steps}, then the model."
    )


def measure_button() -> bool:
    """A button that times all models; whether it was clicked in this run."""
    ready = any(weights_file.is_ready(model) for model in MODELS.values())
    return st.button(
        "Measure the speed on this machine", icon=":material/speed:", disabled=not ready
    )


def measure_and_rerun(place: DeltaGenerator) -> None:
    """Time every model and the steps before it, and run the page again with the result.

    Call it after drawing what it replaces, so that this stays in sight meanwhile.

    Args:
        place: A container for the spinner, which the page has in every run: an element that comes
            and goes would move those below it.
    """
    # Imported lazily: the pages themselves need no inference engine.
    from fer_core.reports.benchmark import measure_speed
    from pages.session import work

    try:
        with place, work.spinner(f"Timing all {len(MODELS)} models (a few seconds)") as run:
            st.session_state[_KEY] = run(measure_speed)
    except WeightsError as error:
        place.error(str(error))
        return
    st.rerun()
