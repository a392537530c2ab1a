"""What the tests of the server share."""

import socket

import pytest


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return free.getsockname()[1]
