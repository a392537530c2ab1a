"""The HTTP API: answers about photos for programs, in the app's own process and queue.

It is off, and each of its addresses 404, unless the operator sets `FER_API_TOKEN`. Nothing of a
request is stored, and only numbers are logged. See docs/api_http.md.
"""

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from fer_core import pipeline
from fer_core.errors import FerError
from fer_core.registry import MODELS
from fer_core.reports.answers import photo_record
from fer_core.reports.model_record import model_record
from pages.runtime.event_log import log_error, log_event, timer
from pages.runtime.settings import settings
from pages.runtime.work_queue import QUEUE
from pages.server.api.error import ApiError
from pages.server.api.photos import content_type, read_photos
from pages.server.api.question import Question, question

T = TypeVar("T")
RETRY_SECONDS = 2  # told to a client that comes when all places are taken
LEFT = 499  # logged where the client left before its answer
#: Places for requests with photos, so that visitors of the pages are not starved.
PLACES = asyncio.Semaphore(settings().api_requests)


class Endpoint:
    """One address of the API, for one method: checks the token, and answers in JSON always.

    Args:
        method: The only HTTP method.
        answer: Called with the request; returns JSON-serialisable data or raises `ApiError`.
        is_public: Whether no token is needed.
    """

    def __init__(
        self, method: str, answer: Callable[[Request], Awaitable[Any]], *, is_public: bool = False
    ) -> None:
        self._method, self._answer, self._is_public = method, answer, is_public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request.state.numbers = {"photos": 0, "faces": 0}
        request.state.id = secrets.randbelow(10**15)
        status = LEFT
        with timer() as clock:
            try:
                response = await self._response(request)
            except ClientDisconnect:
                pass
            else:
                status = response.status_code
                await response(scope, receive, send)
        if settings().api_token:
            numbers = {"request": request.state.id, **request.state.numbers}
            log_event("api", ms=clock.ms, status=status, **numbers)

    async def _response(self, request: Request) -> JSONResponse:
        request_id = str(request.state.id)
        headers = {"X-Request-Id": request_id, "Cache-Control": "no-store"}
        try:
            self._check(request)
            return JSONResponse(await self._answer(request), headers=headers)
        except ApiError as refused:
            error = refused
        except FerError as failed:  # a model's file is missing or damaged, for example
            error = ApiError(503, str(failed))
        except ClientDisconnect:
            raise
        except Exception as failed:
            log_error(failed, request=request.state.id)
            error = ApiError(500, "Something went wrong here; the operator's log says where.")
        content = {"error": error.sentence, "request_id": request_id}
        return JSONResponse(content, error.status, error.headers | headers)

    def _check(self, request: Request) -> None:
        """Refuse a request for a wrong method, or without the token."""
        if not settings().api_token:
            raise ApiError(404, "There is no API here; the operator can turn it on.")
        if not self._is_public and not _has_token(request):
            raise ApiError(
                401,
                "Send the operator's token in the header Authorization: Bearer TOKEN.",
                {"WWW-Authenticate": "Bearer"},
            )
        if request.method != self._method:
            raise ApiError(
                405, f"This address answers {self._method} only.", {"Allow": self._method}
            )


async def models(request: Request) -> list[dict[str, object]]:
    """GET /v1/models: as `python -m fer_core models --json`."""
    return await asyncio.to_thread(lambda: [model_record(model) for model in MODELS.values()])


async def classify(request: Request) -> dict[str, object]:
    """POST /v1/classify: one record per photo, as `python -m fer_core classify --json`."""
    asked = await asyncio.to_thread(question, request.query_params)
    kind = content_type(request)
    if PLACES.locked():
        raise ApiError(
            429,
            "The API is busy; try again after the seconds in Retry-After.",
            {"Retry-After": str(RETRY_SECONDS)},
        )
    async with PLACES:
        photos = await read_photos(request, kind)
        records = await _unless_left(request, _records(photos, asked))
    faces = sum(len(record["faces"]) for record in records)
    request.state.numbers = {"photos": len(records), "faces": faces}
    return {"photos": records}


async def _records(photos: list[tuple[str, bytes]], asked: Question) -> list[dict[str, Any]]:
    """Queue one photo after the other, so that a visitor never waits for all of them."""
    return [
        await asyncio.wrap_future(QUEUE.submit(lambda photo=photo: _record(photo, asked)))  # type: ignore[misc]
        for photo in photos
    ]


def _record(photo: tuple[str, bytes], asked: Question) -> dict[str, Any]:
    [answers] = pipeline.classify_photos(
        [photo], asked.models, use_full_image=asked.whole_picture, precision=asked.precision
    )
    return photo_record(answers)


async def _unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled, and leaves the queue, if the client leaves.

    Raises:
        ClientDisconnect: The client has left.
    """
    task = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_has_left(request))
    try:
        await asyncio.wait({task, left}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        left.cancel()
        task.cancel()


async def _has_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _has_token(request: Request) -> bool:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    expected = settings().api_token.encode()
    is_right = hmac.compare_digest(token.strip().encode("latin-1", "replace"), expected)
    return is_right and scheme.lower() == "bearer"
