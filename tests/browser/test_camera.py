"""Snapshots with a camera that films the sample photo, and with one that is denied."""

import io
from collections.abc import Callable, Iterator

import pytest
from chromium import chromium
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.xdist_group("camera"),
]


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose fake camera plays a video of the sample photo."""
    still, frame = io.BytesIO(), Image.new("RGB", (640, 480))
    frame.paste(Image.open(io.BytesIO(sample_photo())).convert("RGB").resize((480, 480)), (80, 0))
    frame.save(still, "JPEG", quality=95)
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    film.write_bytes(still.getvalue() * 10)
    device = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    with chromium(playwright, *device) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A context per test, because permissions belong to the context."""
    context = browser.new_context()
    yield context
    context.close()


#: Whether the camera's image is on the screen: on a busy machine its first frames are black.
FILMING = """() => {
  const video = document.querySelector('video');
  if (!video?.videoWidth) return false;
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  canvas.drawImage(video, 0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).some(part => part > 30);
}"""


def to_camera(page: Page) -> None:
    page.get_by_role("radio", name="Camera").click()


def test_snapshots_are_classified_one_after_the_other(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    page.context.grant_permissions(["camera"])
    page.set_viewport_size({"width": 1280, "height": 720})  # a projector's
    to_camera(page)
    shutter = page.get_by_role("button", name="Take photo")
    for i in (1, 2):  # the second one without opening the camera again
        page.wait_for_function(FILMING)
        expect(shutter).to_be_in_viewport(ratio=1)
        shutter.click()
        expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
        expect(page.get_by_role("img", name=f"Camera {i}, one face boxed")).to_be_visible()


def test_a_denied_camera_leaves_the_other_sources(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    page.context.new_cdp_session(page).send(
        "Browser.setPermission", {"permission": {"name": "camera"}, "setting": "denied"}
    )
    to_camera(page)
    expect(page.get_by_text("This app would like to use your camera.")).to_be_visible()
    expect(page.get_by_role("link", name="Learn how to allow access.")).to_be_visible()
    expect(page.get_by_role("button", name="Take photo")).to_be_disabled()
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
