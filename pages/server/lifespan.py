"""Start-up and shutdown of the server, its extra routes and its middleware."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware

from fer_core.artifacts import store, weights_file
from fer_core.errors import WeightsError
from fer_core.explain.networks import use_torch_threads
from fer_core.imaging.decode import guard_process
from fer_core.models.cache import MODEL_CACHE
from fer_core.onnx_session import use_onnx_threads
from fer_core.registry import MODELS
from pages.runtime import event_log
from pages.runtime.settings import settings
from pages.runtime.work_queue import QUEUE
from pages.server import (
    allowed_hosts,
    message_limit,
    session_cleanup,
    streamlit_internals,
    uvicorn_server,
)
from pages.server.allowed_hosts import AllowedHosts
from pages.server.browser_cookie import BrowserCookie
from pages.server.media_owners import MEDIA_OWNERS
from pages.server.message_limit import MAX_MESSAGE_BYTES, MessageLimit
from pages.server.page_reload import RECENTLY_LEFT
from pages.server.routes import routes
from pages.server.security_headers import SecurityHeaders
from pages.server.upload_limit import UploadLimit
from pages.session.preload import PRELOADER

streamlit_internals.disable_address_lookup()
streamlit_internals.filter_messages(message_limit.refusal)
streamlit_internals.name_media(MEDIA_OWNERS.new_id)
streamlit_internals.on_disconnect(RECENTLY_LEFT.note)

ROUTES = routes()
MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(AllowedHosts, names=allowed_hosts.allowed_names()),
    Middleware(BrowserCookie),
    Middleware(MessageLimit),
    Middleware(UploadLimit),
]
IDLE_CHECK_SECONDS = 60  # between two checks for idle models
RECHECK_SECONDS = 2  # between two looks at whether a committed file has changed
STOP_SECONDS = 5  # that a stop waits for requests in progress


def configure_library() -> None:
    """Set what the library leaves to the app: model memory, threads, files, Pillow's guard."""
    MODEL_CACHE.resize(settings().model_mb * 10**6)
    use_torch_threads(1)
    use_onnx_threads(1)  # the workers are the threads
    store.artifacts().recheck_seconds = RECHECK_SECONDS
    guard_process()
    register_own_models()


def register_own_models() -> None:
    """Offer the operator's own ONNX files; one that cannot be used is named and left out."""
    if not settings().models_dir:
        return
    from fer_core.models import own_onnx  # onnx takes a quarter of a second

    for own in own_onnx.list_own_models(Path(settings().models_dir)):
        try:
            own_onnx.register(own)
        except WeightsError as error:
            print(f"FER_MODELS_DIR: {error} It is left out.", file=sys.stderr)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Start background tasks with the server and stop them, and the work queue, with it."""
    configure_library()
    allowed_hosts.replace_streamlits_check()
    uvicorn_server.limit_server(MAX_MESSAGE_BYTES, STOP_SECONDS)
    event_log.log_event(
        "start", variants=sum(weights_file.is_ready(model) for model in MODELS.values())
    )
    PRELOADER.start()
    tasks = [
        asyncio.create_task(_release_idle()),
        asyncio.create_task(session_cleanup.run_cleanup()),
        asyncio.create_task(uvicorn_server.send_at_once()),
    ]
    try:
        yield {}
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        event_log.log_event("stop", dropped=QUEUE.length)
        QUEUE.stop()
        PRELOADER.stop()


async def _release_idle() -> None:
    while True:
        await asyncio.sleep(IDLE_CHECK_SECONDS)
        seconds = settings().model_idle_minutes * 60
        if released := await asyncio.to_thread(MODEL_CACHE.release_idle, seconds):
            event_log.log_event("released", models=released)
