"""The HTTP API of the running app: what it answers, to whom, and what it keeps of a request."""

import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import command_line
import httpx2
import numpy as np
import pytest
import tagged_photo
from api_server import AUTHORIZATION, LARGEST_FILE, PLACES, ApiServer, serving_api, without_times
from images import encode
from PIL import Image

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.sample_photo import sample_photo
from fer_core.pipeline import classify
from fer_core.reports.answers import photo_record
from pages.server.api.photos import MAX_BODY_BYTES, MAX_PHOTOS

pytestmark = pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")
MODEL = "?model=multiclass&precision=fp32"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serving_api(tmp_path_factory.mktemp("api")) as server:
        yield server


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """Status and sentence of an answer other than 200."""
    content = response.json()
    assert response.headers["X-Request-Id"] == content.pop("request_id")
    assert response.headers["Cache-Control"] == "no-store"
    [sentence] = content.values()
    assert re.fullmatch(r"[A-Z].*\.", sentence)
    return response.status_code, sentence


def test_the_answer_is_that_of_the_command_line(api: ApiServer, tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(sample_photo())
    options = ["--json", "--whole-picture", "--model", "individual", "--precision", "fp32"]
    printed = json.loads(command_line.run("classify", file, *options).stdout)
    query = "?model=individual&whole_picture=true&precision=fp32"
    response = api.classify(("photo.png", sample_photo()), query=query)
    [record] = response.json()["photos"]
    assert record["path"] == "photo.png"
    assert without_times(record) == without_times(printed)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_several_photos_and_models_and_one_photo_alone(api: ApiServer) -> None:
    photos = [("a.png", sample_photo()), ("b.txt", b"no photo")]
    good, bad = api.classify(*photos, query="?model=multiclass,keras_cnn").json()["photos"]
    assert list(good["faces"][0]["results"]) == ["multiclass", "keras_cnn"]
    assert (bad["path"], bad["faces"]) == ("b.txt", [])
    assert bad["error"].startswith("This cannot be read as a photo")
    headers = AUTHORIZATION | {"Content-Type": "image/png"}
    alone = httpx2.post(f"{api.url}/v1/classify", content=sample_photo(), headers=headers)
    [record] = alone.json()["photos"]
    assert record["path"] == "photo 1"
    assert list(record["faces"][0]["results"]) == [default_model_name()]


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Content-Type", "multipart/form-data; boundary=x; charset=undefined", 400),
        ("Content-Encoding", "gzip", 415),
    ],
)
def test_an_odd_body_is_the_client_s_fault(
    name: str, value: str, status: int, api: ApiServer
) -> None:
    headers = AUTHORIZATION | {"Content-Type": "image/png"} | {name: value}
    form = (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nb\r\n--x--\r\n'
    )
    answer = httpx2.post(f"{api.url}/v1/classify", content=form, headers=headers)
    assert (answer.status_code, answer.json()["error"].count(".")) == (status, 1)


def test_the_models_are_those_of_the_command_line(api: ApiServer) -> None:
    assert api.get("/v1/models").json() == json.loads(command_line.run("models", "--json").stdout)


def test_only_the_token_opens_it(api: ApiServer) -> None:
    for header in ("", "Bearer wrong", AUTHORIZATION["Authorization"] + "x", "Basic YTpi"):
        for path, method in (("models", "GET"), ("classify", "POST")):
            response = httpx2.request(
                method, f"{api.url}/v1/{path}", headers={"Authorization": header}
            )
            status, sentence = refusal(response)
            assert (status, "Bearer TOKEN" in sentence) == (401, True)
            assert response.headers["WWW-Authenticate"] == "Bearer"
    assert httpx2.get(f"{api.url}/openapi.json").json()["openapi"] == "3.1.0"


def test_another_sites_name_is_refused(api: ApiServer) -> None:
    assert api.get("/v1/models", Host="evil.example").status_code == 400


def test_wrong_questions_are_explained(api: ApiServer) -> None:
    photo = ("a.png", sample_photo())
    for query in ("?model=x", "?model=", "?precision=fp64", "?whole_picture=1", "?models=all"):
        assert refusal(api.classify(photo, query=query))[0] == 400
    assert refusal(api.classify(*[photo] * (MAX_PHOTOS + 1)))[0] == 400
    for form in ({"image": photo}, {"photo": (None, b"no file name")}):
        response = httpx2.post(f"{api.url}/v1/classify", files=form, headers=AUTHORIZATION)
        assert refusal(response)[0] == 400
    assert refusal(api.classify(photo, **{"Content-Type": "text/plain"}))[0] == 415
    assert refusal(api.classify(**{"Content-Type": "multipart/form-data"}))[0] == 400
    response = api.get("/v1/classify")
    assert (refusal(response)[0], response.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("is_announced", [True, False])
def test_what_is_too_large_is_refused(api: ApiServer, is_announced: bool) -> None:
    body = bytes(MAX_BYTES + 1)
    headers = AUTHORIZATION | {"Content-Type": "image/png"}
    content = body if is_announced else iter([body])  # an iterator is sent in chunks
    response = httpx2.post(f"{api.url}/v1/classify", content=content, headers=headers)
    assert refusal(response)[0] == 413


def test_a_form_is_limited_as_a_whole_and_by_photo(api: ApiServer) -> None:
    assert refusal(api.classify(("a.png", bytes(MAX_BYTES + 1))))[0] == 413
    parts = [("a.png", bytes(MAX_BODY_BYTES // 3))] * 3  # and the form around them
    assert refusal(api.classify(*parts))[0] == 413


def test_whoever_comes_too_late_is_told_when_to_try_again(api: ApiServer) -> None:
    photo = ("a.png", sample_photo())
    host, port = api.url.removeprefix("http://").split(":")
    lines = ["POST /v1/classify HTTP/1.1", f"Host: {host}", "Content-Type: image/png"]
    lines += [f"{name}: {value}" for name, value in AUTHORIZATION.items()]
    begun = "\r\n".join([*lines, "Content-Length: 9", "", "x"]).encode()
    with ExitStack() as stack:
        for _ in range(PLACES):
            client = stack.enter_context(socket.create_connection((host, int(port))))
            client.sendall(begun)
        response = until_status(api, photo, 429)
        assert refusal(response)[0] == 429
        assert int(response.headers["Retry-After"]) > 0
    until_status(api, photo, 200)  # they have left, and their places are free


def until_status(api: ApiServer, photo: tuple[str, bytes], status: int) -> httpx2.Response:
    end = time.monotonic() + 20
    while (response := api.classify(photo, query=MODEL)).status_code != status:
        assert time.monotonic() < end
        time.sleep(0.05)
    return response


def test_nothing_of_a_photo_is_on_disk_or_in_the_log(api: ApiServer) -> None:
    """The system keeps this app from writing a file as large as the photo."""
    assert len(tagged_photo.jpeg()) > LARGEST_FILE
    response = api.classify((tagged_photo.NAME, tagged_photo.jpeg()), query=MODEL)
    [record] = response.json()["photos"]
    assert record["path"] == tagged_photo.NAME
    assert len(record["faces"]) == 1
    assert tagged_photo.found_in(response.content) == []
    event = logged_request(api, response.headers["X-Request-Id"])
    assert set(event) == {"time", "event", "ms", "request", "status", "photos", "faces"}
    assert (event["status"], event["photos"], event["faces"]) == (200, 1, 1)
    log = api.log.read_text(encoding="utf-8")
    assert not any(mark in log for mark in (*tagged_photo.MARKS, "Zoë", "Example", "marked"))
    assert AUTHORIZATION["Authorization"].split()[1] not in log


def logged_request(api: ApiServer, request_id: str) -> dict[str, Any]:
    """The log's record of a request, which is written after the answer has been sent."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        lines = api.log.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{") and line[-1:] == "}"]
        for event in events:
            if event["event"] == "api" and str(event["request"]) == request_id:
                return event
        time.sleep(0.05)
    pytest.fail(f"request {request_id} is not in the log")


def test_clients_at_once_get_their_own_answers(api: ApiServer, astronaut: np.ndarray) -> None:
    photos = {
        f"{side}.png": encode(Image.fromarray(astronaut[:side, :side]), "PNG")
        for side in range(300, 300 + 4 * PLACES, 4)
    }

    def ask(photo: tuple[str, bytes]) -> dict[str, Any]:
        [record] = api.classify(photo, query=MODEL).json()["photos"]
        return record

    with ThreadPoolExecutor(PLACES) as clients:
        for record, (name, data) in zip(
            clients.map(ask, photos.items()), photos.items(), strict=True
        ):
            assert record["path"] == name
            expected = photo_record(classify(data, name, ["multiclass"]))
            assert without_times(record) == without_times(expected)
