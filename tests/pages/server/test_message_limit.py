"""A browser that floods its connection waits; too many connections are refused."""

import asyncio
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.server import message_limit
from pages.server.message_limit import BURST, MAX_FILES, PER_SECOND, Allowance, MessageLimit
from pages.session.capacity import SESSION_LIMIT

FRAME = {"type": "websocket.receive", "bytes": b"1"}


def test_messages_beyond_the_burst_wait() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    assert [allowance.take() for _ in range(BURST)] == [0] * BURST
    assert allowance.take() == pytest.approx(1 / PER_SECOND)
    assert allowance.take() == pytest.approx(2 / PER_SECOND)
    now[0] = 3600.0
    assert [allowance.take() for _ in range(BURST)] == [0] * BURST, "it fills up to the burst"
    assert allowance.take() > 0


class Hasty(Allowance):
    """Lets every message wait for as long as a test runs."""

    def take(self) -> float:
        return 3600.0


async def connected(limit: MessageLimit, frames: list[Any]) -> tuple[list[Any], list[Any]]:
    """Connect and send frames; return what the app received and what it sent."""
    sent: list[Any] = []

    async def receive() -> Any:
        return frames.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    received: list[Any] = []
    limit._app = _reader(received)
    try:
        async with asyncio.timeout(0.1):
            await limit({"type": "websocket"}, receive, send)
    except TimeoutError:
        pass
    return received, sent


def _reader(received: list[Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            received.append(await receive())
            if received[-1]["type"] == "websocket.disconnect":
                return

    return app


async def unused(scope: Any, receive: Any, send: Any) -> None:
    """An app that no test calls."""


def test_a_flood_is_not_read_on() -> None:
    received, _ = asyncio.run(connected(MessageLimit(unused, 1, Hasty), [FRAME, FRAME]))
    assert received == []
    end = {"type": "websocket.disconnect"}
    received, _ = asyncio.run(connected(MessageLimit(unused, 1), [FRAME, FRAME, end]))
    assert received == [FRAME, FRAME, end]


def test_text_ends_the_connection() -> None:
    text = {"type": "websocket.receive", "text": "hello"}
    received, _ = asyncio.run(connected(MessageLimit(unused, 1), [text]))
    assert [message["type"] for message in received] == ["websocket.disconnect"]


def test_a_connection_over_the_limit_is_refused_until_another_ends() -> None:
    async def scenario() -> tuple[list[Any], list[Any]]:
        limit = MessageLimit(unused, 1, Hasty)
        first = asyncio.create_task(connected(limit, [FRAME]))
        await asyncio.sleep(0)
        _, refused = await connected(limit, [FRAME])
        await first
        _, accepted = await connected(limit, [{"type": "websocket.disconnect"}])
        return refused, accepted

    refused, accepted = asyncio.run(scenario())
    assert [message["type"] for message in refused] == ["websocket.close"]
    assert accepted == []


def test_messages_are_bounded_by_what_a_session_may_send() -> None:
    files, state = BackMsg(), BackMsg()
    files.file_urls_request.file_names.extend([""] * MAX_FILES)
    state.rerun_script.query_string = "x" * message_limit.MAX_WAITING_BYTES
    SESSION_LIMIT.acquire("seated", lambda session: True)
    assert message_limit.refusal("seated", files) is None
    assert message_limit.refusal("seated", state) is None
    assert message_limit.refusal("waiting", state)
    files.file_urls_request.file_names.append("")
    assert message_limit.refusal("seated", files) == "Choose at most 2,000 files at once."
