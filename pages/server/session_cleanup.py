"""Sessions end on time, and their photos with them; pictures on show live a little longer.

When a run of any visitor's page ends, Streamlit deletes all files that no session refers to, and
a session whose page is running again refers to none yet. So one visitor's click could delete a
picture that another's browser was just about to fetch.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.server import streamlit_internals
from pages.server.streamlit_internals import MediaFiles

PURGE_SECONDS = 15  # seconds between two looks for what is over
GRACE_SECONDS = 10.0  # seconds that a picture is kept when no session refers to it


class DelayedMediaDeletion:
    """Puts off deletions by `manager`, Streamlit's media file manager, until `sweep` is called
    `grace` seconds later or more."""

    def __init__(
        self, manager: Any, grace: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = MediaFiles(manager, self._put_off)
        self._grace, self._clock = grace, clock
        self._given_up: dict[str, float] = {}

    def _put_off(self, file_id: str) -> None:
        self._given_up[file_id] = self._clock()

    def purge(self) -> None:
        """Deletes what was given up long enough ago, unless it is in use again."""
        with self._files.lock:
            for file_id, since in list(self._given_up.items()):
                if self._files.in_use(file_id):
                    del self._given_up[file_id]
                elif self._clock() - since >= self._grace:
                    del self._given_up[file_id]
                    self._files.delete(file_id)


async def run_cleanup() -> None:
    """Ends sessions whose browsers left `server.disconnectedSessionTTL` seconds ago, and drops the
    pictures and downloads that no session shows any more; goes on until it is cancelled.

    By itself Streamlit does this only when another session begins or ends, so the photos of the
    day's last visitor would stay in memory all night.
    """
    manager = streamlit_internals.media_manager()
    patience = st.get_option("server.disconnectedSessionTTL")
    pictures = DelayedMediaDeletion(manager, min(GRACE_SECONDS, patience))
    while True:
        await asyncio.sleep(min(PURGE_SECONDS, patience))
        pictures.purge()
        streamlit_internals.end_disconnected_sessions()
        manager.remove_orphaned_files()  # a download goes at the second call
