"""What `streamlit_app.py` hands to the server: start and end, and what stands around the pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.middleware import Middleware
from starlette.routing import Route

from fer_core.model_cache import MODELS
from fer_core.settings import settings
from fer_core.variants import VARIANTS
from pages.server import log
from pages.server.health import health
from pages.server.limits import UploadLimit
from pages.ui.work_queue import QUEUE

ROUTES = [Route("/health", health)]
MIDDLEWARE = [Middleware(UploadLimit)]
EVERY_SECONDS = 60  # between two looks for idle models


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Runs while the server does."""
    log.event("start", variants=sum(variant.ready for variant in VARIANTS.values()))
    releasing = asyncio.create_task(_release_idle())
    try:
        yield
    finally:
        releasing.cancel()
        with suppress(asyncio.CancelledError):
            await releasing
        log.event("stop", dropped=QUEUE.length)
        QUEUE.stop()


async def _release_idle() -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        seconds = settings().model_idle_minutes * 60
        if released := await asyncio.to_thread(MODELS.release_idle, seconds):
            log.event("released", models=released)


def on_error(raised: Exception) -> None:
    """What no page expected: noted without its words; the visitor sees Streamlit's plain notice."""
    log.error(raised)
