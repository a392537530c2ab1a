"""Uploads stay in memory, and no more of them than the operator allows."""

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

#: Uploads turned away since their session last asked, by session: (too large, no room).
_refused: dict[str, tuple[int, int]] = {}


def pop_rejected(session: str) -> tuple[int, int]:
    """How many uploads of that session were turned away since the last call: too large, no room."""
    return _refused.pop(session, (0, 0))


class UploadLimit:
    """Middleware that answers 503 to an upload there is no room for, as Streamlit answers 413 to
    one that is too large.

    The page that sent it is told of both: an upload field shows only a sign, and is gone once
    another file of the batch has arrived.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int = settings().photo_mb * 10**6,
        used_bytes: Callable[[], int] | None = None,
        on_reject: Callable[[int, Scope], None] | None = None,
    ) -> None:
        self._app, self._most = app, limit
        self._held, self._note = used_bytes or photo_bytes, on_reject or _note
        self._coming = 0  # bytes announced by uploads that are on their way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOAD_PATH not in scope["path"]:
            await self._app(scope, receive, send)
            return
        size = _announced(scope)
        if self._held() + self._coming + size > self._most:
            self._note(503, scope)
            await PlainTextResponse("", 503)(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 413:
                self._note(413, scope)
            await send(message)

        self._coming += size
        try:
            await self._app(scope, receive, watched)
        finally:
            self._coming -= size


def _note(status: int, scope: Scope) -> None:
    """Has the page of that upload look at `take_refused`."""
    log_event("upload refused", bytes=_announced(scope), status=status)
    session = scope["path"].partition(UPLOAD_PATH)[2].partition("/")[0]
    if streamlit_internals.is_session_active(session):
        for gone in [each for each in _refused if not streamlit_internals.is_session_active(each)]:
            del _refused[gone]
        large, full = _refused.get(session, (0, 0))
        _refused[session] = (large + (status == 413), full + (status == 503))
        streamlit_internals.rerun_session(session)


def photo_bytes() -> int:
    """Bytes of photos in memory: uploaded and not yet taken over, waiting, and shown."""
    return streamlit_internals.uploaded_bytes() + photos.memory_bytes()


def _announced(scope: Scope) -> int:
    """Bytes to come; where that is not said, or is too many, as many as Streamlit lets in."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    if len(lengths) == 1 and lengths[0].isdigit():
        return min(int(lengths[0]), MAX_BYTES)
    return MAX_BYTES
