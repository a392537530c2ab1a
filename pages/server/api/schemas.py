"""JSON schemas of what the API answers; the records are those of the command line."""

from typing import Any, get_args

from fer_core.emotions import EMOTIONS
from fer_core.models.precision import Precision
from fer_core.quality import LIMIT, OUTSIDE

Schema = dict[str, Any]
PHOTO: Schema = {"$ref": "#/components/schemas/Photo"}
MODEL: Schema = {"$ref": "#/components/schemas/Model"}


def _record(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _map(values: Schema) -> Schema:
    """An object with one property per model."""
    return {"type": "object", "additionalProperties": values}


TEXT: Schema = {"type": "string"}
YES_OR_NO: Schema = {"type": "boolean"}
NULL: Schema = {"type": "null"}
COUNT: Schema = {"type": "integer", "minimum": 0}
GREY: Schema = {"type": "number", "minimum": 0, "maximum": 255}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
BY_EMOTION = _record(**dict.fromkeys(EMOTIONS, SHARE))
POINT: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
ANSWER = _record(
    emotion={"enum": list(EMOTIONS)},
    probabilities=BY_EMOTION,
    ms={"type": "number", "minimum": 0, "description": "Milliseconds of the model."},
    precision={"enum": list(get_args(Precision))},
)
ANSWER["properties"]["scores"] = BY_EMOTION | {
    "description": "Independent yes/no scores, of models that have them."
}
ANSWER["properties"] |= {
    "set": {
        "type": "array",
        "items": {"enum": list(EMOTIONS)},
        "minItems": 1,
        "uniqueItems": True,
        "description": "Prediction set, the most probable emotion first; not of own models.",
    },
    "set_level": SHARE
    | {"description": "About this share of such sets hold the label, of faces like FER2013's."},
}
PERCENTILE: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": 100,
    "description": "How many percent of FER2013's Training faces measure less.",
}
QUALITY = _record(
    face_px={
        "type": ["number", "null"],
        "exclusiveMinimum": 0,
        "description": "Side of the square as large as the box, in pixels; null if the whole "
        "picture was used.",
    },
    enlargement={
        "type": "number",
        "minimum": 0,
        "description": "Pixels of the 48×48 chip per pixel of the photo; above 1, details are "
        "made up.",
    },
    tilt={
        "type": ["number", "null"],
        "description": "Degrees, clockwise, by which the face was turned back; null if the whole "
        "picture was used.",
    },
    cut_by_edge=YES_OR_NO | {"description": "Whether the edge of the photo cuts the face's box."},
    brightness=GREY | {"description": "Mean grey level of the chip."},
    contrast=GREY | {"description": "Standard deviation of the chip's grey levels."},
    sharpness={
        "type": "number",
        "minimum": 0,
        "description": "Variance of the Laplacian of the chip's grey levels.",
    },
    brightness_percentile=PERCENTILE,
    contrast_percentile=PERCENTILE,
    sharpness_percentile=PERCENTILE,
    outside={
        "type": "array",
        "items": {"enum": list(OUTSIDE.values())},
        "uniqueItems": True,
        "description": f"In what the face is beyond {100 - LIMIT:g} % of Training's faces.",
    },
)
SCHEMAS: Schema = {
    "Error": _record(
        error=TEXT | {"description": "One sentence."},
        request_id=TEXT | {"description": "As in the header X-Request-Id."},
    ),
    "Answer": ANSWER,
    "Quality": QUALITY,
    "Face": _record(
        box={
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 4,
            "maxItems": 4,
            "description": "x, y, width and height in pixels.",
        },
        eyes={
            "anyOf": [{"type": "array", "items": POINT, "minItems": 2, "maxItems": 2}, NULL],
            "description": "x and y of both eyes in pixels, the one on the viewer's left first.",
        },
        score={
            "anyOf": [SHARE, NULL],
            "description": "The detector's; null if the whole picture was used.",
        },
        results=_map({"$ref": "#/components/schemas/Answer"}),
        quality={
            "anyOf": [{"$ref": "#/components/schemas/Quality"}, NULL],
            "description": "Of the face's picture; null if the committed numbers to compare it "
            "with are missing or damaged.",
        },
    ),
    "Photo": _record(
        path=TEXT | {"description": "File name of the part, or photo and its number."},
        bytes=NULL,
        modified=NULL,
        width={"type": ["integer", "null"], "description": "In pixels; null if unreadable."},
        height={"type": ["integer", "null"], "description": "In pixels; null if unreadable."},
        faces={"type": "array", "items": {"$ref": "#/components/schemas/Face"}},
        more_faces=YES_OR_NO | {"description": "Whether it has more faces than are listed."},
        picture_count=COUNT | {"description": "Frames or pages; the first is classified."},
        error={
            "type": ["string", "null"],
            "description": "Why the photo could not be read, in one sentence.",
        },
        app_version=TEXT,
        weights_sha256=_map({"type": "array", "items": TEXT}),
    ),
    "Model": _record(
        name=TEXT,
        title=TEXT,
        kind=TEXT,
        parameters={"type": ["integer", "null"]},
        weights_bytes={"type": ["integer", "null"]},
        study_accuracy={"anyOf": [SHARE, _map(SHARE), NULL]},
        private_test_accuracy={"anyOf": [SHARE, NULL]},
        ready=YES_OR_NO,
    ),
}
