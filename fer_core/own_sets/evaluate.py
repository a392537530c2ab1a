"""`evaluate`: labelled photos → an evaluation set in one call."""

from collections.abc import Mapping, Sequence

import numpy as np

from fer_core.analysis import PHOTOS_AT_ONCE, model_names, photo_name
from fer_core.evaluation.evaluation_set import EvaluationSet
from fer_core.imaging.load import Photo
from fer_core.imaging.photo_file import PhotoFile
from fer_core.models.predictors import load
from fer_core.own_sets.build import SetBuilder
from fer_core.own_sets.labels import Vocabulary
from fer_core.own_sets.sources import LabelledItem
from fer_core.pipeline import classify_photos
from fer_core.registry import get_model_spec
from fer_core.text import printable, unique_names


def evaluate(
    photos: Sequence[Photo] | np.ndarray,
    labels: Sequence[str | int] | np.ndarray,
    model: str | Sequence[str] | None = None,
    *,
    whole_picture: bool = False,
    scheme: str | None = None,
    overrides: Mapping[str, str | None] | None = None,
    groups: Mapping[str, Sequence[str] | np.ndarray] | None = None,
    names: Sequence[str] | None = None,
    title: str = "Your faces",
) -> EvaluationSet:
    """Ask models about labelled photos, and collect their answers as an evaluation set.

    Args:
        photos: N paths, bytes of files or (H, W, 3) uint8 RGB arrays.
        labels: N labels: words such as `happy` or `Happiness`, or numbers of `scheme`.
        model: A model's name, several names, or `all`; by default the model that agrees most with
            the crowd (FER+) on PublicTest.
        whole_picture: Treat each whole picture as one face instead of running the detector.
        scheme: What numbers mean: `fer2013`, `rafdb`, `affectnet` or `ferplus`.
        overrides: Label → emotion, or None to leave its faces out.
        groups: Column → N groups, for metrics by group.
        names: N names; by default the paths, or `photo` and the number from 1.
        title: The set's name for readers.

    Returns:
        The set. Its `notes` count and name what was left out: photos that cannot be read, without a
        face, or with a label that is none of the seven emotions. Of several faces in a photo the
        largest counts.

    Raises:
        ValueError: There are not as many labels, groups or names as photos.
        UsageError: There is no such scheme, or an override names no emotion.
        ResultsError: No face is left.
        UnknownModelError: The registry has no model of that name.
        NotTrainedError: A model's weights are missing.
        WeightsError: The weights of a model or of the detector are damaged.

    Examples:
        >>> from fer_core.imaging.sample_photo import sample_photo
        >>> faces = evaluate([sample_photo(), sample_photo("admiral.png")], ["Joy", "happiness"])
        >>> len(faces), faces.missing_emotions[:2]
        (2, ('angry', 'disgust'))
    """
    groups = groups or {}
    for given, what in ((labels, "labels"), *((g, f"groups of {c}") for c, g in groups.items())):
        _check_length(len(photos), given, what)
    if names is not None:
        _check_length(len(photos), names, "names")
    asked = model_names(model)
    models = {name: get_model_spec(name) for name in asked}
    for name in asked:
        load(name)  # reports a missing one before the first photo
    vocabulary = Vocabulary(scheme, overrides or {})
    builder = SetBuilder(models, vocabulary)
    shown = names or [photo_name(photo, number) for number, photo in enumerate(photos, 1)]
    items = [
        LabelledItem(
            name,
            PhotoFile(name, name),
            str(labels[i]),
            {column: str(values[i]) for column, values in groups.items()},
        )
        for i, name in enumerate(unique_names([printable(name) for name in shown]))
    ]
    photo_of = {item.name: photo for item, photo in zip(items, photos, strict=True)}
    known = builder.sort_out(items)
    for start in range(0, len(known), PHOTOS_AT_ONCE):
        part = known[start : start + PHOTOS_AT_ONCE]
        answers = classify_photos(
            ((item.name, photo_of[item.name]) for item in part),
            asked,
            use_full_image=whole_picture,
            picture_chips=True,
        )
        for item, answer in zip(part, answers, strict=True):
            builder.add(item, answer)
    return builder.build("own", title=title)


def _check_length(n: int, given: Sequence[object] | np.ndarray, what: str) -> None:
    if len(given) != n:
        raise ValueError(f"{n} photos need {n} {what}, not {len(given)}")
