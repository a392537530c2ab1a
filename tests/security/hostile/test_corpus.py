"""Every file gives an answer or a clear error message, with bounded work and without a crash.

About sixty cases run with every test; `make hostile` runs all of them.
"""

import hashlib
import io
import json
import os
import re
import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from bounds import MAX_WORK, excess
from corpus import CASES, SELECTED
from counted_work import Work
from PIL import Image

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("child.py")
PROCESSES = 2
#: What an error message must not contain: Python's words, addresses, paths of this machine.
JARGON = re.compile(
    r"0x|\n|Error|Exception|Traceback|None|<[a-z]|bytes-like|/[a-z]+/|PIL|cv2|numpy"
)
PARAMETERS = [
    pytest.param(name, marks=() if name in SELECTED else pytest.mark.hostile) for name in CASES
]


def run(names: list[str], folder: Path, part: int) -> tuple[dict[str, dict], bool]:
    """Outcome of the cases by name, and whether the library still works after all of them."""
    told: dict[str, dict] = {}
    serves = True
    while waiting := [name for name in names if name not in told]:
        listed = folder / f"names-{part}.json"
        listed.write_text(json.dumps(waiting))
        done = subprocess.run(
            [sys.executable, CHILD, listed],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            capture_output=True,
            text=True,
            check=False,
        )
        begun = None
        for line in done.stdout.splitlines():
            row = json.loads(line)
            if "begun" in row:
                begun = row["begun"]
            elif "name" in row:
                told[row["name"]] = row
            else:
                begun, serves = None, serves and row["still_serves"]
        if begun is None:
            break
        told.setdefault(begun, {"crash": f"the process died: {done.stderr[-2000:]}"})
    return told, serves


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict]:
    """Outcome of every case selected for this run."""
    folder = tmp_path_factory.mktemp("corpus")
    names = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test_case.__name__
    ]
    with ThreadPoolExecutor(PROCESSES) as pool:
        parts = list(pool.map(lambda i: run(names[i::PROCESSES], folder, i), range(PROCESSES)))
    told = {name: row for rows, _ in parts for name, row in rows.items()}
    return told | {"afterwards": {"serves": all(serves for _, serves in parts)}}


@pytest.mark.hostile
def test_there_are_enough_cases_and_all_are_different() -> None:
    assert len(CASES) >= 1000
    seen: dict[bytes, str] = {}
    for name in CASES:
        if name.startswith(("bomb", "expensive", "largest")):
            continue
        digest = hashlib.sha256(CASES[name].make()).digest()
        assert digest not in seen, (name, seen[digest])
        seen[digest] = name


def test_those_that_are_chosen_stand_for_all() -> None:
    assert 50 <= len(SELECTED) <= 70
    assert {CASES[name].word for name in SELECTED} == {case.word for case in CASES.values()}
    assert {name.partition(":")[0] for name in SELECTED} == {n.partition(":")[0] for n in CASES}


def test_overlapping_tags_overlap() -> None:
    """Pillow would read 50,000 times a megabyte, were it to trust the file."""
    data = CASES["bomb: TIFF of tags that overlap"].make()
    [start] = struct.unpack_from("<I", data, 4)
    [count] = struct.unpack_from("<H", data, start)
    rows = list(struct.iter_unpack("<HHII", data[start + 2 : start + 2 + 12 * count]))
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    spans = [(at, at + size) for _, kind, size, at in rows if kind == 1]
    assert all(0 < first < last <= len(data) for first, last in spans)
    assert sum(last - first for first, last in spans) > 10_000 * len(data)
    beyond = pytest.warns(UserWarning, match="Tag data larger than file")
    with beyond, Image.open(io.BytesIO(data)) as image:
        assert image.size == (20, 20)


@pytest.mark.parametrize("name", PARAMETERS)
def test_case(name: str, outcomes: dict[str, dict]) -> None:
    told, case = outcomes[name], CASES[name]
    assert "crash" not in told, told["crash"]
    sentence = told.get("sentence")
    if sentence is not None:
        assert told["error"] == "ImageError"
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not JARGON.search(sentence)
        assert len(sentence) < 200
        assert case.word in sentence
    else:
        (height, width, channels), faces, whole = told["answer"]
        assert min(height, width) >= 1
        assert channels == 3
        assert len(faces) <= 100
        assert whole
    if case.expects != "either":
        assert case.expects == ("answer" if sentence is None else "sentence"), sentence
    assert excess(Work(**told["work"]), told["bytes"]) == {}


def test_the_library_answers_after_all_of_them(outcomes: dict[str, dict]) -> None:
    assert outcomes["afterwards"]["serves"]


def test_too_much_work_would_be_seen() -> None:
    for name, most in MAX_WORK.items():
        assert excess(Work(**{name: most}), 0) == {}
        assert excess(Work(**{name: most + 1}), 0) == {name: most + 1}
