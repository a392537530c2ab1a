"""Takes the frames of a camera or a film, one after the other, and answers what models see.

A frame is decoded like any photo, in the queue of all visitors' work. It is never kept: of each
face, numbers and at times its 48×48 grey pixels stay in the session, as a recording. The browser
draws on the very frame that it sent; the page itself is not run. See docs/video.md.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from fer_core.errors import FerError, ImageError
from fer_core.video.marks import MAX_MARKS, Mark
from pages.runtime.event_log import log_error, log_event, timer
from pages.runtime.work_queue import QUEUE
from pages.server.api.error import ApiError
from pages.server.live import question
from pages.server.live.look import check_jpeg, frame_record, look
from pages.server.live.visitor import recordings_of
from pages.server.upload_limit import is_over_quota
from pages.session import photos
from pages.session.recordings import MAX_RECORDINGS, Recordings

LOGGED_FRAMES = 100  # between two events in the log, and two looks at the memory


class Endpoint:
    """One address for the page's frame: POST only, and always answered in JSON.

    Args:
        answer: Called with the request and the recordings of its session; returns
            JSON-serialisable data or raises `ApiError`.
    """

    def __init__(self, answer: Callable[[Request, Recordings], Awaitable[Any]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._response(request)
        except ClientDisconnect:
            return
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)

    async def _response(self, request: Request) -> JSONResponse:
        try:
            if request.method != "POST":
                raise ApiError(405, "This address answers POST only.", {"Allow": "POST"})
            return JSONResponse(await self._answer(request, recordings_of(request)))
        except ApiError as refused:
            error = refused
        except ImageError as unreadable:
            error = ApiError(422, str(unreadable))
        except FerError as failed:  # a model's file is missing or damaged, for example
            error = ApiError(503, str(failed))
        except ClientDisconnect:
            raise
        except Exception as failed:
            log_error(failed)
            error = ApiError(500, "Something went wrong here; the operator's log says where.")
        return JSONResponse({"error": error.sentence}, error.status, error.headers)


async def start(request: Request, held: Recordings) -> dict[str, Any]:
    """Begin a recording."""
    kind, title = await question.kind_and_title(request)
    if held.is_full:
        raise ApiError(
            409, f"A visit has at most {MAX_RECORDINGS} recordings. Remove one to make room."
        )
    _check_memory(held)
    return {"recording": held.begin(kind, title).number}


async def frame(request: Request, held: Recordings) -> dict[str, Any]:
    """Look at the next frame of a recording; one at a time for each session."""
    recording = question.recording(request, held)
    time, names = question.time(request), question.models(request)
    if held.is_busy:
        raise ApiError(409, "The frame before is still being looked at.")
    held.is_busy = True
    try:
        data = await question.body(request, question.MAX_FRAME_BYTES)
        if recording.timeline.is_full:
            raise ApiError(507, "This recording is full. Start another one to go on.")
        if recording.timeline.frame_count % LOGGED_FRAMES == 0:
            _check_memory(held)
        with timer() as clock:
            task = QUEUE.submit(lambda: look(recording, data, time, names))
            answers = await asyncio.wrap_future(task)
    finally:
        held.is_busy = False
    if answers.number % LOGGED_FRAMES == 0:
        log_event("frames", ms=clock.ms, frames=answers.number, faces=len(answers.faces))
    return frame_record(answers, names) | {"ms": clock.ms}


async def mark(request: Request, held: Recordings) -> dict[str, Any]:
    """Mark a moment of a recording."""
    recording = question.recording(request, held)
    if len(recording.marks) >= MAX_MARKS:
        raise ApiError(409, f"A recording has at most {MAX_MARKS} marks.")
    end = max(0.0, recording.timeline.last_time)  # the camera's clock may be ahead of its frames
    recording.marks.append(Mark(min(question.time(request), end)))
    return {"marks": len(recording.marks)}


async def keep(request: Request, held: Recordings) -> dict[str, Any]:
    """Put a frame among the session's photos, as if it had been uploaded."""
    recording, time = question.recording(request, held), question.time(request)
    album = photos.of_session(held.session_id)
    if not album:
        raise ApiError(409, "Open the page Live again, and keep the moment then.")
    _check_memory(held)
    name = f"{recording.timeline.title}, {time:.1f} s.jpg"
    data = await question.body(request, question.MAX_FRAME_BYTES)
    check_jpeg(data)
    album[-1].receive([(name, data)])
    return {"photo": name}


def _check_memory(held: Recordings) -> None:
    if is_over_quota(held.session_id):
        raise ApiError(
            507, "The memory for photos and recordings is full. Remove some, and start again."
        )
