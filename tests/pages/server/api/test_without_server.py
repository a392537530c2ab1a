"""Parts of the HTTP API that need no running app."""

import asyncio
import json
import sys
from concurrent.futures import Future
from threading import Event
from typing import Any

import audit_hooks
import pytest
from starlette.requests import Request
from streamlit import config

from fer_core.imaging.sample_photo import sample_photo
from pages.runtime.settings import Settings
from pages.runtime.work_queue import WorkQueue
from pages.server.api import endpoints
from pages.server.api.addresses import API_ADDRESSES
from pages.server.api.photos import FORM, read_photos
from pages.server.routes import routes

TOKEN = "a-token-for-the-tests"


def scope(path: str, method: str, kind: str, token: str = TOKEN) -> dict[str, Any]:
    headers = [(b"content-type", kind.encode()), (b"authorization", f"Bearer {token}".encode())]
    return {
        "type": "http",
        "path": path,
        "method": method,
        "headers": headers,
        "query_string": b"",
        "app": None,
    }


def body(content: bytes) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": False}


def ask(endpoint: Any, request: dict[str, Any]) -> tuple[int, str]:
    """Status and sentence of the answer to a request with a photo."""
    sent: list[Any] = []
    coming = [body(sample_photo())]

    async def receive() -> dict[str, Any]:
        while not coming:
            await asyncio.sleep(1)  # the client waits for its answer
        return coming.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(endpoint(request, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])["error"]


@pytest.fixture
def turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "settings", lambda: Settings(api_token=TOKEN))


def test_without_a_token_there_is_no_api() -> None:
    by_path = {route.path: route.app for route in routes()}
    for path in API_ADDRESSES:
        status, sentence = ask(by_path[path], scope(path, "GET", "image/png", token=""))
        assert (status, sentence[:22]) == (404, "There is no API here; ")


@pytest.mark.usefixtures("turned_on", "no_artifacts")
@pytest.mark.parametrize("query", [b"", b"model=all", b"model=multiclass"])
def test_a_model_that_is_not_there_is_named(query: bytes) -> None:
    api = endpoints.Endpoint("POST", endpoints.classify)
    request = scope("/v1/classify", "POST", "image/png") | {"query_string": query}
    status, sentence = ask(api, request)
    assert status == 503
    assert ("multiclass is not trained" in sentence) == (query == b"model=multiclass")


@pytest.mark.usefixtures("turned_on")
def test_an_error_of_the_app_tells_nothing() -> None:
    async def broken(request: Request) -> None:
        raise ValueError("secret")

    status, sentence = ask(endpoints.Endpoint("GET", broken), scope("/v1/models", "GET", ""))
    assert status == 500
    assert "secret" not in sentence


def test_it_is_below_the_base_path_too() -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "fer")
    try:
        paths = {route.path for route in routes()}
    finally:
        config.set_option("server.baseUrlPath", before)
    assert paths >= {prefix + path for path in API_ADDRESSES for prefix in ("", "/fer")}


@pytest.mark.parametrize("size", [100, 3_000_000])
def test_a_form_is_read_without_a_file(size: int) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
    content = part + bytes(size) + b"\r\n--x--\r\n"
    events: list[str] = []
    is_on = [True]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if is_on[0] and (event in audit_hooks.EVENTS or event == "open"):
            events.append(event)

    async def receive() -> dict[str, Any]:
        return body(content)

    sys.addaudithook(hook)  # Python has no way to remove one
    request = Request(scope("/v1/classify", "POST", f"{FORM}; boundary=x"), receive)
    photos = asyncio.run(read_photos(request, FORM))
    is_on[0] = False
    assert photos == [("a.png", bytes(size))]
    assert events == []


@pytest.mark.usefixtures("turned_on")
def test_a_client_that_leaves_takes_its_work_out_of_the_queue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue, end = WorkQueue(1), Event()
    running: Future[bool] = queue.submit(end.wait)
    monkeypatch.setattr(endpoints, "QUEUE", queue)
    lengths: list[int] = []

    async def main() -> None:
        messages = [body(sample_photo())]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            while queue.length < 2:
                await asyncio.sleep(0.01)
            lengths.append(queue.length)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            raise AssertionError("nobody is there to answer")

        api = endpoints.Endpoint("POST", endpoints.classify)
        await api(scope("/v1/classify", "POST", "image/png"), receive, send)
        await asyncio.sleep(0)
        lengths.append(queue.length)

    try:
        asyncio.run(main())
    finally:
        end.set()
    assert lengths == [2, 1]
    assert running.result()
