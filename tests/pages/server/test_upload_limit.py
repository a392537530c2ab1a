"""Uploads that would exceed the photo memory, or that never end, are rejected."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.server import streamlit_internals
from pages.server.upload_limit import CHECK_BYTES, UPLOAD_PATH, UploadLimit
from pages.session import photos
from pages.session.photo import Photo
from pages.session.photos import SessionPhotos, photo_key

PATH = f"{UPLOAD_PATH}{{session}}/file"


class Server:
    """Reads uploads to their end and counts them."""

    def __init__(self) -> None:
        self.accepted = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        self.accepted += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def make_limit(limit: int, server: Any = None, used: int = 0, **options: Any) -> UploadLimit:
    """A limit of `limit` bytes, of which `used` are taken by others' photos."""
    options = {"on_reject": lambda status, scope: None, "has_seat": lambda session: True} | options
    return UploadLimit(
        server or Server(), limit, lambda session=None: 0 if session else used, **options
    )


async def put(
    limit: UploadLimit,
    announced: int | None,
    chunks: Sequence[int] = (),
    pause: float = 0,
    session: str = "a",
    path: str = PATH,
    method: str = "PUT",
) -> int:
    """Send an upload in chunks of these many bytes; return the status of the answer."""
    length = [] if announced is None else [(b"content-length", str(announced).encode())]
    scope = {
        "type": "http",
        "method": method,
        "path": path.format(session=session),
        "headers": length,
    }
    left = list(chunks)
    statuses: list[int] = []

    async def receive() -> Any:
        await asyncio.sleep(pause)
        body = bytes(left.pop(0)) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await limit(scope, receive, send)
    [status] = statuses
    return status


def test_an_upload_over_the_quota_is_rejected() -> None:
    assert asyncio.run(put(make_limit(1000, used=500), 500)) == 204
    assert asyncio.run(put(make_limit(1000, used=501), 500)) == 503


def test_a_session_may_use_half_of_the_quota() -> None:
    assert asyncio.run(put(make_limit(1000), 500)) == 204
    assert asyncio.run(put(make_limit(1000), 501)) == 503


def test_bytes_count_as_they_arrive_and_not_as_announced() -> None:
    whole = [CHECK_BYTES] * 8
    assert asyncio.run(put(make_limit(16 * CHECK_BYTES), 1, whole)) == 204
    assert asyncio.run(put(make_limit(15 * CHECK_BYTES), 1, whole)) == 503
    assert asyncio.run(put(make_limit(15 * CHECK_BYTES), None, whole)) == 503


def test_uploads_in_progress_are_added_up_and_make_room_at_their_end() -> None:
    async def crowd(limit: UploadLimit) -> list[int]:
        uploads = (put(limit, None, [CHECK_BYTES] * 4, session=name) for name in "abcd")
        return await asyncio.gather(*uploads)

    limit = make_limit(12 * CHECK_BYTES)
    statuses = asyncio.run(crowd(limit))
    assert set(statuses) == {204, 503}
    assert asyncio.run(put(limit, None, [CHECK_BYTES] * 4)) == 204


def test_what_is_announced_and_not_sent_takes_nothing_from_others() -> None:
    async def beside_stalled() -> int:
        limit = make_limit(1000)
        stalled = [asyncio.create_task(put(limit, 500, [1], pause=60)) for _ in range(50)]
        await asyncio.sleep(0)
        status = await put(limit, 500, [500], session="b")
        for task in stalled:
            task.cancel()
        return status

    assert asyncio.run(beside_stalled()) == 204


def test_an_upload_that_stalls_or_trickles_is_ended() -> None:
    stalled = make_limit(1000, idle_seconds=0.05)
    assert asyncio.run(put(stalled, 10, [10], pause=30)) == 408
    slow = make_limit(1000, upload_seconds=0.3)
    assert asyncio.run(put(slow, 400, [1] * 400, pause=0.05)) == 408


def test_only_a_session_with_a_seat_may_upload(monkeypatch: Any) -> None:
    name = "pages.server.streamlit_internals.is_session_active"
    monkeypatch.setattr(name, lambda session: True)
    server = Server()
    limit = make_limit(1000, server, has_seat=lambda session: session == "a")
    assert asyncio.run(put(limit, 5, session="a")) == 204
    assert asyncio.run(put(limit, 5, session="waiting")) == 403
    assert server.accepted == 1


def test_other_requests_pass() -> None:
    assert asyncio.run(put(make_limit(0), 5, path="/health")) == 204
    assert asyncio.run(put(make_limit(0), None, method="DELETE")) == 204


def test_rejected_uploads_are_reported_to_the_page() -> None:
    statuses: list[int] = []

    async def too_large(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def report(status: int, scope: Any) -> None:
        statuses.append(status)

    assert asyncio.run(put(make_limit(1000, too_large, on_reject=report), 1)) == 413
    limit = make_limit(1000, on_reject=report)
    asyncio.run(put(limit, 1001))
    asyncio.run(put(limit, 1))
    assert statuses == [413, 503]


def test_a_photo_that_is_here_already_takes_no_room_again(monkeypatch: Any) -> None:
    """So a folder of which only a part was accepted can simply be added again."""
    manager = MemoryUploadedFileManager(UPLOAD_PATH)
    monkeypatch.setattr(
        streamlit_internals.runtime,
        "get_instance",
        lambda: SimpleNamespace(uploaded_file_mgr=manager, is_active_session=lambda session: True),
    )
    held = SessionPhotos({photo_key("a.png", b"read"): Photo("a.png")}, session_id="a")
    photos._PHOTOS._all.add(held)

    def upload(name: str, data: bytes) -> set[str]:
        async def server(scope: Any, receive: Any, send: Any) -> None:
            manager.add_file("a", UploadedFileRec("file", name, "image/png", data))
            await Server()(scope, receive, send)

        assert asyncio.run(put(make_limit(1000, server), 5)) == 204
        return set(manager.file_storage["a"])

    assert upload("a.png", b"read") == set()
    assert upload("b.png", b"read") == {"file"}  # another name, another photo
