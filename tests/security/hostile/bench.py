"""Time and memory of hostile files, relative to an ordinary photo in the same run.

    PYTHONPATH=.:tests/support python tests/security/hostile/bench.py [--all] [--out FOLDER]

Writes `hostile-<date>-<commit>.json`: processor seconds and peak MB (Linux) of an ordinary photo of
12 million pixels, and for each case (the selected ones or all) the ratio to them. Prints the most
expensive cases, and the MB that all of them together left behind, which no case is charged with:
each is measured from the memory in use before it. Nothing is asserted: `test_corpus.py` counts the
work instead.
"""

import argparse
import ctypes
import ctypes.util
import gc
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from child import whole_way
from corpus import CASES, SELECTED
from largest import encode, photo

from fer_core.artifacts.provenance import collect_provenance
from fer_core.errors import FerError
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.benchmark import write_report

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
ORDINARY = (4000, 3000)
REPEATS = 3
N_PRINTED = 10


def read_status(field: str) -> float:
    """Read a memory field of this process from /proc, in MB; 0 where it is missing."""
    lines = STATUS.read_text(encoding="utf-8").splitlines() if STATUS.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), 0.0)


def baseline() -> float:
    """Release what can be released, reset the peak, and return the MB still in use."""
    gc.collect()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim(0)
    if CLEAR.exists():
        CLEAR.write_text("5", encoding="utf-8")
    return read_status("VmRSS")


def cost(data: bytes) -> dict[str, float]:
    """Measure the minimum processor seconds and peak MB over a few repeats."""
    seconds, megabytes = [], []
    for _ in range(REPEATS):
        before, start = baseline(), time.process_time()
        with suppress(FerError):
            whole_way(data)
        seconds.append(time.process_time() - start)
        megabytes.append(read_status("VmHWM") - before)
    return {"s": round(min(seconds), 3), "mb": round(min(megabytes), 1)}


def ratios(make: Callable[[], bytes], ordinary: dict[str, float]) -> dict[str, float]:
    """Compute a file's cost relative to the ordinary photo."""
    measured = cost(make())
    return {key: round(measured[key] / max(ordinary[key], 1e-9), 2) for key in ordinary}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="all cases, not only the selected ones")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="folder")
    args = parser.parse_args()
    whole_way(sample_photo())  # loads the models
    ordinary = cost(encode(photo(ORDINARY), "JPEG", quality=90))
    names = list(CASES) if args.all else SELECTED
    before = baseline()
    rows = {name: ratios(CASES[name].make, ordinary) for name in names}
    left_behind = round(baseline() - before, 1)
    report = {
        "made": collect_provenance("cpu"),
        "ordinary photo of 12 million pixels": ordinary,
        "times an ordinary photo": rows,
        "MB left behind by all": left_behind,
    }
    print(write_report(report, args.out, "hostile-"))
    for key, unit in (("s", "processor seconds"), ("mb", "peak MB")):
        print(f"\n{unit}, an ordinary photo: {ordinary[key]}")
        for name in sorted(rows, key=lambda name: -rows[name][key])[:N_PRINTED]:
            print(f"  {rows[name][key]:6.2f} times  {name}")
    print(f"\nMB left behind by all: {left_behind}")


if __name__ == "__main__":
    main()
