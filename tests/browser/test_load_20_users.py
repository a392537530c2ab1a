"""Twenty concurrent browser sessions: no errors, no mixed-up results, and the queue is shown.

Timings are written to `test-output/visitors.json`.
"""

import asyncio
import csv
import io
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chromium import ARGS, executable
from PIL import Image, ImageEnhance
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from fer_core import MODELS, pipeline
from fer_core.artifacts import weights_file
from fer_core.emotions import EMOTIONS
from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports.export import answers_to_csv

VISITORS = 20
PATIENCE = 150_000  # ms; the machine may be busy
OUTPUT = Path(__file__).parents[2] / "test-output"
READY = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
# Collects every progress text that the page shows.
WATCH = """
window.progressTexts = new Set();
new MutationObserver(() => {
    for (const bar of document.querySelectorAll('[data-testid=stProgress]'))
        window.progressTexts.add(bar.innerText);
}).observe(document, {childList: true, subtree: true, characterData: true});
"""

pytestmark = pytest.mark.skipif(not READY, reason="no model is trained yet")


@dataclass
class Visitor:
    """One session with a unique photo."""

    name: str
    photo: bytes
    complaints: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    progress_texts: list[str] = field(default_factory=list)
    csv: str = ""


def make_visitor(number: int) -> Visitor:
    """A visitor with the sample photo, randomly rotated, lit and resized."""
    random = np.random.default_rng(number)
    photo = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    photo = photo.rotate(random.uniform(-12, 12), Image.Resampling.BICUBIC)
    photo = ImageEnhance.Brightness(photo).enhance(random.uniform(0.6, 1.3))
    side = int(random.integers(420, 1100))
    file = io.BytesIO()
    photo.resize((side, side)).save(file, "JPEG")
    return Visitor(f"visitor-{number:02}.jpg", file.getvalue())


def rows(text: str) -> list[dict[str, str]]:
    """The rows of the CSV without their times."""
    return [{k: v for k, v in row.items() if k != "ms"} for row in csv.DictReader(text.split("\n"))]


def test_twenty_visitors_at_once(app: str) -> None:
    browser = executable()
    visitors = [make_visitor(number) for number in range(VISITORS)]
    with ThreadPoolExecutor(1) as thread:  # pytest's own thread may have a loop already
        thread.submit(asyncio.run, crowd(app, browser, visitors)).result()

    for visitor in visitors:
        assert not visitor.complaints, visitor.complaints
        expected = rows(answers_to_csv([pipeline.classify(visitor.photo, visitor.name, READY)]))
        actual = rows(visitor.csv)
        assert [row["file"] for row in actual] == [visitor.name] * len(READY)
        for row, correct in zip(actual, expected, strict=True):
            values = [[float(r.pop(name)) for name in EMOTIONS] for r in (row, correct)]
            np.testing.assert_allclose(*values, atol=2e-4)
            assert row == correct
    assert len({visitor.csv.split(",", 11)[-1] for visitor in visitors}) == VISITORS
    assert any("ahead of yours" in text for visitor in visitors for text in visitor.progress_texts)
    write(visitors)


async def crowd(app: str, path: str, visitors: list[Visitor]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        context = await browser.new_context()  # visitor tab is a session of the app
        pages = [await arrive(context, app, visitor) for visitor in visitors]
        work = zip(visitors, pages, strict=True)
        await asyncio.gather(*(classify(visitor, page) for visitor, page in work))
        work = zip(visitors, pages, strict=True)
        await asyncio.gather(*(compare(visitor, page) for visitor, page in work))
        await browser.close()


async def arrive(context: BrowserContext, app: str, visitor: Visitor) -> Page:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.add_init_script(WATCH)
    page.on("pageerror", lambda raised: visitor.complaints.append(str(raised)))
    await page.goto(f"{app}/classify")
    await page.locator("input[type=file]").wait_for(state="attached")
    return page


async def classify(visitor: Visitor, page: Page) -> None:
    start = time.perf_counter()
    file: Any = {"name": visitor.name, "mimeType": "image/jpeg", "buffer": visitor.photo}
    await page.locator("input[type=file]").set_input_files(file)
    shown = page.get_by_role("img", name=f"Your photo {visitor.name}, one face boxed")
    await expect(shown).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=PATIENCE)
    visitor.seconds["one model"] = time.perf_counter() - start


async def compare(visitor: Visitor, page: Page) -> None:
    start = time.perf_counter()
    await page.get_by_role("link", name="Compare all models").click()
    button = page.get_by_role("button", name="Download CSV").last
    await page.get_by_role("heading", name="Download").wait_for()
    visitor.seconds["all models"] = time.perf_counter() - start
    async with page.expect_download() as download:
        await button.click()
    visitor.csv = (await (await download.value).path()).read_text(encoding="utf-8-sig")
    visitor.progress_texts = await page.evaluate("[...window.progressTexts]")
    if await page.get_by_test_id("stException").count():
        visitor.complaints.append("the page shows an error")


def write(visitors: list[Visitor]) -> None:
    OUTPUT.mkdir(exist_ok=True)
    results: dict[str, Any] = {"visitors": VISITORS}
    for task in visitors[0].seconds:
        seconds = sorted(visitor.seconds[task] for visitor in visitors)
        results[task] = {
            "median_s": round(statistics.median(seconds), 2),
            "p95_s": round(float(np.percentile(seconds, 95)), 2),
        }
    (OUTPUT / "visitors.json").write_text(json.dumps(results, indent=1) + "\n")
