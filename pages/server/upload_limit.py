"""Limits the memory and the time of uploads; nothing goes to disk."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fer_core.imaging.decode import MAX_BYTES
from pages.runtime.event_log import log_event
from pages.runtime.settings import settings
from pages.server import streamlit_internals
from pages.server.streamlit_internals import UPLOAD_PATH
from pages.session import current_draft, own_sets, photos, recordings
from pages.session.capacity import SESSION_LIMIT
from pages.text.escape import clean_name

streamlit_internals.keep_uploads_in_memory()

IDLE_SECONDS = 20.0  # an upload that sends nothing for as long is ended
UPLOAD_SECONDS = 300.0  # and so is one that takes longer; 20 MB at 0.5 Mbit/s
CHECK_BYTES = 2**20  # of an upload between two looks at the quota

#: Uploads rejected since the last `pop_rejected`, by session: (too large, over quota).
_rejected: dict[str, tuple[int, int]] = {}


class UsedBytes(Protocol):
    """Bytes of photos in memory; of one session if `session` is its id."""

    def __call__(self, session: str | None = None) -> int: ...


class _RefusedError(Exception):
    """Ends an upload with an HTTP status."""

    def __init__(self, status: int) -> None:
        self.status = status


def pop_rejected(session: str) -> tuple[int, int]:
    """Numbers of rejected uploads of a session since the last call: (too large, over quota)."""
    return _rejected.pop(session, (0, 0))


def photo_bytes(session: str | None = None) -> int:
    """Bytes in memory: uploads not yet taken over, inboxes, albums, own test sets and recordings.

    Args:
        session: Count only those of the session with this id.
    """
    waiting = streamlit_internals.uploaded_bytes(session)
    sets = current_draft.memory_bytes(session) + own_sets.memory_bytes(session)
    return waiting + photos.memory_bytes(session) + sets + recordings.memory_bytes(session)


def is_over_quota(session: str, limit: int = settings().photo_mb * 10**6) -> bool:
    """Whether a session has used up its half of the memory for photos, or everybody all of it."""
    return photo_bytes(session) > limit // 2 or photo_bytes() > limit


class UploadLimit:
    """Middleware that ends uploads that would exceed the quota or that take too long.

    | status | when |
    |---|---|
    | 403 | the session has no seat yet |
    | 408 | nothing came for `IDLE_SECONDS`, or the upload took `UPLOAD_SECONDS` |
    | 413 | the file is too large (Streamlit's own answer) |
    | 503 | the quota, or the session's half of it, is used up |

    Bytes count when they arrive: a length that a browser announces and does not send takes nothing
    from others, and one that it announces too low gives it nothing. Rejected uploads are reported
    to the page that sent the file, since the upload field shows only an icon, which disappears once
    another file of the batch has arrived.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int = settings().photo_mb * 10**6,
        used_bytes: UsedBytes = photo_bytes,
        on_reject: Callable[[int, Scope], None] | None = None,
        on_received: Callable[[Scope], None] | None = None,
        has_seat: Callable[[str], bool] = SESSION_LIMIT.is_admitted,
        idle_seconds: float = IDLE_SECONDS,
        upload_seconds: float = UPLOAD_SECONDS,
    ) -> None:
        self._app, self._limit = app, limit
        self._used_bytes = used_bytes
        self._on_reject = on_reject or _record_rejected
        self._on_received = on_received or _drop_if_read
        self._has_seat = has_seat
        self._idle_seconds, self._upload_seconds = idle_seconds, upload_seconds
        self._incoming: Counter[str] = Counter()  # bytes of uploads in progress, by session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or UPLOAD_PATH not in scope["path"]:
            await self._app(scope, receive, send)
            return
        session = streamlit_internals.upload_session(scope["path"])
        came, checked, answered = 0, 0, False
        end = time.monotonic() + self._upload_seconds

        async def receive_counted() -> Message:
            nonlocal came, checked
            try:
                message = await receive_in_time(receive, end, self._idle_seconds)
            except TimeoutError:
                raise _RefusedError(408) from None
            size = len(message.get("body", b""))
            came += size
            self._incoming[session] += size
            if came - checked >= CHECK_BYTES:
                checked = came
                self._check(session, 0)
            return message

        async def send_and_watch(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                if message["status"] == 413:
                    self._on_reject(413, scope)
            await send(message)

        try:
            self._check(session, _announced_bytes(scope))
            await self._app(scope, receive_counted, send_and_watch)
            self._on_received(scope)
        except ClientDisconnect:
            pass  # the visitor left in the middle of it
        except _RefusedError as refused:
            if refused.status == 503:
                self._on_reject(503, scope)
            if not answered:
                response = PlainTextResponse("", refused.status, {"Connection": "close"})
                await response(scope, receive, send)
        finally:
            self._incoming[session] -= came
            if not self._incoming[session]:
                del self._incoming[session]

    def _check(self, session: str, coming: int) -> None:
        """Refuse the upload if `coming` more bytes are too many, or the session has no seat."""
        if not self._has_seat(session) and streamlit_internals.is_session_active(session):
            raise _RefusedError(403)
        own = self._used_bytes(session) + self._incoming[session] + coming
        everybody = self._used_bytes() + self._incoming.total() + coming
        if own > self._limit // 2 or everybody > self._limit:
            raise _RefusedError(503)


async def receive_in_time(
    receive: Receive, end: float, idle_seconds: float = IDLE_SECONDS
) -> Message:
    """The next message of an upload; raises `TimeoutError` if it comes too late.

    Args:
        receive: The connection's.
        end: When the whole upload must be there, by `time.monotonic`.
        idle_seconds: How long nothing may come.
    """
    async with asyncio.timeout(min(idle_seconds, end - time.monotonic())):
        return await receive()


def _record_rejected(status: int, scope: Scope) -> None:
    """Count a rejected upload and rerun its page, which then calls `pop_rejected`."""
    log_event("upload refused", bytes=_announced_bytes(scope), status=status)
    session = streamlit_internals.upload_session(scope["path"])
    if streamlit_internals.is_session_active(session):
        inactive = [
            other for other in _rejected if not streamlit_internals.is_session_active(other)
        ]
        for other in inactive:
            del _rejected[other]
        too_large, over_quota = _rejected.get(session, (0, 0))
        _rejected[session] = (too_large + (status == 413), over_quota + (status == 503))
        streamlit_internals.rerun_session(session)


def _drop_if_read(scope: Scope) -> None:
    """Drop an upload that the session has read already.

    So a visitor can add a folder again whose files did not all fit: those read make room.
    """
    session = streamlit_internals.upload_session(scope["path"])
    if current_draft.is_uploading_to(session):
        return  # the same photo may be part of a test set too
    keys = {key for held in photos.of_session(session) for key in held.album.copy()}

    def is_read(name: str, data: bytes) -> bool:
        return photos.photo_key(clean_name(name), data) in keys

    if keys:
        streamlit_internals.drop_upload(scope["path"], is_read)


def _announced_bytes(scope: Scope) -> int:
    """Bytes of the upload by its Content-Length, at most `MAX_BYTES`; 0 if that is missing."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    if len(lengths) == 1 and lengths[0].isdigit():
        return min(int(lengths[0]), MAX_BYTES)
    return 0
