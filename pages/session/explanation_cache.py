"""Per-session cache of explanations: bounded (LRU), in memory, deleted with the session.

Nothing derived from a visitor's photo may outlive the visit, so there is no process-wide cache.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import streamlit as st

from pages.session import work

MAX_ENTRIES = 160  # an ensemble's map with its members' maps takes 80 kB
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def session_cached(key: Hashable, compute: Callable[[], V], message: str) -> V:
    """Return the cached value of `key`; compute it if missing, with `message` on a spinner."""
    value: V = session_cached_many([key], lambda _: [compute()], message)[0]
    return value


def session_cached_many(
    keys: Sequence[K], compute: Callable[[list[K]], Sequence[Any]], message: str
) -> list[Any]:
    """Return the cached values of `keys`, in order.

    `compute` is called once with all keys that are missing. The least recently used entries are
    evicted first.
    """
    cache: OrderedDict[K, Any] = st.session_state.setdefault("saliency", OrderedDict())
    if missing := [key for key in keys if key not in cache]:
        with work.spinner(message) as run:
            run(lambda: cache.update(zip(missing, compute(missing), strict=True)))
    for key in keys:
        cache.move_to_end(key)
    values = [cache[key] for key in keys]
    while len(cache) > MAX_ENTRIES:
        cache.popitem(last=False)
    return values
