"""The body of a request, as it arrives: bounded in bytes and in time."""

import time

from starlette.requests import Request
from starlette.types import Message

from pages.server.api.error import ApiError
from pages.server.upload_limit import UPLOAD_SECONDS, receive_in_time


def bounded(
    request: Request, limit: int, too_large: ApiError, *, seconds: float = UPLOAD_SECONDS
) -> Request:
    """A request whose body ends if it is too large or comes too slowly.

    Args:
        request: As it came.
        limit: Bytes that the body may have.
        too_large: Raised if the body is announced to be larger, and with the first byte beyond;
            whatever still comes is dropped, so that the client gets to read the sentence.
        seconds: That the whole body may take.

    Returns:
        The same request; reading its body raises `too_large`, or an `ApiError` of status 408.
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
        raise too_large
    came, end = 0, time.monotonic() + seconds

    async def receive_limited() -> Message:
        nonlocal came
        try:
            message = await receive_in_time(request.receive, end)
        except TimeoutError:
            raise ApiError(
                408, "The photos came too slowly; send smaller ones.", {"Connection": "close"}
            ) from None
        came += len(message.get("body", b""))
        if came > limit:
            raise too_large
        return message

    return Request(request.scope, receive_limited)
