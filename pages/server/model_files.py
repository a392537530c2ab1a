"""GET /models/FILE: the graph and the weights of a network, to use outside the app."""

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS, list_networks

ADDRESS = "/models/{file}"


async def model_file(request: Request) -> Response:
    """The file, sent from the disk in parts; 404 for any other name."""
    files = {
        path.name: path for name in list_networks() for path in weights_file.files(MODELS[name])
    }
    path = files.get(request.path_params["file"])
    if path is None or not path.is_file():
        return PlainTextResponse("There is no such file.", 404)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)
