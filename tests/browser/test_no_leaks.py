"""Leak test: a whole visit, with the app's system calls and the browser's disk monitored.

A marked photo goes through Classify, Compare, Annotate and Saliency with every model, a film with a
marked name and a camera through Live, and every offered file is downloaded. Then the trace of the
app (all threads and children, by strace), its output, the browser's profile and what a third party
can still fetch are searched for traces of the photo.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_plus

import httpx2
import leak_visit
import pytest
import strace
import tagged_photo
from app_server import serving
from browser import settled
from chromium import ARGS, executable
from leak_visit import ANNOTATOR, SLOW, STORES, Visit
from page_scenarios import choose
from playwright.sync_api import Browser, expect

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS

READY = [model for model in MODELS.values() if weights_file.is_ready(model)]
pytestmark = [
    pytest.mark.skipif(not READY, reason="no model is trained yet"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
    pytest.mark.xdist_group("leaks"),
]
SWEEP = 3  # seconds between two clean-ups of unreferenced media files
TEMPORARY = re.escape(tempfile.gettempdir())
#: Files that may be opened for writing, and why. None of them can hold part of a photo.
ALLOWED = (
    r"/__pycache__(/[^/]+\.pyc(\.\d+)?)?$",  # compiled modules, by Python itself
    r"^/dev/null$",
    r"^/proc/self/task/\d+/comm$",  # names of threads
    r"^/dev/shm/sem\.[\w.-]+$",  # scikit-learn's joblib tests whether semaphores work
    rf"^{TEMPORARY}/[a-z0-9_]{{8}}$",  # Python tests whether this folder is writable
    rf"^{TEMPORARY}/torchinductor_\w+$",  # an empty folder that torch makes when imported
    r"/matplotlib(/fontlist-[\w.-]+)?$",  # grad-cam's matplotlib lists the machine's fonts
)
#: Programs that may be started: Python's own queries about the machine.
PROGRAMS = {"python", "ldconfig", "uname"}
OWN_DOWNLOAD = "saliency-methods.csv"  # results of the models, unrelated to the photo
#: Text that would reveal the photo: parts of its name, and all its metadata; and who labels it.
SECRETS = (ANNOTATOR, "marked-", "Example Street", "Zoë", "Zo%C3%AB", "Zo\\xeb", "Zo\\u00eb")


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trace") / "trace.txt"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File with the app's output."""
    return tmp_path_factory.mktemp("app") / "log.txt"


@pytest.fixture(scope="module")
def app(trace: Path, log: Path) -> Iterator[str]:
    """The app under strace, with nothing silenced by the environment.

    Its log is on, and `CI`, which would turn off ONNX Runtime's telemetry, is unset.
    """
    quiet = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
    watcher = ["env", *(f"--unset={name}" for name in quiet), *strace.command(trace)]
    options = [f"--server.disconnectedSessionTTL={SWEEP}"]  # also the clean-up interval
    with serving(log, options, {"FER_LOG": "json"}, watcher) as url:
        yield url


@pytest.fixture(scope="module")
def visit(app: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The visit, by a browser with a profile on disk, as a person's has."""
    visit_record = Visit(profile=tmp_path_factory.mktemp("profile"))
    context = browser.browser_type.launch_persistent_context(
        visit_record.profile,
        executable_path=executable(),
        args=[*ARGS, "--use-fake-device-for-media-stream"],
        viewport={"width": 1440, "height": 900},
        permissions=["camera"],
    )
    page = context.pages[0]
    page.set_default_timeout(SLOW)
    page.on("request", lambda request: visit_record.addresses.append(request.url))
    page.on(
        "framenavigated", lambda frame: visit_record.addresses.append(frame.url)
    )  # the address bar
    page.goto(f"{app}/classify")
    page.get_by_role("button", name="Try the sample photo").wait_for()
    settled(page)
    own = set(visit_record.addresses)  # the app's icon and sample photo
    photo = {
        "name": tagged_photo.NAME,
        "mimeType": "image/jpeg",
        "buffer": tagged_photo.jpeg(),
    }
    page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name=tagged_photo.NAME)).to_be_visible()
    for kind in ("CSV", "JSON"):
        leak_visit.download(page, visit_record, f"Download {kind}")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("table.grid td.answer")).to_have_count(len(READY), timeout=SLOW)
    for kind in ("CSV", "JSON", "PNG"):
        leak_visit.download(page, visit_record, f"Download {kind}")
    page.get_by_role("link", name="Annotate", exact=True).click()
    leak_visit.annotate(page)
    for kind in ("Labels as CSV", "Tasks for Label Studio"):
        leak_visit.download(page, visit_record, kind)
    leak_visit.evaluate(page, photo)
    page.get_by_role("link", name="Saliency", exact=True).click()
    page.get_by_role("button", name=f"All {len(READY)} models").click()
    expect(page.locator("ul.maps > li")).to_have_count(2 * (1 + len(READY)), timeout=SLOW)
    leak_visit.download(page, visit_record, "Download PNG")
    leak_visit.place_on_map(page, visit_record)
    leak_visit.look_at_film(page, visit_record, tmp_path_factory.mktemp("film") / "film.webm")
    page.get_by_role("link", name="Saliency", exact=True).click()
    nothing = page.get_by_role("heading", name="No face found")  # in the moment that was kept
    nothing.wait_for(timeout=SLOW)
    choose(page, "Photo (2)", f"1. {tagged_photo.NAME}")
    expect(page.locator("ul.maps > li")).to_have_count(2 * (1 + len(READY)), timeout=SLOW)
    settled(page)

    # A stranger has none of the visitor's cookies.
    visitor = httpx2.Client(cookies={c["name"]: c["value"] for c in context.cookies()})
    media = {  # without fonts
        address for address in visit_record.addresses if re.search("(?<!/static)/media/", address)
    } - own
    visit_record.served = {address: httpx2.get(address).status_code for address in media}
    answers = {address: visitor.get(address) for address in media}
    visit_record.images = {
        address: answer.content for address, answer in answers.items() if answer.status_code == 200
    }
    visit_record.stores = page.evaluate(STORES) | {"cookies": context.cookies()}
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Try the sample photo").wait_for()
    settled(page)
    for _ in range(100):
        visit_record.cleared = {
            address: answer.status_code
            for address in media
            if OWN_DOWNLOAD
            not in (answer := visitor.get(address)).headers.get("content-disposition", "")
        }
        if set(visit_record.cleared.values()) == {404}:
            break
        page.wait_for_timeout(200)
    context.close()
    return visit_record


@pytest.fixture(scope="module")
def calls(visit: Visit, trace: Path) -> list[str]:
    system_calls = strace.calls(trace.read_text(encoding="utf-8", errors="replace"))
    assert any('"streamlit_app.py"' in call or "/streamlit_app.py" in call for call in system_calls)
    return system_calls


def test_the_app_writes_no_file(calls: list[str]) -> None:
    paths = strace.written(calls)
    assert [path for path in paths if not any(re.search(a, path) for a in ALLOWED)] == []


def test_the_app_connects_to_nobody_and_starts_nothing(calls: list[str]) -> None:
    assert strace.called(calls) == []
    assert {re.sub(r"[\d.]*$", "", Path(p).name) for p in strace.started(calls)} <= PROGRAMS


def test_the_app_prints_nothing_of_the_photo(visit: Visit, log: Path) -> None:
    printed = log.read_text(encoding="utf-8")
    assert '"event": "photo"' in printed  # so the log is on
    assert [secret for secret in SECRETS if secret in printed] == []


def test_no_address_names_the_photo(visit: Visit) -> None:
    assert len(visit.addresses) > 20
    for address in visit.addresses:
        decoded = unquote_plus(address)
        assert [secret for secret in SECRETS if secret in decoded] == []


def test_the_browser_keeps_nothing_of_the_photo(visit: Visit) -> None:
    """Neither in script storage nor in its profile on disk."""
    assert {cookie["name"] for cookie in visit.stores.pop("cookies")} <= {  # type: ignore[attr-defined]
        "_streamlit_xsrf",
        "fer_browser",
    }
    kept = repr(visit.stores)
    assert [secret for secret in SECRETS if secret in kept] == []
    assert not visit.stores["databases"]
    assert not visit.stores["caches"]
    assert not visit.stores["workers"]
    assert visit.images
    slices = [picture[i : i + 64] for picture in visit.images.values() for i in (2000, 9000)]
    files = [path for path in visit.profile.rglob("*") if path.is_file()]
    assert any("Cache" in str(path) for path in files)
    for path in files:
        data = path.read_bytes()
        assert not any(part in data for part in slices if len(part) == 64), path
        assert [secret for secret in SECRETS if secret.encode() in data] == [], path


def test_downloads_hold_only_results(visit: Visit) -> None:
    """CSV and JSON, made for the photo's owner, contain file names; nothing else gets out."""
    assert len(visit.downloads) == 13
    for file, data in visit.downloads.items():
        assert (ANNOTATOR.encode() in data) == ("label" in file), file
    name = tagged_photo.NAME.encode()
    for file, data in [*visit.downloads.items(), *visit.images.items()]:
        assert tagged_photo.found_in(data.replace(name, b"")) == [], file
        if file.endswith((".csv", ".json")):
            continue
        assert name not in data


def test_nobody_else_can_fetch_an_image_and_nobody_at_all_after_clear(visit: Visit) -> None:
    assert visit.images
    assert set(visit.served.values()) == {404}
    assert set(visit.cleared.values()) == {404}
