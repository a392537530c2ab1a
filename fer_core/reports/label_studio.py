"""Annotators' and models' answers as tasks of Label Studio, so that a team can go on there.

The format is Label Studio's own for import (labelstud.io/guide/task_format): one task per face with
`annotations` by people and `predictions` by models. Images are named and not embedded. The project
needs this labelling configuration; the choice `unclear` stands for a face that nobody can read:

    <View>
      <Image name="image" value="$image"/>
      <Choices name="emotion" toName="image" choice="single">
        <Choice value="angry"/> ... <Choice value="surprise"/> <Choice value="unclear"/>
      </Choices>
    </View>
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

UNCLEAR = "unclear"
FROM_NAME, TO_NAME = "emotion", "image"


@dataclass(frozen=True)
class LabelledFace:
    """One face with everybody's answers.

    Attributes:
        image: The photo's file name, or the image's id in FER2013.
        face: Number of the face in the photo, from 1.
        label: The data set's label; empty if there is none.
        annotations: Annotator → (emotion, None for unclear; seconds that the answer took).
        predictions: Model name → (emotion, its probability).
    """

    image: str
    face: int
    label: str = ""
    annotations: Mapping[str, tuple[str | None, float]] = field(default_factory=dict)
    predictions: Mapping[str, tuple[str, float]] = field(default_factory=dict)


def tasks(faces: Iterable[LabelledFace]) -> list[dict[str, Any]]:
    """One task per face, as JSON-serialisable data.

    Label Studio knows annotators by their accounts, which we do not have, so `data.annotators` has
    their names in the order of the annotations.
    """
    return [_task(face) for face in faces]


def to_json(faces: Iterable[LabelledFace]) -> str:
    """The tasks as the text of a file for import."""
    return json.dumps(tasks(faces), indent=2, ensure_ascii=False)


def _task(face: LabelledFace) -> dict[str, Any]:
    data: dict[str, Any] = {"image": face.image, "face": face.face}
    if face.label:
        data["label"] = face.label
    return {
        "data": data | {"annotators": list(face.annotations)},
        "annotations": [
            {"result": _result(emotion or UNCLEAR), "lead_time": round(seconds, 1)}
            for emotion, seconds in face.annotations.values()
        ],
        "predictions": [
            {"model_version": name, "score": round(probability, 6), "result": _result(emotion)}
            for name, (emotion, probability) in face.predictions.items()
        ],
    }


def _result(choice: str) -> list[dict[str, Any]]:
    return [
        {
            "from_name": FROM_NAME,
            "to_name": TO_NAME,
            "type": "choices",
            "value": {"choices": [choice]},
        }
    ]
