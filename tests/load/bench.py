"""Many visitors at once: how long they wait, and what it costs the server.

    PYTHONPATH=.:tests/support python tests/load/bench.py [20x1 50x10 …] [--processes N]

"50x10" is a crowd of 50 visitors who all choose ten photos at the same moment and leave with their
answers. Those who find no seat wait for one (`FER_VISITORS`). Every answer is compared with the
library's own. Several processes share the visitors as a proxy with sticky sessions shares them.
Prints the figures and writes `load-<date>-<commit>.json`. Reads /proc, so it needs Linux.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from app_server import serving
from load_client import Visitor
from load_photos import Rows, expected_rows, make_photo, wrong_rows

from fer_core.artifacts.provenance import collect_provenance
from fer_core.evaluation.default_model import default_model_name
from fer_core.reports.benchmark import write_report
from pages.runtime.settings import settings

CROWDS = ("20x1", "50x1", "50x10", "100x4")
N_PHOTOS = 60  # different ones
PROBE_SECONDS = 0.25  # between two requests that measure how soon the server answers anybody
Process = subprocess.Popen[bytes]


@dataclass
class Outcome:
    """What happened to one visitor."""

    entry_seconds: float | None = None  # from the first request until there was a seat
    seconds: float | None = None  # from choosing the photos until all are answered and shown
    wrong: Rows = field(default_factory=list)
    error: str = ""


@cache
def photo(number: int) -> bytes:
    return make_photo(number)


@cache
def expected(number: int) -> Rows:
    return expected_rows(photo(number), [str(default_model_name())])


async def visit(url: str, numbers: dict[str, int], crowd: "Crowd", patience: float) -> Outcome:
    """Enter, wait for the start, upload photos, check the answers and leave."""
    outcome, arrived = Outcome(), time.perf_counter()
    try:
        async with Visitor(url, patience) as visitor:
            await visitor.open("classify")
            outcome.entry_seconds = time.perf_counter() - arrived
            await crowd.enter()
            start = time.perf_counter()
            await visitor.upload({name: photo(number) for name, number in numbers.items()})
            text, _ = await visitor.shown_photo()
            outcome.seconds = time.perf_counter() - start
            table = (await visitor.download("Download CSV")).decode("utf-8-sig")
            rows = {name: expected(number) for name, number in numbers.items()}
            outcome.wrong = wrong_rows(table, rows)
            if not any(name in text for name in numbers):
                outcome.wrong.append({"shown": text})
            outcome.error = " ".join(visitor.errors())
    except (TimeoutError, OSError, httpx2.HTTPError) as error:
        outcome.error = f"{type(error).__name__} {error}"
    return outcome


class Crowd:
    """Lets the first visitors start together; who enters later starts at once."""

    def __init__(self, size: int) -> None:
        self._missing, self._start = size, asyncio.Event()
        self.started = 0.0

    async def enter(self) -> None:
        self._missing -= 1
        if self._missing == 0:
            self.started = time.perf_counter()
            self._start.set()
        await self._start.wait()


async def probe(url: str, seconds: list[float]) -> None:
    """Ask for the health again and again until cancelled, and note how long each answer took."""
    async with httpx2.AsyncClient(timeout=60) as client:
        while True:
            start = time.perf_counter()
            await client.get(f"{url}/_stcore/health")
            seconds.append(time.perf_counter() - start)
            await asyncio.sleep(PROBE_SECONDS)


async def measure(
    urls: list[str], processes: list[Process], visitors: int, photos: int, patience: float
) -> dict[str, Any]:
    """Let a crowd visit and return the figures."""
    for url in urls:  # loads detector and model
        await visit(url, {"first.jpg": 0}, Crowd(1), patience)
    crowd = Crowd(min(visitors, settings().visitors * len(urls)))
    before, own = sum(map(cpu_seconds, processes)), time.process_time()
    health: list[float] = []
    probes = [asyncio.create_task(probe(url, health)) for url in urls]
    visits = []
    for i in range(visitors):
        numbers = {f"visitor-{i:03}-{j:02}.jpg": (i * photos + j) % N_PHOTOS for j in range(photos)}
        visits.append(visit(urls[i % len(urls)], numbers, crowd, patience))
    outcomes = await asyncio.gather(*visits)
    wall = time.perf_counter() - crowd.started
    own = time.process_time() - own
    spent = sum(map(cpu_seconds, processes)) - before
    for task in probes:
        task.cancel()
    return figures(outcomes, photos, wall) | {
        "server processor seconds per photo": round(spent / (visitors * photos), 3),
        "visitors' processor seconds per photo": round(own / (visitors * photos), 3),
        "health p95 s": percentile(health, 95),
        "health slowest s": round(max(health), 2),
        "peak MB per process": [round(peak_mb(process)) for process in processes],
    }


def figures(outcomes: list[Outcome], photos: int, wall: float) -> dict[str, Any]:
    """The figures of all visitors; `wall` is the time in s from the start to the last answer."""
    served = [outcome.seconds for outcome in outcomes if outcome.seconds is not None]
    entries = [o.entry_seconds for o in outcomes if o.entry_seconds is not None]
    return {
        "p50 s": round(statistics.median(served), 2) if served else None,
        "p95 s": percentile(served, 95),
        "entry p95 s": percentile(entries, 95),
        "photos per s": round(len(served) * photos / wall, 1),
        "unserved visitors": len(outcomes) - len(served),
        "wrong answers": sum(len(outcome.wrong) for outcome in outcomes),
        "errors": sorted({outcome.error for outcome in outcomes if outcome.error}),
    }


def percentile(values: list[float], percent: float) -> float | None:
    return round(float(np.percentile(values, percent)), 2) if values else None


def cpu_seconds(process: Process) -> float:
    """Processor seconds that a process has used, all threads."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def peak_mb(process: Process) -> float:
    """Most memory in MB (2²⁰ bytes) that a process has held at once."""
    lines = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def run(name: str, n_processes: int, patience: float) -> dict[str, Any]:
    """Serve the app afresh and measure one crowd, such as "50x10"."""
    visitors, photos = map(int, name.split("x"))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        processes: list[Process] = []
        urls = [
            servers.enter_context(
                serving(Path(folder) / f"{number}.txt", on_start=processes.append)
            )
            for number in range(n_processes)
        ]
        try:
            return asyncio.run(measure(urls, processes, visitors, photos, patience))
        finally:
            for process in processes:
                process.kill()  # what is still queued need not be finished


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crowds", nargs="*", default=CROWDS, help="visitors x photos of each")
    parser.add_argument("--processes", type=int, default=1, help="servers to share the visitors")
    parser.add_argument("--patience", type=float, default=100, help="seconds to wait for anything")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="folder")
    args = parser.parse_args()
    for number in range(N_PHOTOS):
        expected(number)  # before the clock runs
    report: dict[str, Any] = {
        "made": collect_provenance("cpu"),
        "model": default_model_name(),
        "processes": args.processes,
        "load when it began": round(os.getloadavg()[0], 1),
    }
    for name in args.crowds:
        report[name] = run(name, args.processes, args.patience)
        print(name, *(f"\n  {value}  {key}" for key, value in report[name].items()))
    several = f"{args.processes}-processes-" if args.processes > 1 else ""
    print(write_report(report, args.out, f"load-{several}"))


if __name__ == "__main__":
    main()
