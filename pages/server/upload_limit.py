"""Limits the memory of uploads and photos to what the operator allows; nothing goes to disk."""

from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fer_core.imaging.decode import MAX_BYTES
from pages.runtime.event_log import log_event
from pages.runtime.settings import settings
from pages.server import streamlit_internals
from pages.server.streamlit_internals import UPLOAD_PATH
from pages.session import photos

streamlit_internals.keep_uploads_in_memory()

#: Uploads rejected since the last `pop_rejected`, by session: (too large, over quota).
_rejected: dict[str, tuple[int, int]] = {}


def pop_rejected(session: str) -> tuple[int, int]:
    """Numbers of rejected uploads of a session since the last call: (too large, over quota)."""
    return _rejected.pop(session, (0, 0))


class UploadLimit:
    """Middleware that answers 503 to an upload that would exceed the quota.

    Streamlit itself answers 413 to a file that is too large. Both are reported to the page that
    sent the file: the upload field shows only an icon, which disappears once another file of the
    batch has arrived.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int = settings().photo_mb * 10**6,
        used_bytes: Callable[[], int] | None = None,
        on_reject: Callable[[int, Scope], None] | None = None,
    ) -> None:
        self._app, self._limit = app, limit
        self._used_bytes = used_bytes or photo_bytes
        self._on_reject = on_reject or _record_rejected
        self._incoming = 0  # bytes announced by uploads in progress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOAD_PATH not in scope["path"]:
            await self._app(scope, receive, send)
            return
        size = _announced_bytes(scope)
        if self._used_bytes() + self._incoming + size > self._limit:
            self._on_reject(503, scope)
            await PlainTextResponse("", 503)(scope, receive, send)
            return

        async def send_and_watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 413:
                self._on_reject(413, scope)
            await send(message)

        self._incoming += size
        try:
            await self._app(scope, receive, send_and_watch)
        finally:
            self._incoming -= size


def _record_rejected(status: int, scope: Scope) -> None:
    """Count a rejected upload and rerun its page, which then calls `pop_rejected`."""
    log_event("upload refused", bytes=_announced_bytes(scope), status=status)
    session = scope["path"].partition(UPLOAD_PATH)[2].partition("/")[0]
    if streamlit_internals.is_session_active(session):
        inactive = [
            other for other in _rejected if not streamlit_internals.is_session_active(other)
        ]
        for other in inactive:
            del _rejected[other]
        too_large, over_quota = _rejected.get(session, (0, 0))
        _rejected[session] = (too_large + (status == 413), over_quota + (status == 503))
        streamlit_internals.rerun_session(session)


def photo_bytes() -> int:
    """Bytes of photos in memory: uploads not yet taken over, the inboxes and the albums."""
    return streamlit_internals.uploaded_bytes() + photos.memory_bytes()


def _announced_bytes(scope: Scope) -> int:
    """Bytes of the upload by its Content-Length; the maximum if that is missing or larger."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    if len(lengths) == 1 and lengths[0].isdigit():
        return min(int(lengths[0]), MAX_BYTES)
    return MAX_BYTES
