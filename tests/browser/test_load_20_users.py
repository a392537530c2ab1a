"""Twenty browser sessions at once on the one app: nobody gets an error, an empty page or another's
answer, and whoever has to wait is told so. What it took is written to `test-output/visitors.json`.
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
PATIENCE = 150_000  # ms; on a machine that is busy besides
OUTPUT = Path(__file__).parents[2] / "test-output"
READY = [name for name, variant in MODELS.items() if weights_file.is_ready(variant)]
# Every text that the page showed while it worked.
WATCH = """
window.said = new Set();
new MutationObserver(() => {
    for (const bar of document.querySelectorAll('[data-testid=stProgress]'))
        window.said.add(bar.innerText);
}).observe(document, {childList: true, subtree: true, characterData: true});
"""

pytestmark = pytest.mark.skipif(not READY, reason="no variant is trained yet")


@dataclass
class Visitor:
    """One session with a photo that nobody else has."""

    name: str
    photo: bytes
    complaints: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    csv: str = ""


def visitor(number: int) -> Visitor:
    """The sample photo, turned, lit and sized as no other visitor's."""
    random = np.random.default_rng(number)
    photo = Image.open(io.BytesIO(sample_photo())).convert("RGB")
    photo = photo.rotate(random.uniform(-12, 12), Image.Resampling.BICUBIC)
    photo = ImageEnhance.Brightness(photo).enhance(random.uniform(0.6, 1.3))
    side = int(random.integers(420, 1100))
    file = io.BytesIO()
    photo.resize((side, side)).save(file, "JPEG")
    return Visitor(f"visitor-{number:02}.jpg", file.getvalue())


def rows(text: str) -> list[dict[str, str]]:
    """The table without its times."""
    return [{k: v for k, v in row.items() if k != "ms"} for row in csv.DictReader(text.split("\n"))]


def test_twenty_at_once(app: str) -> None:
    browser = executable()
    visitors = [visitor(number) for number in range(VISITORS)]
    with ThreadPoolExecutor(1) as thread:  # pytest's own thread may have a loop already
        thread.submit(asyncio.run, crowd(app, browser, visitors)).result()

    for each in visitors:
        assert not each.complaints, each.complaints
        expected = rows(answers_to_csv([pipeline.classify(each.photo, each.name, READY)]))
        found = rows(each.csv)
        assert [row["file"] for row in found] == [each.name] * len(READY)
        for row, right in zip(found, expected, strict=True):
            values = [[float(r.pop(name)) for name in EMOTIONS] for r in (row, right)]
            np.testing.assert_allclose(*values, atol=2e-4)
            assert row == right
    assert len({each.csv.split(",", 11)[-1] for each in visitors}) == VISITORS
    assert any("Waiting for other visitors" in said for each in visitors for said in each.said)
    write(visitors)


async def crowd(app: str, path: str, visitors: list[Visitor]) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGS)
        context = await browser.new_context()  # each tab is a session of the app
        pages = [await arrive(context, app, each) for each in visitors]
        work = zip(visitors, pages, strict=True)
        await asyncio.gather(*(classify(each, page) for each, page in work))
        work = zip(visitors, pages, strict=True)
        await asyncio.gather(*(compare(each, page) for each, page in work))
        await browser.close()


async def arrive(context: BrowserContext, app: str, each: Visitor) -> Page:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.add_init_script(WATCH)
    page.on("pageerror", lambda raised: each.complaints.append(str(raised)))
    await page.goto(f"{app}/classify")
    await page.locator("input[type=file]").wait_for(state="attached")
    return page


async def classify(each: Visitor, page: Page) -> None:
    start = time.perf_counter()
    file: Any = {"name": each.name, "mimeType": "image/jpeg", "buffer": each.photo}
    await page.locator("input[type=file]").set_input_files(file)
    shown = page.get_by_role("img", name=f"Your photo {each.name}, one face boxed")
    await expect(shown).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=PATIENCE)
    each.seconds["one model"] = time.perf_counter() - start


async def compare(each: Visitor, page: Page) -> None:
    start = time.perf_counter()
    await page.get_by_role("link", name="Compare all models").click()
    button = page.get_by_role("button", name="Download CSV").last
    await page.get_by_role("heading", name="Take it with you").wait_for()
    each.seconds["all models"] = time.perf_counter() - start
    async with page.expect_download() as download:
        await button.click()
    each.csv = (await (await download.value).path()).read_text()
    each.said = await page.evaluate("[...window.said]")
    if await page.get_by_test_id("stException").count():
        each.complaints.append("the page shows an error")


def write(visitors: list[Visitor]) -> None:
    OUTPUT.mkdir(exist_ok=True)
    told: dict[str, Any] = {"visitors": VISITORS}
    for what in visitors[0].seconds:
        seconds = sorted(each.seconds[what] for each in visitors)
        told[what] = {
            "median_s": round(statistics.median(seconds), 2),
            "p95_s": round(float(np.percentile(seconds, 95)), 2),
        }
    (OUTPUT / "visitors.json").write_text(json.dumps(told, indent=1) + "\n")
