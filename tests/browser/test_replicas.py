"""Two replicas of the app below /fer/, behind nginx as docs/nginx.conf and deploy/ set it up."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from api_server import AUTHORIZATION, TOKEN
from app_server import ROOT, serving
from browser import settled
from chromium import chromium
from load_client import Visitor
from load_photos import make_photo
from nginx_proxy import CONFIGURATION, NAME, Proxy, nginx
from playwright.sync_api import Page, Playwright, expect

from fer_core.imaging.sample_photo import sample_photo

COOKIE = "fer_replica"
PATIENCE = 150  # s; the machine may be busy
SETTINGS = {
    "FER_LOG": "json",
    "FER_API_TOKEN": TOKEN,
    "STREAMLIT_SERVER_ALLOWED_HOSTS": NAME,
    "STREAMLIT_SERVER_BASE_URL_PATH": "fer",
}
pytestmark = [
    pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
    for name in ("nginx", "openssl", "strace")
]
pytestmark.append(pytest.mark.xdist_group("nginx"))


@dataclass
class Replica:
    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def photos(self) -> int:
        """How many photos it has read so far."""
        events = [json.loads(line) for line in self.log.read_text().splitlines() if line[:1] == "{"]
        return [event["event"] for event in events].count("photo")


@dataclass(frozen=True)
class Deployment:
    proxy: Proxy
    dealer: str  # what keeps a visitor with one replica: the server of deploy/replicas.conf
    replicas: dict[str, Replica]  # by the value of the cookie


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("replicas")
    processes: list[subprocess.Popen[bytes]] = []
    first, second = (folder / f"{name}.txt" for name in "12")
    with (
        socket.socket() as free,
        serving(first, environment=SETTINGS, on_start=processes.append) as one,
        serving(second, environment=SETTINGS, on_start=processes.append) as two,
    ):
        free.bind(("127.0.0.1", 0))
        dealer = f"127.0.0.1:{free.getsockname()[1]}"
        free.close()
        text = (ROOT / "deploy/replicas.conf").read_text()
        for old, new in (("app-1:8501", one), ("app-2:8501", two), ("127.0.0.1:8501", dealer)):
            assert old in text
            text = text.replace(old, new.removeprefix("http://"))
        replicas = map(Replica, (one, two), processes, (first, second))
        with nginx(folder, f"http://{dealer}", CONFIGURATION.read_text(), text) as proxy:
            yield Deployment(proxy, f"http://{dealer}/fer", dict(zip("12", replicas, strict=True)))


def test_new_visitors_are_dealt_out_and_known_again(deployment: Deployment) -> None:
    url = f"{deployment.dealer}/health"
    answers = [httpx2.get(url) for _ in range(40)]
    assert {answer.json()["status"] for answer in answers} == {"ok"}
    assert {answer.cookies[COOKIE] for answer in answers} == {"1", "2"}
    assert COOKIE not in httpx2.get(url, cookies={COOKIE: "1"}).cookies
    assert httpx2.get(url, cookies={COOKIE: "3"}).cookies[COOKIE] in "12"


async def classify(deployment: Deployment, replica: str) -> None:
    """Load a page, upload a photo and download its answer, as the browser of one replica."""
    async with Visitor(deployment.dealer, PATIENCE) as visitor:
        visitor.cookies[COOKIE] = replica
        await visitor.open("classify")
        await visitor.upload({"a.jpg": make_photo(int(replica))})
        await visitor.shown_photo()
        assert await visitor.download("Download CSV")
        assert not visitor.errors()


@pytest.mark.parametrize("replica", ["1", "2"])
def test_a_visit_stays_with_its_replica(deployment: Deployment, replica: str) -> None:
    before = {name: each.photos() for name, each in deployment.replicas.items()}
    with ThreadPoolExecutor() as thread:  # Playwright runs a loop in this one
        thread.submit(asyncio.run, classify(deployment, replica)).result()
    after = {name: each.photos() for name, each in deployment.replicas.items()}
    assert after == before | {replica: before[replica] + 1}


def choose_photo(page: Page) -> None:
    photo = {"name": "a.png", "mimeType": "image/png", "buffer": sample_photo()}
    page.locator("input[type=file]").first.set_input_files(photo)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=60_000)
    settled(page)


def test_the_other_replica_takes_over(deployment: Deployment, playwright: Playwright) -> None:
    """By name and TLS, in a browser whose page stays open; neither proxy writes a photo."""
    replicas = deployment.replicas
    with chromium(playwright, f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser:
        context = browser.new_context(ignore_https_errors=True)

        def cookie() -> str:
            [found] = [each for each in context.cookies() if each["name"] == COOKIE]
            assert found["secure"]
            assert found["httpOnly"]
            return found["value"]

        page = context.new_page()
        page.goto(f"https://{NAME}:{deployment.proxy.port}/fer/classify")
        page.get_by_role("button", name="Try the sample photo").wait_for()
        settled(page)
        choose_photo(page)
        home = replicas.pop(cookie())
        [(name, other)] = replicas.items()
        read = other.photos()
        with page.expect_websocket():
            home.process.kill()
        page.get_by_role("link", name="Classify").first.click()
        page.get_by_role("button", name="Try the sample photo").wait_for()
        settled(page)
        choose_photo(page)
        assert cookie() == name
        assert other.photos() == read + 1
        health = page.goto(f"https://{NAME}:{deployment.proxy.port}/fer/health")
        assert health is not None
        assert health.json()["status"] == "ok"
    address = f"{deployment.dealer}/v1/classify?model=multiclass"
    for replica in "12" * 3:  # one of them is gone; nobody waits for a body that does not come
        photo = {"photo": ("a.jpg", make_photo(1))}
        answer = httpx2.post(
            address, files=photo, headers=AUTHORIZATION, cookies={COOKIE: replica}, timeout=10
        )
        assert answer.status_code == 200
        assert COOKIE not in answer.cookies
        page_answer = httpx2.post(
            f"{deployment.dealer}/classify", content=b"x" * 9000, cookies={COOKIE: replica}
        )
        assert page_answer.status_code < 500
        assert httpx2.get(f"{deployment.dealer}/health", timeout=5).is_success
    written = {path.name for path in deployment.proxy.written()}
    assert written == {"access.log", "error.log", "nginx.pid"}
