"""The app in a real process, and a real browser before it."""

import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")
from browser import settled
from chromium import chromium
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
expect.set_options(timeout=30_000)  # a busy machine with two cores is slow


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what the app prints goes."""
    return tmp_path_factory.mktemp("app") / "log.txt"


@pytest.fixture(scope="module")
def watcher() -> list[str]:
    """Command to start the app under; a module may override it. See `options` too."""
    return []


@pytest.fixture(scope="module")
def options() -> list[str]:
    """More words of the app's own command."""
    return []


@pytest.fixture(scope="module")
def app(
    request: pytest.FixtureRequest, log: Path, watcher: list[str], options: list[str]
) -> Iterator[str]:
    """Address of a freshly started app.

    A module whose `LARGEST_FILE` is a number of bytes gets an app that the system keeps from
    writing a larger file, wherever that would be.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [*watcher, sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    largest = getattr(request.module, "LARGEST_FILE", None)
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (largest, largest))
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT,
            stdout=out,
            stderr=out,
            preexec_fn=None if largest is None else limit,
        )
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/_stcore/health", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)
    said = log.read_text()
    assert "Traceback" not in said
    assert '"event": "error"' not in said
    assert "127.0.0.1:" not in said, "a visitor's address is in the log"


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the app did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_tab(browser: Browser, app: str, expected: set[str]) -> Iterator[Callable[..., Page]]:
    """`open_tab(path, width=…, scheme=…)`: a tab; its errors and outside requests fail the test."""
    complaints: list[str] = []
    contexts = []

    def open_tab(path: str = "/", width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on("console", lambda note: _hear(note.type, note.text, note.location, complaints))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((app, "data:", "blob:"))
                else complaints.append(f"outside request: {request.url}")
            ),
        )
        page.goto(app + path)
        page.locator("h1").wait_for()
        settled(page)  # what is still coming would move what a test is about to click
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert not [each for each in complaints if not any(word in each for word in expected)]


@pytest.fixture
def expected() -> set[str]:
    """Words of the console's errors that a test brings about on purpose; to be added to."""
    return set()


def _hear(kind: str, text: str, location: dict[str, object], complaints: list[str]) -> None:
    # Streamlit looks for its server below the page's own path first, when a visit starts there.
    searching = "404" in text and "/_stcore/" in str(location.get("url"))
    if kind == "error" and not searching:
        complaints.append(f"console: {text}")
