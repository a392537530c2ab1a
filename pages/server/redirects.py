"""Redirects from former addresses of pages, so that shared links keep working."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

#: Former address → present address.
FORMER_ADDRESSES = {"/crowd": "/label_agreement"}


async def redirect(request: Request) -> RedirectResponse:
    """307 to the page's present address, with the same base path and query."""
    base, slash, former = request.url.path.rpartition("/")
    path = base + FORMER_ADDRESSES[slash + former]
    return RedirectResponse(f"{path}?{request.url.query}" if request.url.query else path)
