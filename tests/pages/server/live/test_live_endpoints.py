"""Frames of a camera or a film: what is answered, to whom, and what of them is kept."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from app_server import serving
from live_client import LiveClient, answers, frame, live_page, noise
from stream_client import visit

from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.imaging.decode import decode
from fer_core.registry import MODELS
from fer_core.video.frames import FrameAnalyser
from fer_core.video.marks import MAX_MARKS
from pages.server.live.endpoints import LOGGED_FRAMES
from pages.server.live.look import MAX_SIDE
from pages.server.live.question import MAX_FRAME_BYTES
from pages.session.recordings import MAX_RECORDINGS

READY = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
pytestmark = pytest.mark.skipif("multiclass" not in READY, reason="no model is trained yet")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live") / "log.txt"


@pytest.fixture(scope="module")
def app(log: Path) -> Iterator[str]:
    with serving(log, environment={"FER_LOG": "json", "FER_PRECISION": "fp32"}) as url:
        yield url


@pytest.fixture
def live(app: str) -> Iterator[LiveClient]:
    with live_page(app) as client:
        yield client


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """Status and sentence of an answer other than 200."""
    sentence = response.json()["error"]
    assert sentence.endswith(".")
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, sentence


def test_a_film_is_answered_as_by_the_library(live: LiveClient) -> None:
    number, analyser = live.start(), FrameAnalyser("fp32")
    for step in range(4):
        data, time = frame(80 + 10 * step), step / 10
        [face] = answers(live.frame(number, time, data, "multiclass,keras_cnn"))
        [expected] = analyser.analyse(decode(data), time, ["multiclass", "keras_cnn"]).faces
        assert (face["track"], face["doubt"]) == (1, None)
        assert tuple(face["box"]) == expected.face.box
        for name, answer in expected.answers.items():
            wanted = [answer.probabilities[emotion] for emotion in EMOTIONS]
            assert face["answers"][name] == pytest.approx(wanted, abs=1e-4)
        assert face["entropy"] == 0.0
    assert answers(live.frame(number, 1, noise(320, 240), "multiclass")) == []


def test_what_cannot_be_a_frame_is_refused_and_the_recording_goes_on(live: LiveClient) -> None:
    number, good = live.start(), frame()
    assert answers(live.frame(number, 5, good, "multiclass"))
    cases = [
        (400, 5, good, "multiclass"),  # not later
        (400, "nan", good, "multiclass"),
        (400, "-1", good, "multiclass"),
        (400, 6, good, "nonsense"),
        (400, 6, good, ""),
        (413, 6, bytes(MAX_FRAME_BYTES + 1), "multiclass"),
        (413, 6, noise(MAX_SIDE + 1, 8), "multiclass"),
        (415, 6, b"no picture", "multiclass"),
        (422, 6, good[:2000], "multiclass"),
    ]
    for status, time, data, models in cases:
        assert refusal(live.frame(number, time, data, models))[0] == status  # type: ignore[arg-type]
    assert refusal(live.frame(99, 6, good, "multiclass"))[0] == 404
    assert refusal(live.post("/live/start", b"[]"))[0] == 400
    assert refusal(live.post("/live/start", b'{"kind": "file", "title": "x"}'))[0] == 400
    assert live.client.get(f"{live.app}/live/frame").status_code == 405
    assert answers(live.frame(number, 7, good, "multiclass"))


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Live-Token": "wrong"},
        {"X-Live-Token": ""},
        {"Cookie": ""},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_only_the_page_of_the_session_may_send(live: LiveClient, headers: dict[str, str]) -> None:
    mark = f"/live/mark?recording={live.start()}&time=1"
    assert live.post(mark).json() == {"marks": 1}
    assert refusal(live.post(mark, **headers))[0] == 403  # type: ignore[arg-type]
    assert refusal(live.post(mark, without="Origin"))[0] == 403
    assert live.post(mark).json() == {"marks": 2}


def test_another_browser_with_the_token_may_not_send(app: str, live: LiveClient) -> None:
    mark = f"/live/mark?recording={live.start()}&time=1"
    assert refusal(live.post(mark, Cookie=visit(app)["Cookie"]))[0] == 403


def test_a_session_that_has_ended_takes_nothing(app: str) -> None:
    with live_page(app) as client:
        mark = f"/live/mark?recording={client.start()}&time=1"
        assert client.post(mark).status_code == 200
    for _ in range(100):
        if (response := client.post(mark)).status_code == 403:
            break
    assert refusal(response)[0] == 403


def test_one_frame_of_a_session_at_a_time(live: LiveClient) -> None:
    number, data = live.start(), frame()
    address = urlsplit(live.app)
    query = f"/live/frame?recording={number}&time=1&models=multiclass"
    lines = [f"POST {query} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in live.headers.items()]
    with socket.create_connection((address.hostname, address.port)) as slow:
        slow.sendall("\r\n".join([*lines, "", ""]).encode() + data[:1000])
        for _ in range(100):
            response = live.post("/live/frame?recording=99&time=2&models=multiclass", data)
            assert response.status_code == 404  # asks nothing of the queue
            response = live.frame(number, 0.5, b"", "multiclass")
            if response.status_code == 409:
                break
        assert refusal(response)[0] == 409
        slow.sendall(data[1000:])
        assert slow.recv(15) == b"HTTP/1.1 200 OK"
    assert answers(live.frame(number, 2, data, "multiclass"))


def test_a_kept_moment_is_a_photo_of_the_session(live: LiveClient) -> None:
    keep = f"/live/keep?recording={live.start()}&time=1"
    assert refusal(live.post(keep, b"no picture"))[0] == 415
    kept = live.post(f"/live/keep?recording={live.start('Camera')}&time=12.34", frame())
    assert kept.json() == {"photo": "Camera 2, 12.3 s.jpg"}
    live.connection.wait_until_finished()
    live.connection.run("compare")
    live.connection.wait_for(lambda message: b"Camera 2, 12.3 s.jpg" in message.SerializeToString())


def test_what_a_session_holds_is_bounded(live: LiveClient) -> None:
    mark = f"/live/mark?recording={live.start()}&time=1"
    assert live.post(mark.replace("time=1", "time=x")).status_code == 400
    assert [live.post(mark).status_code for _ in range(MAX_MARKS)][-1] == 200
    assert refusal(live.post(mark))[0] == 409
    assert [live.start() for _ in range(MAX_RECORDINGS)][-1] == MAX_RECORDINGS + 1, "all empty"
    for _ in range(MAX_RECORDINGS - 1):
        live.post(f"/live/mark?recording={live.start()}&time=1")
    assert refusal(live.post("/live/start", b'{"kind": "camera", "title": ""}'))[0] == 409


def test_the_log_has_numbers_only(live: LiveClient, log: Path) -> None:
    number, data = live.start("Secret film"), frame()
    for step in range(LOGGED_FRAMES):
        assert live.frame(number, step, data, "multiclass").status_code == 200
    text = log.read_text(encoding="utf-8")
    assert "Secret" not in text
    assert live.headers["X-Live-Token"] not in text
    events = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    [event] = [each for each in events if each["event"] == "frames"]
    assert set(event) == {"time", "event", "ms", "frames", "faces"}
    assert (event["frames"], event["faces"]) == (LOGGED_FRAMES, 1)
