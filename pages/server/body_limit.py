"""The body of a request, as it arrives: bounded in bytes and in time."""

import time

from starlette.types import Message, Receive

from pages.server.api.error import ApiError
from pages.server.upload_limit import UPLOAD_SECONDS, receive_in_time


def limited(
    receive: Receive, limit: int, too_large: ApiError, *, seconds: float = UPLOAD_SECONDS
) -> Receive:
    """`receive` that ends a body which is too large or comes too slowly.

    Args:
        receive: The connection's.
        limit: Bytes that the body may have.
        too_large: Raised with the first byte beyond; whatever still comes is dropped, so that the
            client gets to read the sentence.
        seconds: That the whole body may take.

    Returns:
        The same as `receive`, or it raises `too_large`, or an `ApiError` of status 408.
    """
    came, end = 0, time.monotonic() + seconds

    async def receive_limited() -> Message:
        nonlocal came
        try:
            message = await receive_in_time(receive, end)
        except TimeoutError:
            raise ApiError(
                408, "The photos came too slowly; send smaller ones.", {"Connection": "close"}
            ) from None
        came += len(message.get("body", b""))
        if came > limit:
            raise too_large
        return message

    return receive_limited
