"""GET /health: readiness and load, as numbers only, for load balancers and operators."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from fer_core.artifacts import weights_file
from fer_core.models.cache import MODEL_CACHE
from fer_core.registry import MODELS
from pages.runtime.work_queue import QUEUE
from pages.server import upload_limit


async def health(request: Request) -> JSONResponse:
    """200 if at least one model is ready, else 503."""
    ready = sum(weights_file.is_ready(model) for model in MODELS.values())
    payload = {
        "status": "ok" if ready else "no model is in place",
        "variants_ready": ready,
        "models_loaded": len(MODEL_CACHE.sizes),
        "work_in_line": QUEUE.length,
        "photo_mb": round(upload_limit.photo_bytes() / 10**6, 1),
    }
    return JSONResponse(payload, 200 if ready else 503, {"Cache-Control": "no-store"})
