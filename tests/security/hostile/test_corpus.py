"""Whatever file comes, it ends in an answer or one clear sentence, within 2 s and 500 MB."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from corpus import CASES

ROOT = Path(__file__).parents[3]
CHILD = Path(__file__).with_name("child.py")
SECONDS, MEGABYTES = 2.0, 500
PROCESSES = 2
TRIES = 5  # a case that took too long is timed again: other work may have been in its way
GONE = {"crash": "the process died", "wall": 0, "cpu": 0, "busy": False, "mb": 0, "answers": []}
#: What a sentence for a person does not hold: Python's words, addresses, places on this machine.
JARGON = re.compile(
    r"0x|\n|Error|Exception|Traceback|None|<[a-z]|bytes-like|/[a-z]+/|PIL|cv2|numpy"
)


def run(names: list[str], folder: Path, part: int) -> tuple[dict[str, dict], bool]:
    """What came of the cases by name, and whether the library answers as before after them all."""
    told: dict[str, dict] = {}
    serves = True
    while waiting := [name for name in names if name not in told]:
        listed = folder / f"names-{part}.json"
        listed.write_text(json.dumps(waiting))
        done = subprocess.run(
            [sys.executable, CHILD, listed],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
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
        told.setdefault(begun, GONE | {"crash": f"the process died: {done.stderr[-2000:]}"})
    return told, serves


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """The whole corpus, run once; slow cases again."""
    folder = tmp_path_factory.mktemp("corpus")
    names = list(CASES)
    with ThreadPoolExecutor(PROCESSES) as pool:
        parts = list(pool.map(lambda i: run(names[i::PROCESSES], folder, i), range(PROCESSES)))
    told = {name: row for rows, _ in parts for name, row in rows.items()}
    for _ in range(TRIES - 1):
        slow = [
            name
            for name, row in told.items()
            if max(row["wall"], row["cpu"]) > SECONDS and "died" not in str(row)
        ]
        if not slow:
            break
        again, _ = run(slow, folder, 0)
        for name, row in again.items():
            times = {key: min(row[key], told[name][key]) for key in ("wall", "cpu")}
            told[name] = row | times
    told["afterwards"] = {"serves": all(serves for _, serves in parts)}
    (folder / "outcomes.json").write_text(json.dumps(told))
    return told


def too_slow(row: dict) -> bool:
    """By the processor's time; by the clock as well where the machine was not busy with others."""
    return row["cpu"] > SECONDS or (row["wall"] > SECONDS and not row["busy"])


def test_there_are_enough_cases_and_all_are_different() -> None:
    assert len(CASES) >= 200
    seen = {}
    small = [name for name in CASES if not name.startswith(("bomb", "largest"))]
    start = time.perf_counter()
    for name in small:
        digest = hashlib.sha256(CASES[name].make()).digest()
        assert digest not in seen, (name, seen[digest])
        seen[digest] = name
    assert time.perf_counter() - start < 60


@pytest.mark.parametrize("name", CASES)
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
        assert len(told["answers"]) == 2
        (height, width, channels), _, _ = told["answers"][0]
        assert min(height, width) >= 1
        assert channels == 3
        [(_, faces, emotions)] = told["answers"][1:]
        assert faces == len(emotions) == 1
    if case.expects != "either":
        assert case.expects == ("answer" if sentence is None else "sentence"), sentence
    assert not too_slow(told), told
    if told["mb"] is not None:  # the system does not tell it everywhere
        assert told["mb"] <= MEGABYTES


def test_the_library_answers_after_all_of_them(outcomes: dict[str, dict]) -> None:
    assert outcomes["afterwards"]["serves"]
