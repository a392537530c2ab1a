"""The app with its HTTP API on, and a client that has the token."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from app_server import serving

TOKEN = "a-token-for-the-tests"
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}
PLACES = 20  # for requests at once
LARGEST_FILE = 1_000_000  # bytes that the app may write to a file; photos of the tests have more


@dataclass(frozen=True)
class ApiServer:
    url: str
    log: Path

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(self.url + path, headers=AUTHORIZATION | headers)

    def classify(
        self, *photos: tuple[str, bytes], query: str = "", **headers: str
    ) -> httpx2.Response:
        """Ask about photos as the parts of a form."""
        return httpx2.post(
            f"{self.url}/v1/classify{query}",
            files=[("photo", photo) for photo in photos],
            headers=AUTHORIZATION | headers,
            timeout=60,
        )


@contextmanager
def serving_api(folder: Path) -> Iterator[ApiServer]:
    """Start the app with the API on and its log in `folder`."""
    environment = {"FER_API_TOKEN": TOKEN, "FER_API_REQUESTS": str(PLACES), "FER_LOG": "json"}
    log = folder / "log.txt"
    with serving(log, environment=environment, largest_file=LARGEST_FILE) as url:
        yield ApiServer(url, log)


def without_times(record: dict[str, Any]) -> dict[str, Any]:
    """A record without what differs between two runs, and between a file and a request."""
    for face in record["faces"]:
        for answer in face["results"].values():
            del answer["ms"]
    return record | {"path": None, "bytes": None, "modified": None}
