"""Pictures on a page live a little longer than Streamlit keeps them.

When a run of any visitor's page ends, Streamlit deletes all files that no session refers to, and
a session whose page is running again refers to none yet. So one visitor's click could delete a
picture that another's browser was just about to fetch.
"""

import time
from collections.abc import Callable
from typing import Any

GRACE = 10.0  # seconds


class Lingering:
    """Puts off deletions by `manager`, Streamlit's media file manager, until `sweep` is called
    `grace` seconds later or more."""

    def __init__(
        self, manager: Any, grace: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._manager, self._grace, self._clock = manager, grace, clock
        self._delete = manager._storage.delete_file
        self._given_up: dict[str, float] = {}
        manager._storage.delete_file = self._put_off  # called with the manager's lock held

    def _put_off(self, file_id: str) -> None:
        self._given_up[file_id] = self._clock()

    def sweep(self) -> None:
        """Deletes what was given up long enough ago, unless it is in use again."""
        with self._manager._lock:
            for file_id, since in list(self._given_up.items()):
                if file_id in self._manager._file_metadata:
                    del self._given_up[file_id]
                elif self._clock() - since >= self._grace:
                    del self._given_up[file_id]
                    self._delete(file_id)
