"""GET /openapi.json: the API as an OpenAPI 3.1 document.

`tests/pages/server/api/test_contract.py` holds the running server to it.
"""

from typing import Any

from starlette.requests import Request

import fer_core
from fer_core.imaging.decode import MAX_BYTES
from fer_core.models.precision import PRECISION_CHOICES
from fer_core.registry import MODELS as REGISTERED
from pages.server.api.addresses import CLASSIFY, DESCRIPTION, MODELS
from pages.server.api.photos import FORM, IMAGES, MAX_BODY_BYTES, MAX_PHOTOS, PART
from pages.server.api.question import ALL
from pages.server.api.schemas import MODEL, PHOTO, SCHEMAS

Document = dict[str, Any]
HEADERS: Document = {
    "X-Request-Id": {
        "description": "A random number that identifies this request.",
        "required": True,
        "schema": {"type": "string"},
    }
}
#: Status → what it means; each answer is one sentence.
ERRORS = {
    400: "A parameter or the form is wrong.",
    401: "The token is missing or wrong.",
    408: "The photos came too slowly.",
    413: f"A photo is larger than {MAX_BYTES} bytes, or a form than {MAX_BODY_BYTES}.",
    415: "The body is of another type.",
    429: "The API is busy; Retry-After says when to try again.",
    500: "Something went wrong in the app.",
    503: "A model cannot be loaded.",
}
ERROR_HEADERS: dict[int, Document] = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"const": "Bearer"}}},
    429: {
        "Retry-After": {
            "description": "Seconds.",
            "required": True,
            "schema": {"type": "integer", "minimum": 1},
        }
    },
}


async def describe(request: Request) -> Document:
    """The document; it tells nothing that the documentation does not, so it needs no token."""
    return document(request.url.path.removesuffix(DESCRIPTION) or "/")


def document(server: str) -> Document:
    """The document of the API below the path `server`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "FER Explorer",
            "version": fer_core.__version__,
            "description": "What models guess about the facial expressions in photos. "
            "Nothing of a photo is stored.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {
            CLASSIFY: {"post": _classify()},
            MODELS: {"get": _models()},
            DESCRIPTION: {"get": _description()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def _classify() -> Document:
    photos = {"type": "array", "items": PHOTO, "minItems": 1, "maxItems": MAX_PHOTOS}
    answer = {
        "type": "object",
        "properties": {"photos": photos},
        "required": ["photos"],
        "additionalProperties": False,
    }
    return {
        "operationId": "classify",
        "summary": "Find the faces in one or several photos and classify each of them.",
        "parameters": _parameters(),
        "requestBody": {"required": True, "content": _bodies()},
        "responses": _responses("One record per photo, in their order.", answer, *ERRORS),
    }


def _parameters() -> list[Document]:
    return [
        _parameter(
            "model",
            "One or several models, or all; the app's default model if none is named. "
            "Names may also be separated by commas.",
            {"type": "array", "minItems": 1, "items": {"enum": [*REGISTERED, ALL]}},
        ),
        _parameter(
            "whole_picture",
            "Treat each whole picture as one face.",
            {"type": "boolean", "default": False},
        ),
        _parameter(
            "precision",
            "Arithmetic of the answers; the operator sets the default.",
            {"type": "string", "enum": list(PRECISION_CHOICES)},
        ),
    ]


def _parameter(name: str, description: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _bodies() -> Document:
    photo = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
    photos = {"type": "array", "items": photo, "minItems": 1, "maxItems": MAX_PHOTOS}
    form = {
        "type": "object",
        "properties": {PART: photos},
        "required": [PART],
        "additionalProperties": False,
    }
    image = {"schema": {"type": "string", "format": "binary"}}
    return {FORM: {"schema": form}} | dict.fromkeys(IMAGES, image)


def _models() -> Document:
    rows = {"type": "array", "items": MODEL}
    return {
        "operationId": "models",
        "summary": "All models with their kind, size and accuracy.",
        "responses": _responses("One record per model.", rows, 401, 500, 503),
    }


def _description() -> Document:
    return {
        "operationId": "description",
        "summary": "This document.",
        "security": [],
        "responses": _responses("An OpenAPI document.", {"type": "object"}, 500),
    }


def _responses(description: str, schema: Document, *errors: int) -> Document:
    error = {"schema": {"$ref": "#/components/schemas/Error"}}
    success = {
        "description": description,
        "headers": HEADERS,
        "content": {"application/json": {"schema": schema}},
    }
    return {"200": success} | {
        str(status): {
            "description": ERRORS[status],
            "headers": HEADERS | ERROR_HEADERS.get(status, {}),
            "content": {"application/json": error},
        }
        for status in errors
    }
