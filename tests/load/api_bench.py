"""Many clients of the HTTP API at once: how long they wait, and whether each gets its own answers.

    PYTHONPATH=.:tests/support python tests/load/api_bench.py [50x8 …]

"50x8" is 50 clients who each send eight photos, one request after the other, and try again
when the API says so. Every answer is compared with the library's own. Prints one line per crowd.
"""

import argparse
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from itertools import repeat
from pathlib import Path
from typing import Any

from api_server import ApiServer, serving_api, without_times
from load_photos import make_photo

from fer_core import pipeline
from fer_core.reports.answers import photo_record

CROWDS = ("1x50", "8x20", "50x8")
MODEL = "multiclass"
N_PHOTOS = 40  # different ones


@cache
def photo(number: int) -> bytes:
    return make_photo(number)


@cache
def expected(number: int) -> dict[str, Any]:
    return without_times(
        photo_record(pipeline.classify(photo(number), "photo", [MODEL], precision="auto"))
    )


def client(api: ApiServer, first: int, photos: int) -> tuple[list[float], int, int]:
    """Send photos; return the seconds of each, and how many were refused and answered wrongly."""
    seconds, busy, wrong = [], 0, 0
    for number in (n % N_PHOTOS for n in range(first, first + photos)):
        start = time.monotonic()
        while True:
            response = api.classify(("a.jpg", photo(number)), query=f"?model={MODEL}")
            if response.status_code != 429:
                break
            busy += 1
            time.sleep(int(response.headers["Retry-After"]))
        seconds.append(time.monotonic() - start)
        [record] = response.json()["photos"]
        wrong += without_times(record) != expected(number)
    return seconds, busy, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crowds", nargs="*", default=CROWDS, metavar="CLIENTSxPHOTOS")
    crowds = [tuple(map(int, crowd.split("x"))) for crowd in parser.parse_args().crowds]
    for number in range(N_PHOTOS):
        expected(number)
    with tempfile.TemporaryDirectory() as folder, serving_api(Path(folder)) as api:
        client(api, 0, 3)  # warm-up
        for clients, photos in crowds:
            start = time.monotonic()
            with ThreadPoolExecutor(clients) as pool:
                done = list(pool.map(partial(client, api), range(clients), repeat(photos)))
            elapsed = time.monotonic() - start
            seconds = sorted(second for each, _, _ in done for second in each)
            print(
                f"{clients} clients, {photos} photos each: {len(seconds) / elapsed:.1f} a second, "
                f"median {statistics.median(seconds):.2f} s, "
                f"95 % within {seconds[int(0.95 * len(seconds))]:.2f} s, "
                f"refused and tried again {sum(busy for _, busy, _ in done)}, "
                f"wrong {sum(wrong for _, _, wrong in done)}"
            )


if __name__ == "__main__":
    main()
