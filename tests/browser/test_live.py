"""Live in a browser whose camera films sample photos, and films that it decodes."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from camera_films import ADMIRAL, ASTRONAUT, camera_film, gif, scene, webm
from chromium import chromium
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, Playwright, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.registry import MODELS

pytestmark = [
    pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet"),
    pytest.mark.xdist_group("live"),
]
#: An address that leads to this machine, but is not known to: browsers lend it no camera.
ELSEWHERE = "192.0.2.1"
#: Notes what the frame tells the page, which cameras it has opened, and the answers about frames.
WATCH = """
if (self === top) {
  top.told = [];
  addEventListener("message", ({ data }) => {
    const isValue = data.type === "streamlit:setComponentValue";
    if (isValue && data.value?.stopped) top.told.push(data.value);
  });
}
const ask = window.fetch;
window.fetch = async (address, ...more) => {
  const response = await ask(address, ...more);
  if (String(address).includes("/live/frame")) (top.answers ??= []).push(response.clone().json());
  return response;
};
const devices = navigator.mediaDevices;
const open = devices?.getUserMedia.bind(devices);
if (open) devices.getUserMedia = async (wishes) => {
  const stream = await open(wishes);
  (top.tracks ??= []).push(...stream.getTracks());
  return stream;
};
"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows two faces that move a little."""
    frames = [scene(ASTRONAUT, ADMIRAL, shift=shift) for shift in (0, 4, 8, 4)]
    film = camera_film(tmp_path_factory.mktemp("camera") / "film.mjpeg", frames)
    switches = (
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
        f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1",
    )
    with chromium(playwright, *switches) as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A context per test, because permissions belong to the context."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    yield context
    context.close()


def live(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title$=live_view]")


def start_camera(page: Page) -> FrameLocator:
    """Start the camera and wait for the first answers."""
    page.context.grant_permissions(["camera"])
    frame = live(page)
    frame.get_by_role("button", name="Start the camera").click()
    wait_for_frames(page, 2)
    return frame


def wait_for_frames(page: Page, count: int) -> None:
    handle = live(page).locator("main").element_handle()
    page.wait_for_function(
        "([main, count]) => Number(main.dataset.frames) >= count", arg=[handle, count]
    )


def told(page: Page) -> list[dict[str, Any]]:
    """What the page was told of recordings that have ended."""
    values: list[dict[str, Any]] = page.evaluate("top.told")
    return values


def expect_camera_off(page: Page) -> None:
    page.wait_for_function("() => top.tracks.every(track => track.readyState === 'ended')")


def choose_film(page: Page, file: Any, step: str = "0.2 s") -> FrameLocator:
    frame = live(page)
    frame.get_by_text("Video file", exact=True).click()
    frame.locator("#file").set_input_files(file)
    frame.get_by_label("Look every").select_option(step)
    return frame


def answers(page: Page) -> list[tuple[float, int]]:
    """Time and number of faces of each frame that was answered."""
    found = page.evaluate("Promise.all(top.answers)")
    return [(round(each["time"], 2), len(each["faces"])) for each in found]


def hide(page: Page, hidden: bool = True) -> None:
    """Say that the page is hidden, or seen again: without a screen, no page ever is."""
    frame = page.frame_locator("iframe[title$=live_view]").locator("html")
    frame.evaluate(
        """(root, hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_the_camera_is_answered_and_a_moment_kept(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live")
    assert page.evaluate("top.tracks") is None, "the camera was opened before Start"
    frame = start_camera(page)
    expect(frame.get_by_role("group", name="Face shown").get_by_role("button")).to_have_count(2)
    wait_for_frames(page, 12)  # and it goes on
    expect(frame.locator("#numbers")).to_contain_text("answers per second")
    for name in ("rate", "delay"):
        expect(frame.locator("main")).to_have_attribute(f"data-{name}", re.compile(r"^\d+\.\d+$"))
    page.keyboard.press("m")
    expect(frame.get_by_role("status")).to_contain_text("1 mark")
    frame.get_by_role("button", name="Keep this moment").click()
    expect(frame.get_by_role("status")).to_contain_text("it is among your photos now")
    frame.get_by_role("button", name="Stop").click()
    expect(frame.get_by_role("button", name="Start the camera")).to_be_visible()
    expect_camera_off(page)
    (value,) = told(page)
    assert (value["recording"], value["stopped"]) == (1, "button")
    assert value["frames"] >= 12
    page.get_by_role("link", name="Compare").first.click()
    expect(page.locator("table.grid tr", has=page.locator("td.answer"))).to_have_count(2)


def test_models_change_while_the_camera_is_on(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live?models=multiclass")
    frame = start_camera(page)
    expect(frame.locator("#votes")).to_be_hidden()
    page.get_by_role("button", name=MODELS["keras_cnn"].title).click()
    expect(frame.locator("#votes")).to_contain_text("Disagreement between the models")
    frame.get_by_label("Model shown").select_option(MODELS["keras_cnn"].title)
    frame.get_by_role("button", name="Face 2").click()
    expect(frame.get_by_role("button", name="Face 2")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("top.tracks.length") == 1, "the frame was loaded anew"


def test_a_hidden_page_turns_the_camera_off(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live")
    frame = start_camera(page)
    hide(page)
    expect(frame.get_by_role("status")).to_contain_text("because the page was hidden")
    expect_camera_off(page)
    assert [value["stopped"] for value in told(page)] == ["hidden"]


def test_leaving_the_page_turns_the_camera_off(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live")
    start_camera(page)
    page.get_by_role("link", name="Compare").first.click()
    expect_camera_off(page)


def test_a_camera_that_is_unplugged_ends_the_recording(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live")
    frame = start_camera(page)
    page.evaluate("top.tracks[0].dispatchEvent(new Event('ended'))")
    expect(frame.get_by_role("status")).to_contain_text("unplugged")
    assert [value["stopped"] for value in told(page)] == ["unplugged"]


@pytest.mark.parametrize("refusal", ["full", "unreachable"])
def test_a_server_that_refuses_stops_the_camera(
    open_tab: Callable[..., Page], expected: set[str], refusal: str
) -> None:
    page = open_tab("/live")
    frame = start_camera(page)
    if refusal == "full":
        expected.add("507")
        sentence = "The memory is full."
        page.route("**/live/frame?*", lambda r: r.fulfill(status=507, json={"error": sentence}))
    else:
        expected.add("net::ERR_FAILED")
        sentence = "The app does not answer."
        page.route("**/live/frame?*", lambda route: route.abort())
    expect(frame.get_by_role("alert")).to_have_text(sentence)
    expect_camera_off(page)


def test_a_denied_camera_is_explained(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/live")
    page.context.new_cdp_session(page).send(
        "Browser.setPermission", {"permission": {"name": "camera"}, "setting": "denied"}
    )
    frame = live(page)
    frame.get_by_role("button", name="Start the camera").click()
    expect(frame.get_by_role("alert")).to_contain_text("Allow it")
    expect(frame.get_by_role("button", name="Start the camera")).to_be_enabled()
    assert told(page) == []


def test_an_address_without_https_lends_no_camera(context: BrowserContext, app: str) -> None:
    page = context.new_page()
    page.goto(app.replace("localhost", ELSEWHERE) + "/live")
    frame = live(page)
    expect(frame.get_by_role("alert")).to_contain_text("only over https")
    expect(frame.get_by_role("button", name="Start the camera")).to_be_disabled()


def test_a_film_is_seen_at_its_own_times(open_tab: Callable[..., Page], tmp_path: Path) -> None:
    parts = [(scene(ASTRONAUT), 2), (scene(), 1), (scene(ASTRONAUT, ADMIRAL), 1)]
    page = open_tab("/live")
    frame = choose_film(page, webm(tmp_path / "three scenes.webm", parts))
    frame.get_by_role("button", name="Analyse the film").click()
    expect(frame.get_by_role("status")).to_contain_text("The film is done")
    faces = [1] * 10 + [0] * 5 + [2] * 5
    assert answers(page) == [(round(0.2 * k, 2), count) for k, count in enumerate(faces)]
    assert told(page) == [{"recording": 1, "frames": 20, "stopped": "end"}]


def test_a_part_of_a_film_and_no_picture_twice(
    open_tab: Callable[..., Page], tmp_path: Path
) -> None:
    film = webm(tmp_path / "slow.webm", [(scene(ASTRONAUT), 6)], fps=2)
    page = open_tab("/live")
    frame = choose_film(page, film)
    frame.locator("#from").fill("1")
    frame.locator("#to").fill("3")
    frame.get_by_role("button", name="Analyse the film").click()
    expect(frame.get_by_role("status")).to_contain_text("The film is done")
    assert answers(page) == [(1, 1), (1.5, 1), (2, 1), (2.5, 1), (3, 1)]


def test_a_film_waits_while_hidden_and_keeps_what_is_done(
    open_tab: Callable[..., Page], tmp_path: Path
) -> None:
    film = webm(tmp_path / "long.webm", [(scene(ASTRONAUT), 60)], fps=2)
    page = open_tab("/live")
    frame = choose_film(page, film, "0.5 s")
    frame.get_by_role("button", name="Analyse the film").click()
    wait_for_frames(page, 3)
    frame.get_by_role("button", name="Pause").click()
    expect(frame.get_by_role("status")).to_have_text("Paused.")
    frame.get_by_role("button", name="Continue").click()
    hide(page)
    hide(page, hidden=False)
    expect(frame.get_by_role("status")).to_contain_text("waited while the page was hidden")
    expect(frame.locator("#left")).to_contain_text("real time")
    frame.get_by_role("button", name="Cancel").click()
    expect(frame.get_by_role("status")).to_contain_text("What is done is kept")
    (value,) = told(page)
    assert value["stopped"] == "cancel"
    assert value["frames"] >= 3


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", "video/mp4"), ("a.gif", "image/gif")])
def test_a_file_that_is_no_film_is_explained(
    open_tab: Callable[..., Page], name: str, kind: str
) -> None:
    page = open_tab("/live")
    frame = choose_film(page, {"name": name, "mimeType": kind, "buffer": b"To be or not to be"})
    frame.get_by_role("button", name="Analyse the film").click()
    expect(frame.get_by_role("alert")).to_contain_text("can decode")
    assert told(page) == []


def test_an_animation_is_a_film_too(open_tab: Callable[..., Page], tmp_path: Path) -> None:
    page = open_tab("/live")
    parts = [(scene(ASTRONAUT), 1.0), (scene(), 0.5), (scene(ADMIRAL), 1.0)]
    frame = choose_film(page, gif(tmp_path / "a.gif", parts))
    frame.get_by_role("button", name="Analyse the film").click()
    expect(frame.get_by_role("status")).to_contain_text("The film is done")
    assert answers(page) == [(0, 1), (1, 0), (1.5, 1)]
