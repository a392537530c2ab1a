"""Ties a session, its uploads and its images to the browser that opened it.

Streamlit's session id alone would resume a visitor's session, and it stands in the addresses of
uploads, which proxies log. So every browser gets a cookie with a random number, and the id is worth
nothing without it:

- A session is resumed, uploaded to or cleared of a file only with the cookie it was opened with.
- An image or a download is sent only to the browser whose session shows it.

A browser that refuses cookies gets a new session with each connection.
"""

import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.server import streamlit_internals
from pages.server.api.addresses import API_ADDRESSES
from pages.server.media_owners import MEDIA_OWNERS, NO_COOKIE, is_same_browser
from pages.server.streamlit_internals import BROWSER_HEADER, MEDIA_PATH, UPLOAD_PATH

COOKIE = "fer_browser"
_NO_PAGES = ("/static/", "/_stcore/", "/media/")  # caches in between may keep their answers
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)  # `secrets.token_urlsafe(32)`


class BrowserCookie:
    """Middleware that sets the cookie and refuses requests for another browser's session."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._app(_with_browser(scope), receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope)
        path = scope["path"]
        is_page = not (any(part in path for part in _NO_PAGES) or path.endswith(API_ADDRESSES))
        if not _is_allowed(path, _hashed(token)):
            await PlainTextResponse("", 404)(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and not token and is_page:
                MutableHeaders(scope=message).append("Set-Cookie", _new_cookie(scope))
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _is_allowed(path: str, browser: str) -> bool:
    """Whether this browser may ask for `path`."""
    if UPLOAD_PATH in path:
        session = streamlit_internals.upload_session(path)
        return is_same_browser(streamlit_internals.session_browser(session), browser)
    if media := MEDIA_PATH.search(path):
        return MEDIA_OWNERS.may_see(media[1].partition(".")[0], browser)
    return True


def _with_browser(scope: Scope) -> Scope:
    """The scope of a connection with the header that Streamlit compares when a session resumes."""
    name = BROWSER_HEADER.lower().encode()
    # Without a cookie, a random value: nobody resumes a session of a browser we can't tell.
    browser = browser_of(scope) or NO_COOKIE + secrets.token_urlsafe(16)
    others = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    return {**scope, "headers": [*others, (name, browser.encode())]}


def _token(scope: Scope) -> str:
    """The cookie's value; empty if there is none or it isn't one of ours."""
    for key, value in scope["headers"]:
        if key.lower() == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                continue
            if cookie is not None and _TOKEN.fullmatch(cookie.value):
                return cookie.value
    return ""


def browser_of(scope: Scope) -> str:
    """The browser of a request, as `session_browser` names it; empty without a cookie."""
    return _hashed(_token(scope))


def _hashed(token: str) -> str:
    """What the app keeps of a token: its hash, so that the token is never in a session."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def _new_cookie(scope: Scope) -> str:
    """A session cookie that scripts cannot read and other sites do not send along."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax{secure}"
