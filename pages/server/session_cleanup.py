"""Sessions end on time, and their photos with them."""

import asyncio
from typing import Any

import streamlit as st
from streamlit.runtime import get_instance

from pages.server.media import GRACE, Lingering

SWEEP = 15  # seconds between two looks for what is over


async def sweep() -> None:
    """Ends sessions whose browsers left `server.disconnectedSessionTTL` seconds ago, and drops the
    pictures and downloads that no session shows any more; goes on until it is cancelled.

    By itself Streamlit does this only when another session begins or ends, so the photos of the
    day's last visitor would stay in memory all night.
    """
    runtime: Any = get_instance()
    patience = st.get_option("server.disconnectedSessionTTL")
    pictures = Lingering(runtime.media_file_mgr, min(GRACE, patience))
    while True:
        await asyncio.sleep(min(SWEEP, patience))
        pictures.sweep()
        for _, left in runtime._session_mgr._session_storage._cache.expire():
            left.session.shutdown()
            left.session.session_state.clear()  # photos, should anything still hold the session
        runtime.media_file_mgr.remove_orphaned_files()  # a download goes at the second call
