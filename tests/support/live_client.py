"""A visitor of the page Live without a browser: begins a recording and sends frames."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import numpy as np
from PIL import Image
from stream_client import StreamClient, visit

from fer_core.imaging.sample_photo import sample_photo

SIZE = (640, 480)


def frame(left: int = 80) -> bytes:
    """A JPEG with the astronaut's face, `left` px from its left edge."""
    photo = Image.open(io.BytesIO(sample_photo())).convert("RGB").resize((480, 480))
    picture = Image.new("RGB", SIZE, (90, 90, 90))
    picture.paste(photo, (left, 0))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def noise(width: int, height: int) -> bytes:
    """A JPEG without a face."""
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=1)
    return file.getvalue()


@dataclass
class LiveClient:
    """The page's frame of one session."""

    app: str
    headers: dict[str, str]
    connection: StreamClient
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))

    def post(
        self, path: str, content: bytes = b"", *, without: str = "", **headers: str
    ) -> httpx2.Response:
        """Post to an address of the page's frame; `without` names a header to leave out."""
        sent = {name: value for name, value in self.headers.items() if name != without}
        return self.client.post(self.app + path, content=content, headers=sent | headers)

    def start(self, title: str = "Camera 1") -> int:
        """Begin a recording; return its number."""
        content = f'{{"kind": "camera", "title": "{title}"}}'.encode()
        number: int = self.post("/live/start", content).json()["recording"]
        return number

    def frame(self, recording: int, time: float, data: bytes, models: str) -> httpx2.Response:
        """Send a frame."""
        query = f"recording={recording}&time={time}&models={models}"
        return self.post(f"/live/frame?{query}", data)


@contextmanager
def live_page(app: str) -> Iterator[LiveClient]:
    """Open the page Live as a browser would."""
    headers = visit(app)
    with StreamClient(app, headers) as connection:
        connection.run("live")
        args = connection.wait_for(lambda message: b'"token"' in message.SerializeToString())
        token = re.search(rb'"token": ?"([\w-]{43})"', args.SerializeToString())
        assert token is not None
        own = {"Cookie": headers["Cookie"], "X-Live-Token": token[1].decode(), "Origin": app}
        yield LiveClient(app, own, connection)


def answers(response: httpx2.Response) -> list[dict[str, Any]]:
    """The faces of an answered frame."""
    assert response.status_code == 200, response.text
    faces: list[dict[str, Any]] = response.json()["faces"]
    return faces
