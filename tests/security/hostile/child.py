"""Runs cases one after the other in this process, and prints a line of JSON for each.

    python tests/security/hostile/child.py FILE_OF_NAMES

First the name that is begun, then what came of it and the work that it made, so that a case which
kills the process is known.
"""

import faulthandler
import json
import sys
from dataclasses import asdict
from pathlib import Path

from corpus import CASES
from counted_work import counted

from fer_core.errors import FerError
from fer_core.faces import align
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import classify_chips, detect_faces

VARIANT = "multiclass"
HANGS = 600  # seconds after which a case is given up, and the process with it


def whole_way(data: bytes) -> list[object]:
    """What the photo's faces are answered, and what the whole picture is; raises `FerError` like
    everything it calls."""
    found = detect_faces(data)
    faces = [each[VARIANT].emotion for each in classify_chips(found.chips, [VARIANT])]
    chip = align.crop_chip(found.image, align.full_image_face(found.image))
    [whole] = classify_chips(chip[None], [VARIANT])
    return [found.image.shape, faces, whole[VARIANT].emotion]


def outcome(name: str) -> dict[str, object]:
    """What came of a case: an answer, a sentence or a crash; and its work."""
    data = CASES[name].make()
    told: dict[str, object] = {"name": name, "bytes": len(data)}
    with counted() as work:
        try:
            told["answer"] = whole_way(data)
        except FerError as error:
            told |= {"error": type(error).__name__, "sentence": str(error)}
        except Exception as error:  # a bug, to be told by the test
            told["crash"] = f"{type(error).__name__}: {error}"
    return told | {"work": asdict(work)}


def main() -> None:
    names = json.loads(Path(sys.argv[1]).read_text())
    before = whole_way(sample_photo())
    for name in names:
        print(json.dumps({"begun": name}), flush=True)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        print(json.dumps(outcome(name)), flush=True)
        faulthandler.cancel_dump_traceback_later()
    print(json.dumps({"still_serves": whole_way(sample_photo()) == before}), flush=True)


if __name__ == "__main__":
    main()
