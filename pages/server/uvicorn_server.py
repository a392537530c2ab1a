"""What Streamlit leaves open of the web server that it starts, uvicorn."""

import asyncio
import signal
import socket
from typing import Any


def limit_server(max_frame_bytes: int, stop_seconds: int) -> None:
    """Set uvicorn's limits that Streamlit leaves open; does nothing under another server.

    Args:
        max_frame_bytes: Longest message that a browser may send; a longer one ends its connection
            before it is held in memory.
        stop_seconds: How long a stop waits for requests in progress.
    """
    config: Any = getattr(_uvicorn_server(), "config", None)
    if config is not None:
        config.ws_max_size = max_frame_bytes
        config.timeout_graceful_shutdown = stop_seconds


async def send_at_once() -> None:
    """Let the server send each part of an answer without waiting for the one before.

    asyncio sees to that for sockets that it makes itself; Streamlit brings its own, and each answer
    but the first of a connection would come 40 ms late. Does nothing under another server.
    """
    server = _uvicorn_server()
    while server is not None and not server.started:
        await asyncio.sleep(0.05)
    for each in getattr(server, "servers", ()):
        for listening in each.sockets:  # connections inherit it
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _uvicorn_server() -> Any:
    """The uvicorn server of this process; its signal handler, set while it serves, is a method."""
    return getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
