"""GET /plotly.min.js: the chart library, with which a browser draws the charts to download."""

from pathlib import Path

import plotly
from starlette.requests import Request
from starlette.responses import FileResponse

ADDRESS = "/plotly.min.js"
FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


async def plotly_file(request: Request) -> FileResponse:
    """The file that comes with the Python package."""
    return FileResponse(
        FILE, media_type="text/javascript", headers={"Cache-Control": "private, max-age=86400"}
    )
