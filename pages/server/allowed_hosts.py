"""Answers only requests that name one of the app's hosts.

Against DNS rebinding: another site's name can be made to point at this machine, and the pages of
that site could then read the app like their own. A browser's Host header still tells that name. An
address such as 192.168.0.7 belongs to no other site, so phones in a classroom need no setting.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

REFUSAL = (
    "FER Explorer does not answer to this name. Whoever runs it can allow the name with "
    "STREAMLIT_SERVER_ALLOWED_HOSTS; see docs/operations.md."
)


class AllowedHosts:
    """Middleware that answers 400 to a name that is not in `server.allowedHosts`.

    Streamlit itself applies this option to WebSocket connections only, and refuses addresses.
    """

    def __init__(self, app: ASGIApp, names: list[str]) -> None:
        self._app = app
        self._names = ["localhost", *(name.strip().lower().rstrip(".") for name in names)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self.allows(
            Headers(scope=scope).get("host", "")
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            await PlainTextResponse(REFUSAL, 400)(scope, receive, send)

    def allows(self, host: str) -> bool:
        """Whether a Host header names the app; an address always does.

        Args:
            host: The header, such as "fer.example.org:8501" or "[::1]".
        """
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if any(_fits(name, pattern) for pattern in self._names):
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return True


def allowed_names() -> list[str]:
    """The names in `server.allowedHosts`."""
    return list(config.get_option("server.allowedHosts"))


def replace_streamlits_check() -> None:
    """Keep Streamlit from applying the option as well, since it would refuse addresses."""
    config.set_option("server.allowedHosts", [])


def _fits(name: str, pattern: str) -> bool:
    """Whether a name is `pattern`, or below it where that begins with `*.`."""
    below = pattern.startswith("*.") and name.endswith(pattern[1:])
    return below or pattern in ("*", name)
