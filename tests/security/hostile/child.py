"""Runs cases one after the other in this process, and prints a line of JSON for each.

    python tests/security/hostile/child.py FILE_OF_NAMES

First the name that is begun, then what came of it with its seconds and MB, so that a case which
kills the process is known. Memory is the system's own count (peak resident set, Linux), because
decoders allocate where Python does not see it.
"""

import ctypes
import ctypes.util
import faulthandler
import gc
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

from corpus import CASES

from fer_core.errors import FerError
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import answer_chips, find_faces

VARIANT = "multiclass"
HANGS = 60  # seconds after which a case is given up, and the process with it
STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")


def status(field: str) -> float:
    """A line of the system's account of this process, MB."""
    line = next(row for row in STATUS.read_text().splitlines() if row.startswith(field))
    return int(line.split()[1]) / 1024


def tidy() -> None:
    """Give freed memory back, so that one case does not hide in what another left."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim(0)


def whole_way(data: bytes, whole_picture: bool) -> list[object]:
    """What the photo's faces are answered; raises `FerError` like everything it calls."""
    found = find_faces(data, whole_picture=whole_picture)
    answers = answer_chips(found.chips, [VARIANT])
    return [found.image.shape, len(found.faces), [each[VARIANT].emotion for each in answers]]


def measure(name: str, baseline: float) -> dict[str, object]:
    """Both ways in, each by itself: seconds and MB are those of the dearer one."""
    data = CASES[name].make()
    told: dict[str, object] = {"name": name, "bytes": len(data), "answers": []}
    walls, cpus, megabytes = [], [], []
    for whole_picture in (False, True):
        tidy()
        if CLEAR.exists():
            CLEAR.write_text("5")  # the peak counts from here
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            told["answers"].append(whole_way(data, whole_picture))  # type: ignore[attr-defined]
        except FerError as error:
            told |= {"error": type(error).__name__, "sentence": str(error)}
        except Exception as error:  # a bug, to be told by the test
            told["crash"] = f"{type(error).__name__}: {error}"
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
        if CLEAR.exists():
            megabytes.append(status("VmHWM") - baseline - len(data) / 2**20)
    told |= {"wall": round(max(walls), 3), "cpu": round(max(cpus), 3)}
    told["busy"] = os.getloadavg()[0] > (os.cpu_count() or 1)  # others wanted the processor too
    return told | {"mb": round(max(megabytes), 1) if megabytes else None}


def main() -> None:
    names = json.loads(Path(sys.argv[1]).read_text())
    before = whole_way(sample_photo(), False)
    tidy()
    baseline = status("VmRSS") if CLEAR.exists() else 0.0
    for name in names:
        print(json.dumps({"begun": name}), flush=True)
        faulthandler.dump_traceback_later(HANGS, exit=True)
        print(json.dumps(measure(name, baseline)), flush=True)
        faulthandler.cancel_dump_traceback_later()
    after = whole_way(sample_photo(), False)
    print(json.dumps({"still_serves": after == before}), flush=True)


if __name__ == "__main__":
    main()
