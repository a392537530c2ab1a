"""What a client can send beside the app's own pages: nothing of it gets into the log or out.

The app runs as a process with its log on. `FORGED` is sent in every place that reaches it.
"""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from app_server import serving
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

FORGED = 'forged\n{"time": "now", "event": "forged"}\n'
EVENTS = {"start", "package", "stop"}
BANNER = ("You can now view your Streamlit app in your browser.", "URL: ")  # on standard output


@dataclass(frozen=True)
class Server:
    url: str
    log: Path
    git_runs: Path  # has a line for every start of git

    def connect(self, *subprotocols: str) -> ClientConnection:
        return connect(
            self.url.replace("http", "ws") + "/_stcore/stream",
            origin=self.url,  # type: ignore[arg-type]
            subprotocols=["streamlit", *subprotocols],  # type: ignore[list-item]
            proxy=None,
        )

    def exchange(self, *messages: BackMsg, subprotocols: tuple[str, ...] = ()) -> list[ForwardMsg]:
        """Send messages in one connection; return the answers, until that to a heartbeat."""
        with self.connect(*subprotocols) as connection:
            for message in (*messages, BackMsg(app_heartbeat=True)):
                connection.send(message.SerializeToString())
            answers: list[ForwardMsg] = []
            while not (answers and answers[-1].WhichOneof("type") == "heartbeat_ack"):
                data = connection.recv(timeout=60)
                assert isinstance(data, bytes)
                answers.append(ForwardMsg.FromString(data))
        return answers[:-1]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    log, runs, git = folder / "log.txt", folder / "git-runs.txt", folder / "git"
    git.write_text(f'#!/bin/sh\necho "$@" >> {runs}\nexec {shutil.which("git")} "$@"\n')
    git.chmod(0o755)
    environment = {"FER_LOG": "json", "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    with serving(log, environment=environment) as url:
        yield Server(url, log, runs)


def backend_request(session: str) -> BackMsg:
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id, request.session_id = FORGED, session
    return message


def test_messages_for_the_developer_are_ignored(server: Server) -> None:
    """One would run git, and tell repository, branch and the names of changed files."""
    assert server.exchange(BackMsg(load_git_info=True)) == []
    assert not server.git_runs.exists()
    assert server.exchange(BackMsg(clear_cache=True), BackMsg(set_run_on_save=True)) == []


def test_the_log_cannot_be_forged(server: Server) -> None:
    fragment, page = BackMsg(), BackMsg()
    fragment.rerun_script.fragment_id = fragment.rerun_script.page_script_hash = FORGED
    page.rerun_script.page_name = page.rerun_script.query_string = FORGED
    server.exchange(backend_request(FORGED), backend_request(""), fragment)
    with server.connect() as victim:
        victim.send(page.SerializeToString())
        answer = ForwardMsg.FromString(victim.recv(timeout=60))  # type: ignore[arg-type]
        session = answer.new_session.initialize.session_id
        server.exchange(subprotocols=("token", session))  # takes a connected session over
    deferred = backend_request(session)
    deferred.backend_operation_request.deferred_file.file_id = FORGED
    server.exchange(deferred, subprotocols=("token", session))
    for frame in (FORGED.encode(), FORGED):  # no protocol buffer, not even binary
        with server.connect() as connection:
            connection.send(frame)
            with pytest.raises(ConnectionClosed):
                connection.recv(timeout=60)
    with pytest.raises(InvalidStatus):
        connect(
            server.url.replace("http", "ws") + "/_stcore/stream", origin="https://forged.example"
        )  # type: ignore[arg-type]
    upload = {"file": (FORGED, FORGED.encode(), "image/png")}
    httpx2.put(f"{server.url}/_stcore/upload_file/{session}/%0aforged", files=upload)
    httpx2.get(f"{server.url}/media/%0aforged")
    with socket.create_connection(("localhost", httpx2.URL(server.url).port)) as connection:
        connection.sendall(FORGED.encode() + b"\r\n\r\n")
        while connection.recv(1000):
            pass

    lines = server.log.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    assert {event["event"] for event in events} <= EVENTS
    assert len([event for event in events if event["event"] == "package"]) >= 5
    rest = [line.strip() for line in lines if not line.startswith("{")]
    assert [line for line in rest if line and not line.startswith(BANNER)] == []
    assert not [line for line in lines if "forged" in line]
    assert not [line for line in lines if session[:8] in line]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8501", 200),
        ("[::1]:8501", 200),
        ("192.168.0.7:8501", 200),
        ("192.168.0.7.rebound.example", 400),
        ("rebound.example", 400),
        ("localhost.rebound.example", 400),
        ("rebound.example:8501", 400),
        ("", 400),
    ],
)
def test_only_the_hosts_of_the_app_are_answered(server: Server, host: str, status: int) -> None:
    for path in ("/", "/health", "/_stcore/health", "/media/x.png"):
        answer = httpx2.get(server.url + path, headers={"Host": host}).status_code
        assert answer == (404 if status == 200 and "media" in path else status)


def test_a_rebound_name_gets_no_connection(server: Server) -> None:
    """Its pages have the origin that the Host header tells, so the same-origin check passes."""
    hosts = (("localhost", False), ("192.168.0.7", False), ("rebound.example", True))
    for name, refused in hosts:
        sock = socket.create_connection(("localhost", httpx2.URL(server.url).port))
        with pytest.raises(InvalidStatus) if refused else nullcontext():
            connect(f"ws://{name}/_stcore/stream", sock=sock, origin=f"http://{name}").close()  # type: ignore[arg-type]
