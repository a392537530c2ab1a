"""Redirects from former addresses of pages, so that shared links keep working."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

#: Former address → present address.
FORMER_ADDRESSES = {"/crowd": "/label_agreement"}


async def redirect(request: Request) -> RedirectResponse:
    """307 to the page's present address, with the same query."""
    target = request.url.replace(path=FORMER_ADDRESSES[request.url.path])
    return RedirectResponse(f"{target.path}?{target.query}" if target.query else target.path)


REDIRECTS = [Route(address, redirect) for address in FORMER_ADDRESSES]
