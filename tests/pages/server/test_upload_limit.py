"""Uploads that would exceed the photo memory are rejected."""

import asyncio
from typing import Any

from fer_core.imaging.decode import MAX_BYTES
from pages.server.upload_limit import UPLOAD_PATH, UploadLimit

PATH = f"{UPLOAD_PATH}session/file"


class Server:
    """Accepts uploads slowly and counts them."""

    def __init__(self) -> None:
        self.accepted = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        self.accepted += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ignore(status: int, scope: Any) -> None:
    """Instead of notifying the page."""


def put(limit: UploadLimit, size: int | None, path: str = PATH, method: str = "PUT") -> Any:
    headers = [] if size is None else [(b"content-length", str(size).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def request() -> tuple[int, bytes]:
        await limit(scope, None, send)  # type: ignore[arg-type]
        return messages[0]["status"], messages[-1]["body"]

    return request()


def test_an_upload_over_the_quota_is_rejected() -> None:
    used = 0
    limit = UploadLimit(Server(), 1000, lambda: used, ignore)
    assert asyncio.run(put(limit, 1000)) == (204, b"")
    used = 1
    assert asyncio.run(put(limit, 1000)) == (503, b"")
    assert asyncio.run(put(limit, 999)) == (204, b"")


def test_concurrent_uploads_are_added_up() -> None:
    async def crowd(limit: UploadLimit) -> list[int]:
        return [status for status, _ in await asyncio.gather(*(put(limit, 400) for _ in range(5)))]

    server = Server()
    limit = UploadLimit(server, 1000, lambda: 0, ignore)
    assert sorted(asyncio.run(crowd(limit))) == [204, 204, 503, 503, 503]
    assert server.accepted == 2
    assert sorted(asyncio.run(crowd(limit)))[:2] == [204, 204]  # finished uploads make room


def test_an_upload_of_unknown_length_counts_as_the_maximum() -> None:
    assert asyncio.run(put(UploadLimit(Server(), MAX_BYTES, lambda: 0, ignore), None))[0] == 204
    assert asyncio.run(put(UploadLimit(Server(), MAX_BYTES, lambda: 1, ignore), None))[0] == 503


def test_other_requests_pass() -> None:
    limit = UploadLimit(Server(), 0, lambda: 0, ignore)
    assert asyncio.run(put(limit, 5, path="/health"))[0] == 204
    assert asyncio.run(put(limit, None, method="DELETE"))[0] == 204


def test_rejected_uploads_are_reported_to_the_page() -> None:
    statuses: list[int] = []

    async def too_large(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    limit = UploadLimit(too_large, 1000, lambda: 0, lambda status, scope: statuses.append(status))
    assert asyncio.run(put(limit, 1))[0] == 413
    limit = UploadLimit(Server(), 1000, lambda: 0, lambda status, scope: statuses.append(status))
    asyncio.run(put(limit, 1001))
    asyncio.run(put(limit, 1))
    assert statuses == [413, 503]
