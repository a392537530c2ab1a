"""Ends sessions and forgets removed photos on time, and delays the deletion of media files.

When any visitor's page run ends, Streamlit deletes all media files that no session refers to, and a
session whose page is being rerun does not refer to its files yet. So one visitor's click could
delete an image that another visitor's browser is about to fetch.
"""

import asyncio
import gc
import itertools
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.server import streamlit_internals
from pages.server.media_owners import MEDIA_OWNERS
from pages.server.streamlit_internals import MediaFiles
from pages.session import photos

PURGE_SECONDS = 15  # seconds between two clean-ups
#: Clean-ups between two full collections of Python's garbage. Streamlit by itself would collect
#: after every page run, which takes 70 ms, or 380 with all packages loaded, and stops everybody.
PURGES_PER_COLLECTION = 8
GRACE_SECONDS = 10.0  # seconds that an unreferenced media file is kept


class DelayedMediaDeletion:
    """Delays deletions by `manager`, Streamlit's media file manager.

    A file is deleted by the first `purge` that is at least `grace` seconds later.
    """

    def __init__(
        self, manager: Any, grace: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._files = MediaFiles(manager, self._defer)
        self._grace, self._clock = grace, clock
        self._deferred: dict[str, float] = {}

    def _defer(self, file_id: str) -> None:
        self._deferred[file_id] = self._clock()

    def purge(self) -> None:
        """Delete files deferred for `grace` seconds, unless a session refers to them again."""
        with self._files.lock:
            for file_id, since in list(self._deferred.items()):
                if self._files.in_use(file_id):
                    del self._deferred[file_id]
                elif self._clock() - since >= self._grace:
                    del self._deferred[file_id]
                    self._files.delete(file_id)
                    MEDIA_OWNERS.forget(file_id)


def delete_media(session: str) -> None:
    """Delete all images and downloads of a session at once."""
    MEDIA_OWNERS.remove_session(session, streamlit_internals.delete_media)


async def run_cleanup() -> None:
    """Repeatedly end disconnected sessions and delete unreferenced media files, until cancelled.

    A session ends `server.disconnectedSessionTTL` seconds after its browser has left. Streamlit by
    itself does this only when another session begins or ends, so the photos of the day's last
    visitor would stay in memory all night.
    """
    manager = streamlit_internals.media_manager()
    ttl = st.get_option("server.disconnectedSessionTTL")
    media_deletion = DelayedMediaDeletion(manager, min(GRACE_SECONDS, ttl))
    for count in itertools.count(1):
        await asyncio.sleep(min(PURGE_SECONDS, ttl))
        media_deletion.purge()
        streamlit_internals.end_disconnected_sessions()
        photos.forget_removed()
        for session in MEDIA_OWNERS.sessions() - streamlit_internals.sessions():
            delete_media(session)
        manager.remove_orphaned_files()  # downloads are removed at the second call
        if count % PURGES_PER_COLLECTION == 0:
            gc.collect()
