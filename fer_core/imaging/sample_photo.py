"""The built-in sample photo: astronaut Eileen Collins (NASA, public domain), from scikit-image."""

from importlib.util import find_spec
from pathlib import Path

from fer_core.errors import ImageError

SAMPLE_PHOTO_NAME = "astronaut.png"


def sample_photo() -> bytes:
    """Read the file's bytes (PNG, 512×512) without importing scikit-image, which takes a second.

    Raises `ImageError` where the package was installed without its images.
    """
    spec = find_spec("skimage")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "data" / SAMPLE_PHOTO_NAME if folders else None
    if path is None or not path.is_file():
        raise ImageError("The sample photo is missing; please reinstall scikit-image.")
    return path.read_bytes()
