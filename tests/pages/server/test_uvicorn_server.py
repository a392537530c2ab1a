"""uvicorn's settings beside those of Streamlit."""

import asyncio
import signal
import socket
from typing import Any

import pytest
import uvicorn

from pages.server import uvicorn_server


def test_the_servers_connections_send_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a socket that, like Streamlit's, asyncio does not set up itself."""
    server = uvicorn.Server(uvicorn.Config(answer_nothing, lifespan="off", log_level="error"))
    monkeypatch.setattr(signal, "getsignal", lambda _: server.handle_exit)

    async def delays() -> int:
        with socket.socket() as listening:
            listening.bind(("localhost", 0))
            serving = asyncio.create_task(server.serve([listening]))
            await uvicorn_server.send_at_once()
            _, writer = await asyncio.open_connection(*listening.getsockname())
            while not server.server_state.connections:
                await asyncio.sleep(0.01)
            [connection] = server.server_state.connections
            accepted = connection.transport.get_extra_info("socket")
            option: int = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            writer.close()
            server.should_exit = True
            await serving
            return option

    assert asyncio.run(delays())


async def answer_nothing(scope: Any, receive: Any, send: Any) -> None:
    """An app that is never asked."""
