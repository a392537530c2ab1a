"""What the frame of the page Live asks, checked."""

import json
import math

from starlette.requests import Request

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS
from pages.server.api.error import ApiError
from pages.server.body_limit import bounded
from pages.session.recordings import Kind, Recording, Recordings
from pages.text.escape import clean_name

MAX_FRAME_BYTES = 300_000
MAX_START_BYTES = 4_000
MAX_TIME = 1e6  # seconds
FRAME_SECONDS = 20.0  # that a frame may take to arrive


async def body(request: Request, limit: int) -> bytes:
    """The body of a request.

    Raises:
        ApiError: 408 or 413; whatever else arrives is not held.
        ClientDisconnect: The browser left in the middle of it.
    """
    too_large = ApiError(413, f"This may have at most {limit // 1000} kB.")
    return await bounded(request, limit, too_large, seconds=FRAME_SECONDS).body()


async def kind_and_title(request: Request) -> tuple[Kind, str]:
    """What is about to be recorded: a camera or a film, and its name.

    Raises:
        ApiError: 400, or as of `body`.
    """
    try:
        content = json.loads(await body(request, MAX_START_BYTES))
        kind, title = content["kind"], content["title"]
    except (ValueError, KeyError, TypeError, RecursionError):
        kind, title = None, None
    if kind not in ("camera", "video") or not isinstance(title, str):
        raise ApiError(400, "Say of which kind the film is, and its title.")
    return kind, clean_name(title)


def recording(request: Request, held: Recordings) -> Recording:
    """The recording that a request names.

    Raises:
        ApiError: 404 if the session has none of this number.
    """
    number = request.query_params.get("recording", "")
    if number.isascii() and number.isdigit() and (found := held.recordings.get(int(number[:9]))):
        return found
    raise ApiError(404, "This recording has been removed. Start another one.")


def time(request: Request) -> float:
    """The time of the film that a request names, in seconds.

    Raises:
        ApiError: 400 if it is none.
    """
    try:
        seconds = float(request.query_params.get("time", ""))
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MAX_TIME:
        raise ApiError(400, "The time must be a number of seconds, from 0.")
    return seconds


def models(request: Request) -> list[str]:
    """The models that a request names.

    Raises:
        ApiError: 400 if there is none of this name, or it is not trained.
    """
    names = list(dict.fromkeys(request.query_params.get("models", "").split(",")))
    if not all(name in MODELS and weights_file.is_ready(MODELS[name]) for name in names):
        raise ApiError(400, "Name one or more models that are trained, separated by commas.")
    return names
