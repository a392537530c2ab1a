"""The server's routes besides the pages, also below the base path behind a proxy."""

from typing import Any

from starlette.routing import Route
from streamlit import config

from pages.server import model_files, plotly_file
from pages.server.api import endpoints as api
from pages.server.api.addresses import CLASSIFY, DESCRIPTION, MODELS
from pages.server.api.description import describe
from pages.server.health import health
from pages.server.live import endpoints as live
from pages.server.live.addresses import FRAME, KEEP, MARK, START
from pages.server.redirects import FORMER_ADDRESSES, redirect


def routes() -> list[Route]:
    """Every route at the root and, if Streamlit has a base path, below it as well.

    A proxy that forwards only the base path reaches the second; a health check on the machine
    itself needs no base path.
    """
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    endpoints: dict[str, Any] = {
        CLASSIFY: api.Endpoint("POST", api.classify),
        MODELS: api.Endpoint("GET", api.models),
        DESCRIPTION: api.Endpoint("GET", describe, is_public=True),
        START: live.Endpoint(live.start),
        FRAME: live.Endpoint(live.frame),
        MARK: live.Endpoint(live.mark),
        KEEP: live.Endpoint(live.keep),
        "/health": health,
        model_files.ADDRESS: model_files.model_file,
        plotly_file.ADDRESS: plotly_file.plotly_file,
    }
    endpoints |= dict.fromkeys(FORMER_ADDRESSES, redirect)
    return [
        Route(prefix + address, endpoint)
        for prefix in ("", *([f"/{base}"] if base else []))
        for address, endpoint in endpoints.items()
    ]
