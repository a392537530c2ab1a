"""The installed Chromium or Chrome."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# No background traffic: all requests come from the app's pages.
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
    """Path of the installed browser; skips the test if there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip(f"no browser found; looked for {', '.join(BROWSERS)}")


@contextmanager
def chromium(playwright: Playwright, *more: str) -> Iterator[Browser]:
    """A browser started with extra switches `more`; skips the test if none is installed."""
    browser = playwright.chromium.launch(executable_path=executable(), args=[*ARGS, *more])
    yield browser
    browser.close()
