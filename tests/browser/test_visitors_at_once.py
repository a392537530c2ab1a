"""Visitors in three tabs at once: no errors and no mixed-up results.

`tests/load/test_visitors_at_once.py` does it with twenty sessions that speak the protocol of
Streamlit's page; here the page itself runs, and all models answer.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from chromium import ARGS, executable
from load_photos import expected_rows, make_photo, wrong_rows
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from fer_core import MODELS
from fer_core.artifacts import weights_file

VISITORS = 3
PATIENCE = 150_000  # ms; the machine may be busy
READY = [name for name, model in MODELS.items() if weights_file.is_ready(model)]

pytestmark = pytest.mark.skipif(not READY, reason="no model is trained yet")


@dataclass
class Visitor:
    """One session with a unique photo."""

    name: str
    photo: bytes
    complaints: list[str] = field(default_factory=list)
    csv: str = ""


def test_three_visitors_at_once(app: str) -> None:
    browser = executable()
    visitors = [Visitor(f"visitor-{i:02}.jpg", make_photo(i)) for i in range(VISITORS)]
    with ThreadPoolExecutor(1) as thread:  # pytest's own thread may have a loop already
        thread.submit(asyncio.run, crowd(app, browser, visitors)).result()

    for visitor in visitors:
        assert not visitor.complaints, visitor.complaints
        expected = {visitor.name: expected_rows(visitor.photo, READY)}
        assert wrong_rows(visitor.csv, expected) == []


async def crowd(app: str, path: str, visitors: list[Visitor]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        context = await browser.new_context()  # each tab is a session of the app
        pages = [await arrive(context, app, visitor) for visitor in visitors]
        await asyncio.gather(*map(classify, visitors, pages))
        await asyncio.gather(*map(compare, visitors, pages))
        await browser.close()


async def arrive(context: BrowserContext, app: str, visitor: Visitor) -> Page:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda raised: visitor.complaints.append(str(raised)))
    await page.goto(f"{app}/classify")
    await page.locator("input[type=file]").wait_for(state="attached")
    return page


async def classify(visitor: Visitor, page: Page) -> None:
    file: Any = {"name": visitor.name, "mimeType": "image/jpeg", "buffer": visitor.photo}
    await page.locator("input[type=file]").set_input_files(file)
    shown = page.get_by_role("img", name=f"Your photo {visitor.name}, one face boxed")
    await expect(shown).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=PATIENCE)


async def compare(visitor: Visitor, page: Page) -> None:
    await page.get_by_role("link", name="Compare all models").click()
    button = page.get_by_role("button", name="Download CSV").last
    await page.get_by_role("heading", name="Download").wait_for()
    async with page.expect_download() as download:
        await button.click()
    visitor.csv = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    if await page.get_by_test_id("stException").count():
        visitor.complaints.append("the page shows an error")
