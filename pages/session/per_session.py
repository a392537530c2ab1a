"""An object of a kind for every session, which the server can count and hand over.

It is in the session's state and disappears with it; the server knows it by a weak reference.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

import streamlit as st

from pages.session import capacity


class Held(Protocol):
    """What a session holds."""

    session_id: str

    @property
    def memory_bytes(self) -> int:
        """Approximate memory use in bytes, for any thread to ask."""


T = TypeVar("T", bound=Held)


class PerSession(Generic[T]):
    """One object of a kind for every session that has asked for it."""

    def __init__(self, key: str, create: Callable[[str], T]) -> None:
        """Note how to make one.

        Args:
            key: Where a session's state has it.
            create: Makes it for the session of this id.
        """
        self._key, self._create = key, create
        self._all: WeakSet[T] = WeakSet()

    def current(self) -> T:
        """That of the session whose page is running."""
        if self._key not in st.session_state:
            st.session_state[self._key] = self._create(capacity.session_id())
            self._all.add(st.session_state[self._key])
        held: T = st.session_state[self._key]
        return held

    def of_session(self, session_id: str | None = None) -> list[T]:
        """Those of one session, or of all; for use outside the session's own runs."""
        return [each for each in list(self._all) if session_id in (None, each.session_id)]

    def memory_bytes(self, session_id: str | None = None) -> int:
        """Approximate memory use in bytes, of one session's or of all."""
        return sum(each.memory_bytes for each in self.of_session(session_id))
