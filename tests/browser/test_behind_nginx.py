"""A visit by name and TLS through nginx as docs/nginx.conf sets it up: no photo on its disk.

nginx runs with the file itself; only paths, ports and the address of the app are replaced. strace
records which files it opens for writing.
"""

import re
import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from api_server import AUTHORIZATION, TOKEN
from app_server import serving
from browser import settled
from chromium import chromium
from nginx_proxy import CONFIGURATION, NAME, Proxy, nginx
from playwright.sync_api import Page, Playwright, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.sample_photo import sample_photo

BUFFERS = 16_384  # bytes of a body that nginx holds in memory by default
pytestmark = [
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
    pytest.mark.xdist_group("nginx"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("app") / "log.txt"
    environment = {"STREAMLIT_SERVER_ALLOWED_HOSTS": NAME, "FER_API_TOKEN": TOKEN}
    with serving(log, environment=environment) as url:
        yield url


@pytest.fixture(scope="module")
def proxy(app: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(tmp_path_factory.mktemp("nginx"), app, CONFIGURATION.read_text()) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def page(proxy: Proxy, playwright: Playwright) -> Iterator[Page]:
    with chromium(playwright, f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser:
        page = browser.new_page(ignore_https_errors=True)
        page.goto(f"https://{NAME}:{proxy.port}/classify")
        page.get_by_role("button", name="Try the sample photo").wait_for()
        settled(page)
        yield page


def trusting() -> ssl.SSLContext:
    """Accepts the certificate that the test made."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def client() -> httpx2.Client:
    return httpx2.Client(verify=trusting(), headers={"Host": NAME})


def test_a_visit_leaves_nothing_on_the_disk_of_the_proxy(page: Page, proxy: Proxy) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    photo = sample_photo()
    assert len(photo) > 10 * BUFFERS
    upload = {"name": "a.png", "mimeType": "image/png", "buffer": photo}
    page.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=60_000)
    settled(page)
    assert {path.name for path in proxy.written()} == {"access.log", "error.log", "nginx.pid"}
    sessions = {part for url in addresses for part in re.findall(r"/upload_file/([\w-]+)", url)}
    assert sessions
    log = "".join((proxy.folder / f"{name}.log").read_text() for name in ("access", "error"))
    assert " PUT 204 " in log
    assert not [text for text in (*sessions, "127.0.0.1", "/", "?") if text in log]


def test_the_api_passes_and_leaves_nothing_either(proxy: Proxy) -> None:
    photos = {"a.png": sample_photo(), "b.png": bytes(MAX_BYTES)}
    with client() as visitor:
        response = visitor.post(
            f"https://127.0.0.1:{proxy.port}/v1/classify",
            files=[("photo", photo) for photo in photos.items()],
            headers=AUTHORIZATION,
            timeout=60,
        )
    assert [len(photo["faces"]) for photo in response.json()["photos"]] == [1, 0]
    assert {path.name for path in proxy.written()} == {"access.log", "error.log", "nginx.pid"}


def test_without_its_settings_the_proxy_writes_a_photo(app: str, tmp_path: Path) -> None:
    """The trace would show it."""
    text = CONFIGURATION.read_text().replace("proxy_request_buffering off;", "")
    with nginx(tmp_path, app, text) as proxy, client() as visitor:
        url = f"https://127.0.0.1:{proxy.port}/_stcore/upload_file/a/b"
        visitor.put(url, content=bytes(10 * BUFFERS))
        assert [path for path in proxy.written() if path.parent.name == "client_body"]


def test_only_its_name_and_bodies_of_its_size(proxy: Proxy) -> None:
    root = f"https://127.0.0.1:{proxy.port}"
    with client() as visitor:
        assert visitor.get(f"{root}/health").json()["status"] == "ok"
        assert "strict-transport-security" in visitor.get(f"{root}/health").headers
        assert visitor.get(f"{root}/_stcore/metrics").status_code == 404
        with pytest.raises(httpx2.TransportError):
            visitor.get(f"{root}/health", headers={"Host": "rebound.example"})
        upload = f"{root}/_stcore/upload_file/a/b"
        assert visitor.put(upload, content=bytes(22_100_000)).status_code == 413
        assert visitor.put(f"{root}/classify", content=bytes(100_000)).status_code == 413


def test_requests_and_connections_are_limited(app: str, tmp_path: Path) -> None:
    """With smaller numbers, and a rate of next to nothing, so that time does not matter."""
    text = CONFIGURATION.read_text()
    for old, new in (
        ("20r/s", "1r/m"),
        ("burst=400", "burst=5"),
        ("connections 50", "connections 2"),
    ):
        assert old in text
        text = text.replace(old, new)
    with nginx(tmp_path, app, text) as proxy:
        stream = f"wss://{NAME}:{proxy.port}/_stcore/stream"
        origin = f"https://{NAME}:{proxy.port}"

        def connection() -> ClientConnection:
            sock = socket.create_connection(("127.0.0.1", proxy.port))
            return connect(stream, sock=sock, ssl=trusting(), origin=origin)  # type: ignore[arg-type]

        with connection(), connection():
            with pytest.raises(InvalidStatus) as refused:
                connection()
            assert refused.value.response.status_code == 429
        with client() as visitor:
            health = f"https://127.0.0.1:{proxy.port}/health"
            codes = [visitor.get(health).status_code for _ in range(6)]
        assert codes == [200, 200, 200, 429, 429, 429]
