"""Per-session cache of explanations: bounded (LRU), in memory, deleted with the session.

It also has the answers about faces that the visitor corrupted on the page Robustness.
Nothing derived from a visitor's photo may outlive the visit, so there is no process-wide cache.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import streamlit as st

from fer_core.explain import Explanation
from pages.session import work

MAX_ENTRIES = 160  # an ensemble's map with its members' maps takes 80 kB
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def map_key(
    digest: str, model_name: str, method: str, contrast: str | None, depth: int | None, emotion: str
) -> tuple[str | int | None, ...]:
    """Key of a heat map; `digest` is the SHA-256 of the chip, `depth` None the default layer."""
    return ("map", digest, model_name, method, contrast, depth, emotion)


def cached_map(digest: str, model_name: str, method: str, emotion: str) -> Explanation | None:
    """A map that this session has computed at the default layer without a contrast, if it has."""
    key = map_key(digest, model_name, method, None, None, emotion)
    explanation: Explanation | None = st.session_state.get("saliency", {}).get(key)
    return explanation


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
