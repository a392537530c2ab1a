"""Photo pipeline: bytes → image → faces → chips → answers of the selected models."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fer_core.answers import Answer, FaceAnswers, PhotoAnswers
from fer_core.arrays import as_chips
from fer_core.emotions import EMOTIONS
from fer_core.errors import ImageError
from fer_core.faces import align
from fer_core.faces.align import Face
from fer_core.imaging.load import Photo, load_first
from fer_core.models.precision import Precision, PrecisionChoice, resolve
from fer_core.models.predictors import EnsemblePredictor, load_without_members
from fer_core.probability import normalize_scores
from fer_core.registry import get_model_spec


@dataclass(frozen=True)
class DetectedFaces:
    """Faces detected in a photo, ready to be classified by any model."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    faces: tuple[Face, ...]
    chips: np.ndarray  # (N, 48, 48) uint8 grey, one chip per face
    more_faces: bool = False  # whether the photo has more faces than `faces`, the surest ones
    picture_count: int = 1  # frames or pages in the file; only the first is looked at


def detect_faces(
    photo: Photo, *, use_full_image: bool = False, small_faces: bool = True
) -> DetectedFaces:
    """Detect the faces of a photo and cut out their chips.

    Args:
        photo: A path, the bytes of a file, or an (H, W, 3) uint8 RGB array.
        use_full_image: Treat the whole image as one face instead of running the detector.
        small_faces: Whether to look for small faces beside larger ones too, which takes longer.

    Returns:
        The image, its faces in reading order, and one chip per face.

    Raises:
        TypeError: The photo is neither a path nor bytes nor a NumPy array.
        ImageError: The photo cannot be read.
        WeightsError: The detector's model file is missing or damaged.

    Examples:
        >>> from fer_core.imaging.sample_photo import sample_photo
        >>> detected = detect_faces(sample_photo())
        >>> len(detected.faces), detected.chips.shape
        (1, (1, 48, 48))
    """
    image, picture_count = load_first(photo)
    faces, more_faces = [align.full_image_face(image)], False
    if not use_full_image:
        faces, more_faces = align.detect_capped(image, small_faces=small_faces)
    chips = np.array([align.crop_chip(image, face) for face in faces], np.uint8)
    return DetectedFaces(image, tuple(faces), chips.reshape(-1, 48, 48), more_faces, picture_count)


def classify(
    photo: Photo,
    file_name: str,
    model_names: Sequence[str],
    *,
    use_full_image: bool = False,
    precision: PrecisionChoice = "fp32",
) -> PhotoAnswers:
    """Detect the faces of one photo and classify each of them; see `classify_photos`."""
    [answers] = classify_photos(
        [(file_name, photo)], model_names, use_full_image=use_full_image, precision=precision
    )
    return answers


def classify_photos(
    photos: Iterable[tuple[str, Photo]],
    model_names: Sequence[str],
    *,
    use_full_image: bool = False,
    precision: PrecisionChoice = "fp32",
    picture_chips: bool = False,
) -> list[PhotoAnswers]:
    """Detect the faces of some photos and classify each of them with the given models.

    One photo after the other is decoded; then each network runs once for the faces of all.

    Args:
        photos: For each, the name that its result carries, and the photo as for `detect_faces`.
        model_names: Names of registered models.
        use_full_image: Treat each whole image as one face instead of running the detector.
        precision: As of `predictors.load`.
        picture_chips: Whether to return each whole picture as a chip, too.

    Returns:
        One result per photo, in this order. `faces` is empty if none was found; `error` is set if
        the photo could not be read.

    Raises:
        NotTrainedError: A model has no weights yet.
        WeightsError: The weights of a model or of the detector are missing or damaged.
    """
    detected = [
        _without_answers(name, photo, use_full_image, picture_chips) for name, photo in photos
    ]
    chips = np.array([face.chip for photo in detected for face in photo.faces], np.uint8)
    answers = iter(classify_chips(chips.reshape(-1, 48, 48), model_names, precision=precision))
    return [
        replace(photo, faces=tuple(replace(face, answers=next(answers)) for face in photo.faces))
        for photo in detected
    ]


def _without_answers(
    name: str, photo: Photo, use_full_image: bool, picture_chips: bool
) -> PhotoAnswers:
    try:
        detected = detect_faces(photo, use_full_image=use_full_image)
    except ImageError as error:
        return PhotoAnswers(name, error=str(error))
    image = detected.image
    height, width = image.shape[:2]
    whole = align.crop_chip(image, align.full_image_face(image)) if picture_chips else None
    return PhotoAnswers(
        name,
        width,
        height,
        tuple(FaceAnswers(*face) for face in zip(detected.faces, detected.chips, strict=True)),
        more_faces=detected.more_faces,
        picture_count=detected.picture_count,
        picture_chip=whole,
    )


def classify_chips(
    chips: np.ndarray,
    model_names: Sequence[str],
    known: Mapping[str, Sequence[Answer]] | None = None,
    *,
    precision: PrecisionChoice = "fp32",
) -> list[dict[str, Answer]]:
    """Classify chips with the given models.

    An ensemble is computed from its members' answers: a network that several models need runs once.

    Args:
        chips: (N, 48, 48) uint8 grey.
        model_names: Names of registered models.
        known: Model name → N answers that it gave to the same chips before; it is not run again.
        precision: As of `predictors.load`.

    Returns:
        N dictionaries from model name to answer.

    Raises:
        TypeError: `chips` is no NumPy array.
        ValueError: `chips` has another shape or type.
        NotTrainedError: A model has no weights yet.
        WeightsError: The weights of a model are missing or damaged.
    """
    chips = as_chips(chips)
    if not len(chips):
        return []
    done = {(name, given[0].precision): given for name, given in (known or {}).items()}
    answers = {
        name: _answer(name, resolve(get_model_spec(name), precision), chips, done)
        for name in model_names
    }
    return [{name: given[i] for name, given in answers.items()} for i in range(len(chips))]


def _answer(
    model_name: str,
    precision: Precision,
    chips: np.ndarray,
    done: dict[tuple[str, Precision], Sequence[Answer]],
) -> Sequence[Answer]:
    """One answer per chip, from `done` where it is there; `done` gets what is computed."""
    if (model_name, precision) in done:
        return done[model_name, precision]
    predictor = load_without_members(model_name, precision)
    milliseconds, scores = 0.0, None
    if isinstance(predictor, EnsemblePredictor):
        members = [_answer(name, precision, chips, done) for name in predictor.model.members]
        milliseconds = sum(given[0].milliseconds for given in members)
        start = time.perf_counter()
        probabilities = predictor.combine([_outputs(given) for given in members])
    else:
        start = time.perf_counter()
        scores = predictor.scores(chips) if hasattr(predictor, "scores") else None
        probabilities = (
            predictor.predict_proba(chips) if scores is None else normalize_scores(scores)
        )
    milliseconds += (time.perf_counter() - start) * 1000 / len(chips)
    done[model_name, precision] = answers = [
        Answer(
            _by_emotion(probabilities[i]),
            milliseconds,
            None if scores is None else _by_emotion(scores[i]),
            precision,
        )
        for i in range(len(chips))
    ]
    return answers


def _outputs(answers: Sequence[Answer]) -> np.ndarray:
    """(N, 7) float32: what an ensemble takes from a member, its scores or probabilities."""
    rows = [answer.scores or answer.probabilities for answer in answers]
    return np.array([[row[name] for name in EMOTIONS] for row in rows], np.float32)


def _by_emotion(values: np.ndarray) -> dict[str, float]:
    return dict(zip(EMOTIONS, map(float, values), strict=True))
