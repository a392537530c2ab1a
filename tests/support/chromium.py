"""The installed Chromium, as the tests start it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# No background traffic: what the browser fetches is what the app asks for.
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """Where the installed browser is; skips the test where there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no browser found; looked for {', '.join(BROWSERS)}")


@contextmanager
def chromium(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """A browser started with those `more` switches; where none is installed the test is skipped."""
    browser = playwright.chromium.launch(executable_path=executable(), args=[*ARGS, *more])
    yield browser
    browser.close()
