"""What the running server rejects, and what it tells browsers to block."""

import re

import httpx2
import pytest
from browser import settled
from playwright.sync_api import Browser
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from fer_core.imaging.decode import MAX_BYTES
from fer_core.imaging.sample_photo import sample_photo
from pages.server.security_headers import HEADERS

pytestmark = pytest.mark.xdist_group("server")  # the tests share an upload


@pytest.fixture(scope="module")
def stream(app: str) -> str:
    return app.replace("http", "ws") + "/_stcore/stream"


@pytest.mark.parametrize("path", ["/", "/classify", "/_stcore/health", "/media/nothing.png"])
def test_every_response_has_the_headers(app: str, path: str) -> None:
    headers = httpx2.get(app + path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value


def test_photos_are_not_cached_and_the_rest_is(app: str) -> None:
    assert httpx2.get(f"{app}/media/nothing.png").headers["cache-control"] == "no-store"
    page = httpx2.get(app).text
    for kind in ("js", "css"):
        file, *_ = re.findall(rf'"\./(static/{kind}/index[^"]+)"', page)
        assert "max-age" in httpx2.get(f"{app}/{file}").headers["cache-control"]
    fonts = re.findall(r"/media/[\w.-]+\.woff2", httpx2.get(f"{app}/{file}").text)
    assert "max-age" in httpx2.get(f"{app}/static{fonts[0]}").headers["cache-control"]


def test_no_other_site_may_read(app: str) -> None:
    for path in ("/_stcore/health", "/_stcore/host-config", "/media/nothing.png"):
        response = httpx2.get(app + path, headers={"Origin": "https://elsewhere.example"})
        assert "access-control-allow-origin" not in response.headers


def test_no_other_site_may_connect(stream: str, app: str) -> None:
    with connect(stream, origin=app):  # type: ignore[arg-type]
        pass
    with pytest.raises(InvalidStatus) as rejected:
        connect(stream, origin="https://elsewhere.example")  # type: ignore[arg-type]
    assert rejected.value.response.status_code == 403


def test_no_program_drives_the_app(app: str) -> None:
    """Streamlit's agent API is off."""
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx2.post(f"{app}/_stcore/agent/interact", json={}).status_code == 403
    response = httpx2.post(f"{app}/_stcore/agent/mcp", json=request)
    assert response.is_error or "error" in response.json()


@pytest.fixture(scope="module")
def upload(app: str, browser: Browser) -> dict[str, str]:
    """Address, token and cookies of a visitor's upload."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{app}/classify")
    field = page.locator("input[type=file]")
    with page.expect_request(lambda request: "/upload_file/" in request.url) as sent:
        field.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": sample_photo()})
    settled(page)
    token = sent.value.headers["x-xsrftoken"]
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
    return {"url": sent.value.url, "token": token, "cookie": cookies}


def put(upload: dict[str, str], size: int, headers: dict[str, str]) -> int:
    files = {"file": ("a.png", b"\x89PNG" + bytes(size - 4), "image/png")}
    return httpx2.put(upload["url"], files=files, headers=headers).status_code


def test_an_upload_needs_its_token(upload: dict[str, str]) -> None:
    headers = {"X-Xsrftoken": upload["token"], "Cookie": upload["cookie"]}
    assert put(upload, 1000, headers) == 204
    assert put(upload, 1000, {}) == 404
    assert put(upload, 1000, {"Cookie": upload["cookie"]}) == 403  # what another site could send
    assert put(upload, 1000, headers | {"X-Xsrftoken": "2|00000000|" + "0" * 32 + "|1"}) == 403


def test_an_upload_needs_a_session(upload: dict[str, str]) -> None:
    headers = {"X-Xsrftoken": upload["token"], "Cookie": upload["cookie"]}
    session = upload["url"].split("/")[-2]
    nobody = upload | {"url": upload["url"].replace(session, "0" * len(session))}
    assert put(nobody, 1000, headers) == 400


@pytest.mark.parametrize("announced", [True, False])
def test_an_upload_has_a_limit(upload: dict[str, str], announced: bool) -> None:
    """Also if the browser does not announce the size."""
    headers = {"X-Xsrftoken": upload["token"], "Cookie": upload["cookie"]}
    if announced:
        assert put(upload, MAX_BYTES + 1, headers) == 413
        return
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    body = (part for part in (head, *[bytes(2**20)] * 40, b"\r\n--x--\r\n"))
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    try:
        status = httpx2.put(upload["url"], content=body, headers=headers | kind).status_code
    except httpx2.TransportError:  # rejected during the transfer
        return
    assert status == 413


def test_the_browser_enforces_the_policy(app: str, browser: Browser) -> None:
    """Images and scripts from other hosts are not fetched, should markup ever be injected."""
    page = browser.new_page()
    page.goto(app)
    blocked = page.evaluate(
        """() => new Promise(resolve => {
          const seen = [];
          document.addEventListener("securitypolicyviolation", event => {
            seen.push(event.effectiveDirective);
          });
          setTimeout(() => resolve(seen), 2000);
          new Image().src = "https://elsewhere.example/a.png";
          fetch("https://elsewhere.example/b").catch(() => 0);
          const script = document.createElement("script");
          script.textContent = "window.stolen = 1";
          document.body.append(script);
        })"""
    )
    assert sorted(blocked) == ["connect-src", "img-src", "script-src-elem"]
    assert page.evaluate("window.stolen") is None
    page.close()
