"""Annotations as tasks of Label Studio and as a table that is read again."""

import json

import pytest

from fer_core.errors import DataError
from fer_core.reports import export
from fer_core.reports.annotation_table import COLUMNS, annotation_rows, read_annotations
from fer_core.reports.label_studio import LabelledFace, tasks, to_json

FACES = [
    LabelledFace("a.jpg", 2, "", {"Zoë": ("happy", 1.26), "=Bo": (None, 3)}, {"m": ("sad", 0.4)}),
    LabelledFace("PrivateTest_1", 1, "fear", {"Zoë": ("fear", 0.5)}),
]
HEAD = ",".join(COLUMNS)


def test_a_task_has_everybodys_answers_and_names_its_image() -> None:
    first, second = tasks(FACES)
    assert first["data"] == {"image": "a.jpg", "face": 2, "annotators": ["Zoë", "=Bo"]}
    assert second["data"]["label"] == "fear"
    assert first["annotations"][0] == {
        "lead_time": 1.3,
        "result": [
            {
                "from_name": "emotion",
                "to_name": "image",
                "type": "choices",
                "value": {"choices": ["happy"]},
            }
        ],
    }
    assert first["annotations"][1]["result"][0]["value"] == {"choices": ["unclear"]}
    [prediction] = first["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("m", 0.4)
    assert prediction["result"][0]["value"] == {"choices": ["sad"]}
    assert json.loads(to_json(FACES)) == [first, second]


def test_the_table_is_read_as_it_was_written() -> None:
    text = export.to_csv(annotation_rows(FACES))
    assert "'=Bo" in text
    assert ",3.0," in text  # the same number of decimals in all rows
    rows = read_annotations(text.encode(export.CSV_ENCODING))
    assert [tuple(row) for row in rows] == [
        ("a.jpg", 2, "Zoë", "happy", 1.3),
        ("a.jpg", 2, "=Bo", None, 3.0),
        ("PrivateTest_1", 1, "Zoë", "fear", 0.5),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe\x00", "not a CSV file in UTF-8"),
        (b"", "no column called file"),
        (b"file,face,annotator,emotion\n", "no column called seconds"),
        (f"{HEAD}\na.jpg,1,Bo,bored,2\n".encode(), "emotion in line 2"),
        (f"{HEAD}\na.jpg,one,Bo,happy,2\n".encode(), "line 2 are not a number"),
        (f"{HEAD}\na.jpg,1,Bo,happy,nan\n".encode(), "Line 2"),
        (f"{HEAD}\na.jpg,1\n".encode(), "Line 2 names no face"),
        (f"{HEAD}\na.jpg,0,Bo,happy,2\n".encode(), "Line 2"),
    ],
)
def test_another_file_is_refused_with_a_sentence(content: bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_annotations(content)
