"""`analyze` and `analyze_video`: photos or a film → answers in one call.

By default, the model that the committed results recommend answers.
"""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from fer_core.answers import PhotoAnswers
from fer_core.errors import NotTrainedError, VideoError
from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.load import Photo
from fer_core.models.precision import PrecisionChoice
from fer_core.models.predictors import load
from fer_core.pipeline import classify_photos
from fer_core.registry import list_models
from fer_core.text import printable

if TYPE_CHECKING:  # needs scipy, which photos do not
    from fer_core.video.timeline import Timeline

PHOTOS_AT_ONCE = 16  # whose faces are classified together

PhotoT = TypeVar("PhotoT", bound=Photo)


@overload
def analyze(
    photos: list[PhotoT] | tuple[PhotoT, ...],
    model: str | Sequence[str] | None = ...,
    *,
    whole_picture: bool = ...,
    precision: PrecisionChoice = ...,
) -> list[PhotoAnswers]: ...
@overload
def analyze(
    photos: Photo,
    model: str | Sequence[str] | None = ...,
    *,
    whole_picture: bool = ...,
    precision: PrecisionChoice = ...,
) -> PhotoAnswers: ...
def analyze(
    photos: Photo | list[Any] | tuple[Any, ...],
    model: str | Sequence[str] | None = None,
    *,
    whole_picture: bool = False,
    precision: PrecisionChoice = "fp32",
) -> PhotoAnswers | list[PhotoAnswers]:
    """Find the faces of one photo or of many, and classify each of them.

    Faces of many photos are classified in batches; one decoded picture is held at a time.

    Args:
        photos: A path, the bytes of a file, an (H, W, 3) uint8 RGB array, or a list of these.
        model: A model's name, several names, or `all`; by default the model that agrees most with
            the crowd (FER+) on PublicTest.
        whole_picture: Treat each whole picture as one face instead of running the detector.
        precision: As of `load_model`.

    Returns:
        The answers for the photo, or a list with those for each. `name` is the path as given, or
        for bytes and arrays `photo` and the number in the list, from 1. A photo that cannot be read
        raises no error: its `error` says why, and it has no faces.

    Raises:
        TypeError: A photo is none of these.
        UnknownModelError: The registry has no model of that name.
        ValueError: `precision` has no such value.
        NotTrainedError: A model's weights are missing, or no model has any.
        WeightsError: The weights of a model or of the detector are damaged.

    Examples:
        >>> from fer_core.imaging.sample_photo import sample_photo
        >>> photo, broken = analyze([sample_photo(), b"no picture"], "multiclass")
        >>> [face.answers["multiclass"].emotion for face in photo.faces]
        ['happy']
        >>> broken.name, broken.faces, broken.error is None
        ('photo 2', (), False)
    """
    names = model_names(model)
    for name in names:
        load(name, precision)  # reports a missing one before the first photo
    if isinstance(photos, (list, tuple)):
        return list(_analyze(photos, names, whole_picture, precision))
    [answers] = _analyze([photos], names, whole_picture, precision)
    return answers


def analyze_video(
    path: str | os.PathLike[str],
    model: str | Sequence[str] | None = None,
    every: float | None = 0.2,
    *,
    precision: PrecisionChoice = "fp32",
) -> "Timeline":
    """Find and follow the faces of a film, and classify each of them in every step.

    Faces are followed by place and size, never by identity. Only faces and answers are kept, no
    frame.

    Args:
        path: Of a film, or of an animation (GIF, WebP or PNG).
        model: As of `analyze`.
        every: Seconds between two frames that are looked at; None looks at all.
        precision: As of `load_model`.

    Returns:
        The timeline, whose `title` is the path. `error` says why the end is missing, if the film is
        damaged or longer than a timeline may be.

    Raises:
        VideoError: No frame of the file can be read.
        ValueError: `every` is not above 0, or `precision` has no such value.
        UnknownModelError: The registry has no model of that name.
        NotTrainedError: A model's weights are missing, or no model has any.
        WeightsError: The weights of a model or of the detector are damaged.
        MissingPackageError: scipy is not installed.
    """
    from fer_core.video.film import add_to, analyse_film
    from fer_core.video.timeline import Timeline

    names = model_names(model)
    for name in names:
        load(name, precision)
    timeline = Timeline(printable(os.fspath(path)))
    try:
        for _ in add_to(timeline, analyse_film(path, names, every, precision)):
            pass
    except VideoError as error:
        if not timeline.frame_count:
            raise
        timeline.error = str(error)
    return timeline


def model_names(model: str | Sequence[str] | None) -> list[str]:
    """The names of the models that `model` of `analyze` stands for; raises like it."""
    if model is None:
        model = default_model_name()
        if model is None:
            raise NotTrainedError("No model is trained yet.")
    if model == "all":
        return list_models()
    return [model] if isinstance(model, str) else list(model)


def _analyze(
    photos: Sequence[Photo], names: list[str], whole_picture: bool, precision: PrecisionChoice
) -> Iterator[PhotoAnswers]:
    named = [(photo_name(photo, number), photo) for number, photo in enumerate(photos, 1)]
    for start in range(0, len(named), PHOTOS_AT_ONCE):
        yield from classify_photos(
            named[start : start + PHOTOS_AT_ONCE],
            names,
            use_full_image=whole_picture,
            precision=precision,
        )


def photo_name(photo: Photo, number: int) -> str:
    """A photo's name: its path, or for bytes and arrays `photo` and its number."""
    return os.fspath(photo) if isinstance(photo, (str, os.PathLike)) else f"photo {number}"
