"""Run cases one by one in this process, and print one JSON line per case.

    python tests/security/hostile/child.py FILE_OF_NAMES

The name is printed before the case runs, and its outcome and work afterwards, so that a case that
kills the process can be identified.
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
from fer_core.reports.drawing import encode_for_display

MODEL = "multiclass"
TIMEOUT = 600  # seconds after which the process is killed


def whole_way(data: bytes) -> list[object]:
    """Classify the photo's faces and the full image, and encode it for display, as the app does.

    Raises `FerError`.
    """
    found = detect_faces(data)
    faces = [answer[MODEL].emotion for answer in classify_chips(found.chips, [MODEL])]
    chip = align.crop_chip(found.image, align.full_image_face(found.image))
    [whole] = classify_chips(chip[None], [MODEL])
    encode_for_display(found.image)
    return [found.image.shape, faces, whole[MODEL].emotion]


def outcome(name: str) -> dict[str, object]:
    """Run a case: its answer, error message or crash, and its work."""
    data = CASES[name].make()
    result: dict[str, object] = {"name": name, "bytes": len(data)}
    with counted() as work:
        try:
            result["answer"] = whole_way(data)
        except FerError as error:
            result |= {"error": type(error).__name__, "sentence": str(error)}
        except Exception as error:  # a bug, reported by the test
            result["crash"] = f"{type(error).__name__}: {error}"
    return result | {"work": asdict(work)}


def main() -> None:
    names = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    before = whole_way(sample_photo())
    for name in names:
        print(json.dumps({"begun": name}), flush=True)
        faulthandler.dump_traceback_later(TIMEOUT, exit=True)
        print(json.dumps(outcome(name)), flush=True)
        faulthandler.cancel_dump_traceback_later()
    print(json.dumps({"still_serves": whole_way(sample_photo()) == before}), flush=True)


if __name__ == "__main__":
    main()
