"""Answers only requests that name one of the app's hosts.

Against DNS rebinding: another site's name can be made to point at this machine, and the pages of
that site could then read the app like their own. A browser's Host header still tells that name.
"""

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit import config

#: Names of this machine, always answered, because the health check uses them.
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def allowed_hosts() -> Middleware:
    """Middleware that answers 400 unless the Host header is in `server.allowedHosts`.

    Streamlit itself applies this option to WebSocket connections only.
    """
    names: list[str] = config.get_option("server.allowedHosts")
    hosts = [f"[{name}]" if ":" in name else name for name in names]  # IPv6, as in the header
    return Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, *hosts], www_redirect=False)
