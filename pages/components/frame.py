"""Frames with scripts of our own, served by the app itself (Streamlit's custom components)."""

from functools import cache
from pathlib import Path

import streamlit.components.v1 as components
from streamlit.components.v1.custom_component import CustomComponent


@cache
def frame(name: str) -> CustomComponent:
    """The frame whose files are in the folder `name` beside this module.

    Call it while a page runs: Streamlit serves no files of a frame that was declared before.
    """
    return components.declare_component(name, path=Path(__file__).parent / name)
