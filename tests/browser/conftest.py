"""The app in a real process and a real browser.

All tests of a process share one of each; a module that needs its own overrides the fixture `app` or
`browser`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")
import fake_dataset
from app_server import serving
from browser import settled
from chromium import chromium
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

expect.set_options(timeout=30_000)  # a busy machine with two cores is slow


@pytest.fixture(scope="session")
def made_up_faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up FER2013 and FER+, identical on every machine."""
    top = fake_dataset.faces(tmp_path_factory.mktemp("data") / "fer2013")
    fake_dataset.votes(top)
    return top


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, made_up_faces: Path) -> Iterator[str]:
    """Address of the app."""
    log = tmp_path_factory.mktemp("app") / "log.txt"
    with serving(log, environment={"FER2013_DIR": str(made_up_faces)}) as url:
        yield url


@pytest.fixture(scope="session")
def strict_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an app with strict limits.

    It has little memory for photos, ends a session one second after its browser has left, and the
    system keeps it from writing any file large enough for a photo.
    """
    log = tmp_path_factory.mktemp("strict-app") / "log.txt"
    with serving(
        log,
        options=["--server.disconnectedSessionTTL=1"],  # seconds, instead of two minutes
        environment={"FER_PHOTO_MB": "50"},
        largest_file=500_000,  # bytes; room for a log and compiled modules
    ) as url:
        yield url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all tabs: Streamlit's cached scripts halve the time of a visit.

    Local storage is cleared for every page.
    """
    context = browser.new_context()
    context.add_init_script("localStorage.clear()")
    yield context
    context.close()


@pytest.fixture
def open_tab(
    context: BrowserContext, app: str, expected: set[str]
) -> Iterator[Callable[..., Page]]:
    """`open_tab(path, width=…, scheme=…)` opens a tab; errors and outside requests fail."""
    complaints: list[str] = []
    pages = []

    def open_tab(path: str = "/", width: int = 1280, scheme: str = "light") -> Page:
        page = context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on(
            "console",
            lambda entry: _collect_error(entry.type, entry.text, entry.location, complaints),
        )
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
        settled(page)  # late elements would move what a test is about to click
        return page

    yield open_tab
    for page in pages:
        page.close()
    context.clear_cookies()
    assert not [entry for entry in complaints if not any(part in entry for part in expected)]


@pytest.fixture
def expected() -> set[str]:
    """Parts of console errors that a test provokes on purpose; tests add to it."""
    return set()


def _collect_error(
    kind: str, text: str, location: dict[str, object], complaints: list[str]
) -> None:
    # When a visit starts on a page, Streamlit first looks for its server below that page's path.
    searching = "404" in text and "/_stcore/" in str(location.get("url"))
    if kind == "error" and not searching:
        complaints.append(f"console: {text} {location.get('url')}")
