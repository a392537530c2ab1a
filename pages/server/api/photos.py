"""The photos in the body of an API request: read within limits, kept in memory only."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from fer_core.imaging.decode import MAX_BYTES
from pages.server import streamlit_internals
from pages.server.api.error import ApiError
from pages.server.body_limit import bounded
from pages.text.escape import clean_name

streamlit_internals.keep_uploads_in_memory()

MAX_PHOTOS = 16  # of a request
MAX_BODY_BYTES = 2 * MAX_BYTES  # of a request with several photos
PART = "photo"  # name of each part of a form
FORM = "multipart/form-data"
IMAGES = (
    *(f"image/{kind}" for kind in ("jpeg", "png", "webp", "bmp", "gif", "tiff")),
    "application/octet-stream",
)


def content_type(request: Request) -> str:
    """The media type of the body, without parameters.

    Raises:
        ApiError: 415 if it is none of `FORM` and `IMAGES`, or compressed.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ApiError(415, "Send the body as it is, without a Content-Encoding.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (FORM, *IMAGES):
        raise ApiError(415, f"The Content-Type must be {FORM} or one of {', '.join(IMAGES)}.")
    return kind


async def read_photos(request: Request, kind: str) -> list[tuple[str, bytes]]:
    """Name and content of each photo in the body, whose media type is `kind`.

    Raises:
        ApiError: 400, 408 or 413; whatever else arrives is not held.
        ClientDisconnect: The client left in the middle of it.
    """
    is_form = kind == FORM
    limit = MAX_BODY_BYTES if is_form else MAX_BYTES
    limited = bounded(request, limit, _too_large())
    if not is_form:
        return [(f"{PART} 1", await limited.body())]
    try:
        async with limited.form(max_files=MAX_PHOTOS, max_fields=0) as form:
            return await _parts(form.multi_items())
    except (HTTPException, UnicodeError):  # in place of the parser's own words
        raise ApiError(
            400,
            f"The form must have 1 to {MAX_PHOTOS} parts named {PART}, each with a file name.",
        ) from None


async def _parts(items: list[tuple[str, UploadFile | str]]) -> list[tuple[str, bytes]]:
    photos = []
    for number, (name, part) in enumerate(items, 1):
        if name != PART or not isinstance(part, UploadFile):
            raise HTTPException(400)
        if (part.size or 0) > MAX_BYTES:
            raise _too_large()
        photos.append((clean_name(part.filename or f"{PART} {number}"), await part.read()))
        await part.close()  # so that there is one copy
    if not photos:
        raise HTTPException(400)
    return photos


def _too_large() -> ApiError:
    return ApiError(
        413,
        f"A photo may have {MAX_BYTES // 2**20} MB, and a request with several "
        f"{MAX_BODY_BYTES // 2**20} MB.",
    )
