"""What a session has worked out about its faces: bounded, in memory, gone with the session.

A visitor's photo must not outlive the visit, so nothing here is cached beyond it.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.session import work

MAX_ENTRIES = 160  # things kept; a composite's map with its parts is 80 kB
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def session_cached(key: Hashable, make: Callable[[], V], doing: str) -> V:
    """What is kept under `key`; made now where it is not, `doing` said meanwhile."""
    found: V = session_cached_many([key], lambda _: [make()], doing)[0]
    return found


def session_cached_many(keys: Sequence[K], make: Callable[[list[K]], Sequence[Any]], doing: str) -> list[Any]:
    """What is kept under `keys`, in their order; `make` gets those that are not, all at once.

    What was used longest ago is forgotten first.
    """
    shelf: OrderedDict[K, Any] = st.session_state.setdefault("saliency", OrderedDict())
    if missing := [key for key in keys if key not in shelf]:
        with work.spinner(doing) as run:
            shelf.update(zip(missing, run(lambda: make(missing)), strict=True))
    for key in keys:
        shelf.move_to_end(key)
    found = [shelf[key] for key in keys]
    while len(shelf) > MAX_ENTRIES:
        shelf.popitem(last=False)
    return found
