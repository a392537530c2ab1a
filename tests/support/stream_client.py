"""A visitor without a browser: speaks the app's protocol over a WebSocket."""

import socket
from collections.abc import Callable, Mapping
from typing import Self
from urllib.parse import urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE = 60  # seconds; the machine may be busy


class StreamClient:
    """One connection to the app; a context manager."""

    def __init__(self, app: str, headers: Mapping[str, str], resume: str = "") -> None:
        """Connect.

        Args:
            app: The app's address.
            headers: What `visit` returned, or nothing for a browser without cookies.
            resume: Id of a session to resume.
        """
        self._socket = connect(
            app.replace("http", "ws") + "/_stcore/stream",
            additional_headers=headers,
            subprotocols=["streamlit", "none", *([resume] if resume else [])],  # type: ignore[list-item]
            max_size=None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def send(self, message: BackMsg) -> None:
        """Send a message."""
        self._socket.send(message.SerializeToString())

    def send_bytes(self, data: bytes) -> None:
        """Send a message that may be none."""
        self._socket.send(data)

    def wait_for(self, is_wanted: Callable[[ForwardMsg], bool]) -> ForwardMsg:
        """Read messages until `is_wanted` is true of one; return that one."""
        while True:
            data = self._socket.recv(PATIENCE)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            if is_wanted(message):
                return message

    def run(self, page: str = "") -> str:
        """Run a page; return the session's id once it has begun."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = ""
        self.send(message)
        begun = self.wait_for(lambda answer: answer.HasField("new_session"))
        return begun.new_session.initialize.session_id

    def wait_until_finished(self) -> None:
        """Read messages until the run has finished."""
        self.wait_for(lambda answer: answer.HasField("script_finished"))


def visit(app: str) -> dict[str, str]:
    """Open the app as a browser would; return the headers of later requests and connections."""
    with httpx2.Client() as browser:
        browser.get(app)
        browser.get(f"{app}/_stcore/health")
        cookies = dict(browser.cookies)
    text = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": text, "X-Xsrftoken": cookies["_streamlit_xsrf"]}


def begin_upload(app: str, session: str, headers: dict[str, str]) -> socket.socket:
    """Announce an upload of 10 MB and send nothing of it; return the connection."""
    address = urlsplit(app)
    connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE)
    lines = [f"PUT /_stcore/upload_file/{session}/unsent HTTP/1.1", f"Host: {address.netloc}"]
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "10000000"}
    lines += [f"{name}: {value}" for name, value in (headers | kind).items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection
