"""What the app asks of the web server under Streamlit, before its first visitor comes.

Uploads stay in memory, a browser keeps no photo and loads nothing from elsewhere, and sessions end
on time. Handed to `st.App` by `streamlit_app.py`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.formparsers import MultiPartParser
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

# Left alone, the web server writes an upload of more than 1 MB into a temporary file. 0 means
# never; how large an upload may be is set in .streamlit/config.toml.
MultiPartParser.spool_max_size = 0

SWEEP = 15  # seconds between two looks for what is over

#: The one script that stands in Streamlit's own page; another version may have another.
INLINE = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="
#: Streamlit needs inline styles, and its pictures come as data and blob addresses. Nothing here
#: names another machine, so a name or a text that became a picture or a script could fetch nothing.
POLICY = (
    f"default-src 'self'; script-src 'self' '{INLINE}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: Below this address Streamlit serves pictures and downloads.
MEDIA = "/media/"


class Headers:
    """Adds `HEADERS` to every answer, and to photos that the browser must not store them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if MEDIA in scope["path"]:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


@asynccontextmanager
async def sweeping(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Ends sessions whose browsers left `server.disconnectedSessionTTL` seconds ago, and drops the
    pictures and downloads that no session shows any more.

    By itself Streamlit does this only when another session begins or ends, so the photos of the
    day's last visitor would stay in memory all night.
    """
    sweeper = asyncio.create_task(_sweep())
    yield {}
    sweeper.cancel()
    with suppress(asyncio.CancelledError):
        await sweeper


async def _sweep() -> None:
    while True:
        await asyncio.sleep(min(SWEEP, st.get_option("server.disconnectedSessionTTL")))
        runtime: Any = get_instance()
        for _, left in runtime._session_mgr._session_storage._cache.expire():
            left.session.shutdown()
            left.session.session_state.clear()  # photos, should anything still hold the session
        runtime.media_file_mgr.remove_orphaned_files()  # a download goes at the second call


MIDDLEWARE = [Middleware(Headers)]
