"""Uploads stay in memory, and no more of them than the operator allows."""

from collections.abc import Callable
from typing import cast

from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.stats import CacheStat

from fer_core.images import MAX_BYTES
from fer_core.settings import settings
from pages.server.log import event
from pages.ui import photos

# Left alone, the web server writes an upload of more than 1 MB into a temporary file. 0 means
# never; how large an upload may be is set in .streamlit/config.toml.
MultiPartParser.spool_max_size = 0

UPLOADS = "/_stcore/upload_file/"
FULL = "The app holds as many photos as it can right now. Try again in a minute."


class UploadLimit:
    """Middleware that answers 503 to an upload there is no room for."""

    def __init__(
        self,
        app: ASGIApp,
        most: int = settings().photo_mb * 10**6,
        held: Callable[[], int] | None = None,
    ) -> None:
        self._app, self._most, self._held = app, most, held or held_bytes
        self._coming = 0  # bytes announced by uploads that are on their way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOADS not in scope["path"]:
            await self._app(scope, receive, send)
            return
        size = _announced(scope)
        if self._held() + self._coming + size > self._most:
            event("upload refused", bytes=size)
            await PlainTextResponse(FULL, 503, {"Retry-After": "60"})(scope, receive, send)
        else:
            self._coming += size
            try:
                await self._app(scope, receive, send)
            finally:
                self._coming -= size


def held_bytes() -> int:
    """Bytes of photos in memory: uploaded and not yet taken over, waiting, and shown."""
    stats = runtime.get_instance().uploaded_file_mgr.get_stats().values()
    uploaded = sum(stat.byte_length for family in stats for stat in cast(list[CacheStat], family))
    return uploaded + photos.held_bytes()


def _announced(scope: Scope) -> int:
    """Bytes to come; as many as Streamlit lets in where that is not said."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if len(lengths) == 1 and lengths[0].isdigit() else MAX_BYTES
