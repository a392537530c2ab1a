"""The cookie that tells browsers apart; tests/browser/test_strangers.py tests what it protects."""

import asyncio
from typing import Any

import pytest
from starlette.datastructures import Headers

from pages.server.browser_cookie import COOKIE, BrowserCookie
from pages.server.streamlit_internals import BROWSER_HEADER

TOKEN = "x" * 43


def request(path: str, cookie: str = "", scheme: str = "http") -> str | None:
    """The cookie that the answer to a request sets."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"cookie", f"a=b; {COOKIE}={cookie}".encode())] if cookie else []
    scope = {"type": "http", "path": path, "headers": headers, "scheme": scheme}
    asyncio.run(BrowserCookie(app)(scope, None, send))  # type: ignore[arg-type]
    return Headers(raw=answers[0]["headers"]).get("set-cookie")


def connect(*headers: tuple[bytes, bytes]) -> list[str]:
    """What the app is told of the browser that connects."""
    told: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        told.extend(Headers(raw=scope["headers"]).getlist(BROWSER_HEADER))

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": list(headers)}
    asyncio.run(BrowserCookie(app)(scope, None, None))  # type: ignore[arg-type]
    return told


def test_a_page_sets_a_cookie_that_scripts_and_other_sites_cannot_use() -> None:
    value = request("/classify")
    assert value is not None
    assert value.endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert request("/classify") != value
    assert request("/classify", scheme="https") != value
    assert (request("/", scheme="https") or "").endswith("; Secure")


@pytest.mark.parametrize(
    "path", ["/static/js/index.js", "/_stcore/health", "/media/x.png", "/fer/v1/models"]
)
def test_answers_that_caches_may_keep_set_none(path: str) -> None:
    assert request(path) is None


@pytest.mark.parametrize("path", ["/media/a.jpg", "/media//a.jpg", "/fer/media/x/a.jpg", "/media/"])
def test_an_image_that_nobody_owns_is_not_asked_for(path: str) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        pytest.fail("it was asked for")

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {"type": "http", "path": path, "headers": [], "method": "GET"}
    asyncio.run(BrowserCookie(app)(scope, None, send))  # type: ignore[arg-type]
    assert answers[0]["status"] == 404


def test_a_browser_keeps_its_cookie_and_a_made_up_one_is_replaced() -> None:
    assert request("/", TOKEN) is None
    assert request("/", "short") is not None


def test_a_browser_cannot_say_who_it_is() -> None:
    cookie = (b"cookie", f"{COOKIE}={TOKEN}".encode())
    [browser] = connect(cookie)
    assert TOKEN not in browser
    assert connect(cookie, (BROWSER_HEADER.encode(), b"somebody else")) == [browser]
    [first], [second] = connect(), connect((BROWSER_HEADER.lower().encode(), b"somebody else"))
    assert first != second
    assert "somebody else" not in (first, second)
