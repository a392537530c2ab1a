"""Limits on what browsers send over their connections, so that one cannot stop the others.

- Connections: four per seat and twenty; further ones are refused, and the browser tries again.
- Length of a message: `MAX_MESSAGE_BYTES`; a longer one ends the connection before it is held in
  memory. A session without a seat has `MAX_WAITING_BYTES`; longer ones are dropped.
- Messages of a connection: `BURST` at once, then `PER_SECOND`; the others wait, and none is lost.
- Files chosen at once: `MAX_FILES`; the upload field says so.

A session's widget state is what its last message held, so it is bounded as well.
"""

import asyncio
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnected
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.runtime.settings import settings
from pages.session.capacity import SESSION_LIMIT

MAX_MESSAGE_BYTES = 2_000_000  # two thousand chosen files, with long names
MAX_WAITING_BYTES = 64_000
MAX_FILES = 2_000
BURST = 60
PER_SECOND = 8.0


class Allowance:
    """A token bucket: `BURST` messages at once, then `PER_SECOND`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left, self._since = float(BURST), clock()

    def take(self) -> float:
        """Use one message up; return the seconds to wait before it may be handled."""
        now = self._clock()
        self._left = min(BURST, self._left + (now - self._since) * PER_SECOND)
        self._since = now
        self._left -= 1
        return max(0.0, -self._left / PER_SECOND)


class MessageLimit:
    """Middleware that bounds the number of connections and slows down a flood of messages.

    While a message waits, the server does not read on, so the flood stays with its sender.
    """

    def __init__(
        self,
        app: ASGIApp,
        max_connections: int = 4 * settings().visitors + 20,
        allowance: Callable[[], Allowance] = Allowance,
    ) -> None:
        self._app, self._max, self._allowance = app, max_connections, allowance
        self._connections = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._connections >= self._max:
            await send({"type": "websocket.close", "code": 1013})  # before it is accepted: 403
            return
        allowance = self._allowance()

        async def receive_slowly() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                if message.get("bytes") is None:  # no browser sends text
                    return {"type": "websocket.disconnect", "code": 1003}
                if seconds := allowance.take():
                    await asyncio.sleep(seconds)
            return message

        self._connections += 1
        try:
            await self._app(scope, receive_slowly, send)
        except WebSocketDisconnected:
            pass  # Streamlit was about to read from a connection that the server had ended
        finally:
            self._connections -= 1


def refusal(session: str, message: BackMsg) -> str | None:
    """Why a session's message is refused, or None; for `streamlit_internals.filter_messages`."""
    if message.ByteSize() > MAX_WAITING_BYTES and not SESSION_LIMIT.is_admitted(session):
        return "The app is at capacity."
    if len(message.file_urls_request.file_names) > MAX_FILES:
        return f"Choose at most {MAX_FILES:,} files at once."
    return None
