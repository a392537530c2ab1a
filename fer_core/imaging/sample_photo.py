"""Sample photos for trying the models: three that installed packages bring, and variants of them.

Variants show what a model depends on: they are made by computer, and their captions say so.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from fer_core.errors import ImageError, requires_extra

SAMPLE_PHOTO_NAME = "astronaut.png"


@dataclass(frozen=True)
class Sample:
    """A photo that everybody may use, or a variant of one."""

    title: str
    origin: str  # who made it and the licence, or what was done to which photo
    package: str  # the one that brings the file
    file: str  # in the folder of all packages
    change: Callable[[Image.Image], Image.Image] | None = None


def _cover_mouth(photo: Image.Image) -> Image.Image:
    ImageDraw.Draw(photo).rectangle((177, 133, 270, 171), fill="#ebebeb")
    return photo


_ASTRONAUT = ("scikit-image", f"skimage/data/{SAMPLE_PHOTO_NAME}")
_ADMIRAL = ("matplotlib", "matplotlib/mpl-data/sample_data/grace_hopper.jpg")
#: By file name; the first is the one that is offered first.
SAMPLES = {
    SAMPLE_PHOTO_NAME: Sample("Astronaut", "Eileen Collins: NASA, public domain", *_ASTRONAUT),
    "admiral.png": Sample("Admiral", "Grace Hopper: US Navy, public domain", *_ADMIRAL),
    "cameraman.png": Sample(
        "Cameraman", "photo by Lav Varshney, CC0", "scikit-image", "skimage/data/camera.png"
    ),
    "mouth covered.png": Sample(
        "Mouth covered", "the astronaut with a bar over the mouth", *_ASTRONAUT, _cover_mouth
    ),
    "blurred.png": Sample(
        "Blurred",
        "the astronaut, blurred",
        *_ASTRONAUT,
        lambda photo: photo.filter(ImageFilter.GaussianBlur(5)),
    ),
    "dark.png": Sample(
        "Dark",
        "the admiral, darkened",
        *_ADMIRAL,
        lambda photo: ImageEnhance.Brightness(photo).enhance(0.15),
    ),
}


def sample_photo(name: str = SAMPLE_PHOTO_NAME) -> bytes:
    """Read the file of a sample, without importing its package, which takes a second.

    Args:
        name: A key of `SAMPLES`; the default is a PNG of 512×512 with one smiling face.

    Returns:
        The content of a PNG or JPEG file.

    Raises:
        MissingPackageError: The package is not installed.
        ImageError: It was installed without its images.
    """
    sample = SAMPLES[name]
    with requires_extra("app", "Sample photos need"):
        path = Path(str(distribution(sample.package).locate_file(sample.file)))
    if not path.is_file():
        raise ImageError(f"The sample photo is missing; please reinstall {sample.package}.")
    data = path.read_bytes()
    if sample.change is None:
        return data
    changed = io.BytesIO()
    sample.change(Image.open(io.BytesIO(data)).convert("RGB")).save(changed, "PNG")
    return changed.getvalue()
