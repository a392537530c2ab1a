"""Take the pictures of docs/gallery.md: make gallery.

Opens every page with the built-in sample photo and without FER2013, so that no picture shows one of
its images. Needs Chromium or Chrome, like the browser tests.
"""

import io
import tempfile
from pathlib import Path

from app_server import serving
from browser import settled
from camera_films import ADMIRAL, ASTRONAUT, camera_film, scene
from chromium import chromium
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pages.components.page_links import PAGES

IMAGES = Path(__file__).parent / "images"
SIZE = {"width": 1280, "height": 960}


def take(page: Page, name: str) -> None:
    """Save what the window shows as a small PNG of 256 colours."""
    settled(page)
    page.mouse.move(0, 0)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    small = shot.resize((shot.width * 3 // 4, shot.height * 3 // 4), Image.Resampling.LANCZOS)
    small.quantize(256, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)


def start_camera(page: Page) -> None:
    """Start the camera of the page Live, and wait for some answers."""
    frame = page.frame_locator("iframe[title$=live_view]")
    frame.get_by_role("button", name="Start the camera").click()
    handle = frame.locator("main").element_handle()
    page.wait_for_function("main => Number(main.dataset.frames) >= 60", arg=handle)
    frame.locator("#cameras option").evaluate("option => { option.text = 'Webcam'; }")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = {"FER2013_DIR": folder}
        film = camera_film(Path(folder) / "camera.mjpeg", [scene(ASTRONAUT, ADMIRAL)])
        camera = (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        )
        with (
            serving(Path(folder) / "log.txt", environment=empty) as url,
            chromium(playwright, *camera) as browser,
        ):
            page = browser.new_page(viewport=SIZE)
            page.set_default_timeout(180_000)  # the first heat maps load torch and TensorFlow
            page.goto(url)
            settled(page)
            for name, spec in PAGES.items():
                if spec.group:  # these need no photo, so a new visit will do
                    page.goto(f"{url}/{name}")
                else:
                    page.get_by_role("link", name=spec.title).first.click()
                if name == "classify":
                    settled(page)
                    page.get_by_role("button", name="Try the sample photo").click()
                if name == "annotate":
                    settled(page)
                    page.get_by_role("button", name="Label one face").click()
                if name == "live":
                    settled(page)
                    start_camera(page)
                take(page, name)


if __name__ == "__main__":
    main()
