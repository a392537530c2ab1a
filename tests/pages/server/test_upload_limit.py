"""Photos in memory are bounded before an upload is taken in."""

import asyncio
from typing import Any

from fer_core.imaging.decode import MAX_BYTES
from pages.server.upload_limit import UPLOAD_PATH, UploadLimit

PATH = f"{UPLOAD_PATH}session/file"


class Server:
    """Takes uploads in slowly and notes the most bytes that were on their way at once."""

    def __init__(self) -> None:
        self.taken = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        self.taken += 1
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ignore(status: int, scope: Any) -> None:
    """Instead of telling the page."""


def put(limit: UploadLimit, size: int | None, path: str = PATH, method: str = "PUT") -> Any:
    headers = [] if size is None else [(b"content-length", str(size).encode())]
    scope = {"type": "http", "method": method, "path": path, "headers": headers}
    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def ask() -> tuple[int, bytes]:
        await limit(scope, None, send)  # type: ignore[arg-type]
        return said[0]["status"], said[-1]["body"]

    return ask()


def test_there_is_room_or_a_sentence() -> None:
    held = 0
    limit = UploadLimit(Server(), 1000, lambda: held, ignore)
    assert asyncio.run(put(limit, 1000)) == (204, b"")
    held = 1
    assert asyncio.run(put(limit, 1000)) == (503, b"")
    assert asyncio.run(put(limit, 999)) == (204, b"")


def test_uploads_at_the_same_time_are_added_up() -> None:
    async def crowd(limit: UploadLimit) -> list[int]:
        return [status for status, _ in await asyncio.gather(*(put(limit, 400) for _ in range(5)))]

    server = Server()
    limit = UploadLimit(server, 1000, lambda: 0, ignore)
    assert sorted(asyncio.run(crowd(limit))) == [204, 204, 503, 503, 503]
    assert server.taken == 2
    assert sorted(asyncio.run(crowd(limit)))[:2] == [204, 204]  # what has arrived makes room


def test_an_upload_of_unknown_length_counts_as_the_longest() -> None:
    assert asyncio.run(put(UploadLimit(Server(), MAX_BYTES, lambda: 0, ignore), None))[0] == 204
    assert asyncio.run(put(UploadLimit(Server(), MAX_BYTES, lambda: 1, ignore), None))[0] == 503


def test_other_requests_pass() -> None:
    limit = UploadLimit(Server(), 0, lambda: 0, ignore)
    assert asyncio.run(put(limit, 5, path="/health"))[0] == 204
    assert asyncio.run(put(limit, None, method="DELETE"))[0] == 204


def test_the_page_is_told_of_what_is_turned_away() -> None:
    told: list[int] = []

    async def too_large(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    limit = UploadLimit(too_large, 1000, lambda: 0, lambda status, scope: told.append(status))
    assert asyncio.run(put(limit, 1))[0] == 413
    limit = UploadLimit(Server(), 1000, lambda: 0, lambda status, scope: told.append(status))
    asyncio.run(put(limit, 1001))
    asyncio.run(put(limit, 1))
    assert told == [413, 503]
