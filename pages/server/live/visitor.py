"""Who sends a frame: the page of a session that is open, in its own browser, and nobody else."""

from urllib.parse import urlsplit

from starlette.requests import Request

from pages.server import streamlit_internals
from pages.server.api.error import ApiError
from pages.server.browser_cookie import browser_of
from pages.server.media_owners import is_same_browser
from pages.session import recordings
from pages.session.capacity import SESSION_LIMIT
from pages.session.recordings import Recordings

TOKEN_HEADER = "X-Live-Token"  # noqa: S105 (a header's name)


def recordings_of(request: Request) -> Recordings:
    """The recordings of the session that a request comes from.

    Raises:
        ApiError: 403 if it comes from another site, another browser, or a session that is not open
            or has no seat.
    """
    if not _is_from_this_site(request):
        raise ApiError(403, "Frames are taken from the app's own page only.")
    held = recordings.with_token(request.headers.get(TOKEN_HEADER, ""))
    if held is None or not _is_open(held.session_id, request):
        raise ApiError(403, "This visit has ended. Reload the page and start again.")
    return held


def _is_open(session: str, request: Request) -> bool:
    return (
        streamlit_internals.is_session_active(session)
        and SESSION_LIMIT.is_admitted(session)
        and is_same_browser(streamlit_internals.session_browser(session), browser_of(request.scope))
    )


def _is_from_this_site(request: Request) -> bool:
    """By what browsers say of themselves; a page of another site cannot say otherwise."""
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")
