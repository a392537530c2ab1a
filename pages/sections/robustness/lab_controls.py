"""The sliders of "Your face"."""

import streamlit as st

from fer_core.corruptions.formulas import Box
from fer_core.corruptions.records import CORRUPTIONS, Corruption
from fer_core.faces.align import CHIP_SIZE
from pages.sections.robustness.lab_answers import Experiment

#: Brightness has one slider for both directions; what is hidden has none.
SLIDERS = [
    corruption
    for name, corruption in CORRUPTIONS.items()
    if name != "darker" and not name.startswith("hide_")
]
COVER_TITLES = {
    "hide_eyes": "eyes and brows",
    "hide_brows": "brows",
    "hide_mouth": "mouth",
    "box": "a box of your own",
}
WHOLE, CHIP = "The whole photo", "The face's 48 px picture only"
COLUMNS = 3


def select(has_picture: bool) -> Experiment:
    """Draw the controls and return what they ask for.

    Args:
        has_picture: Whether the photo itself can be corrupted, not only the face's chip.
    """
    whole = False
    if has_picture:
        mode = st.segmented_control(
            "Corrupt",
            (WHOLE, CHIP),
            default=WHOLE,
            required=True,
            key="lab-mode",
            persist_state="session",
            help="In the whole photo, the detector has to find the face again, and turns it "
            "upright. The 48 px picture is what the models see.",
        )
        whole = mode == WHOLE
    covers = st.pills(
        "Hide",
        list(COVER_TITLES),
        selection_mode="multi",
        format_func=lambda name: COVER_TITLES[name],
        key="lab-hide",
        persist_state="session",
        wrap=True,
    )
    box = _select_box() if "box" in covers else None
    amounts = {name: 100.0 for name in covers if name != "box"}
    for i, corruption in enumerate(SLIDERS):
        if i % COLUMNS == 0:  # a row of its own, so that a phone keeps the order
            columns = st.columns(COLUMNS, gap="medium")
        with columns[i % COLUMNS]:
            amount = _slider(corruption)
        if amount != corruption.none:
            amounts[corruption.name] = amount
    st.button("Reset", icon=":material/undo:", on_click=_reset, key="lab-reset")
    return Experiment(amounts, box, whole)


def _slider(corruption: Corruption) -> float:
    low, high = corruption.limits
    amount: float = st.slider(
        f"{corruption.title} ({corruption.unit})",
        float(low),
        float(high),
        float(corruption.none),
        float(corruption.step),
        format="%g",
        key=f"lab-{corruption.name}",
        persist_state="session",
    )
    return amount


def _select_box() -> Box:
    """A box on the chip, as two ranges."""
    left, right = st.columns(2, gap="medium")
    columns = left.slider(
        "From left to right (px of 48)",
        0,
        CHIP_SIZE,
        (12, 36),
        key="lab-x",
        persist_state="session",
    )
    rows = right.slider(
        "From top to bottom (px of 48)",
        0,
        CHIP_SIZE,
        (20, 30),
        key="lab-y",
        persist_state="session",
    )
    return rows, columns


def _reset() -> None:
    for corruption in SLIDERS:
        st.session_state[f"lab-{corruption.name}"] = float(corruption.none)
    st.session_state["lab-hide"] = []
