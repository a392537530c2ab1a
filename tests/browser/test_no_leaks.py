"""Nothing leaks: a whole visit, with the app's calls to the system and the browser's disk watched.

A marked photo goes through Classify, Compare and Saliency with every model, and every file the
pages offer is taken away. Then the trace of the app (all threads and children, by strace), what it
printed, what the browser keeps and what a stranger can still fetch are searched for it.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

import httpx2
import pytest
import strace
import tagged_photo
from app_server import serving
from browser import settled
from chromium import ARGS, executable
from playwright.sync_api import Browser, Page, expect

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS

READY = [variant for variant in MODELS.values() if weights_file.is_ready(variant)]
pytestmark = [
    pytest.mark.skipif(not READY, reason="no variant is trained yet"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
    pytest.mark.xdist_group("leaks"),
]
SWEEP = 3  # seconds between two looks for pictures that nobody shows
SLOW = 150_000  # ms; the maps of all models load torch, under strace
TEMPORARY = re.escape(tempfile.gettempdir())
#: What may be opened for writing, and why. None of it can hold a part of a photo.
ALLOWED = (
    r"/__pycache__(/[^/]+\.pyc(\.\d+)?)?$",  # compiled modules, by Python itself
    r"^/dev/null$",
    r"^/proc/self/task/\d+/comm$",  # names of threads
    r"^/dev/shm/sem\.[\w.-]+$",  # scikit-learn's joblib tries whether semaphores work
    rf"^{TEMPORARY}/[a-z0-9_]{{8}}$",  # Python tries whether this folder takes files, by "blat"
    rf"^{TEMPORARY}/torchinductor_\w+$",  # an empty folder that torch makes when imported
    r"/matplotlib(/fontlist-[\w.-]+)?$",  # grad-cam's matplotlib lists the machine's fonts
)
#: What may be started, and by whom: Python's own questions what machine this is.
PROGRAMS = {"python", "ldconfig", "uname"}
OWN = "saliency-methods.csv"  # a download of the app's own numbers, of no photo
#: Words that would give the photo away: parts of its name, and all it carries.
SECRETS = ("marked-", "Example Street", "Zoë", "Zo%C3%AB", "Zo\\xeb", "Zo\\u00eb")


@dataclass
class Visit:
    """What a visit left behind."""

    downloads: dict[str, bytes] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)  # of every request and every view
    pictures: dict[str, bytes] = field(default_factory=dict)  # address → what it gave
    stores: dict[str, object] = field(default_factory=dict)  # in the browser, after the visit
    served: dict[str, int] = field(default_factory=dict)  # address → a stranger's status meanwhile
    cleared: dict[str, int] = field(default_factory=dict)  # and after the photos were cleared
    profile: Path = Path()


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trace") / "trace.txt"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what the app prints goes."""
    return tmp_path_factory.mktemp("app") / "log.txt"


@pytest.fixture(scope="module")
def app(trace: Path, log: Path) -> Iterator[str]:
    """The app under strace, in an environment that keeps nobody quiet who would otherwise talk: its
    own log is on, and ONNX Runtime reports to its maker, but not where `CI` is set."""
    quiet = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS")
    watcher = ["env", *(f"--unset={name}" for name in quiet), *strace.command(trace)]
    options = [f"--server.disconnectedSessionTTL={SWEEP}"]  # sweeps as often, too
    with serving(log, options, {"FER_LOG": "json"}, watcher) as url:
        yield url


@pytest.fixture(scope="module")
def visit(app: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """The visit, by a browser that keeps a profile on the disk, as a person's does."""
    told = Visit(profile=tmp_path_factory.mktemp("profile"))
    context = browser.browser_type.launch_persistent_context(
        told.profile,
        executable_path=executable(),
        args=ARGS,
        viewport={"width": 1440, "height": 900},
    )
    page = context.pages[0]
    page.set_default_timeout(SLOW)
    page.on("request", lambda request: told.addresses.append(request.url))
    page.on("framenavigated", lambda frame: told.addresses.append(frame.url))  # what stands above
    page.goto(f"{app}/classify")
    page.get_by_role("button", name="Try the sample photo").wait_for()
    settled(page)
    own = set(told.addresses)  # the app's icon and its sample photo
    photo = {
        "name": tagged_photo.NAME,
        "mimeType": "image/jpeg",
        "buffer": tagged_photo.jpeg(),
    }
    page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("img", name=tagged_photo.NAME)).to_be_visible()
    for kind in ("CSV", "JSON"):
        _take(page, told, f"Download {kind}")
    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.locator("table.grid td.answer")).to_have_count(len(READY), timeout=SLOW)
    for kind in ("CSV", "JSON", "PNG"):
        _take(page, told, f"Download {kind}")
    page.get_by_role("link", name="Saliency", exact=True).click()
    page.get_by_role("button", name=f"All {len(READY)} models").click()
    expect(page.locator("ul.maps > li")).to_have_count(1 + len(READY), timeout=SLOW)
    _take(page, told, "Download PNG")
    settled(page)

    stranger = httpx2.Client()  # without the visitor's cookies
    media = {address for address in told.addresses if "/media/" in address} - own
    told.served = {address: stranger.get(address).status_code for address in media}
    shown = [address for address, status in told.served.items() if status == 200]
    told.pictures = {address: stranger.get(address).content for address in shown}
    told.stores = page.evaluate(STORES) | {"cookies": context.cookies()}
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Try the sample photo").wait_for()
    settled(page)
    for _ in range(100):
        told.cleared = {
            address: answer.status_code
            for address in media
            if OWN not in (answer := stranger.get(address)).headers.get("content-disposition", "")
        }
        if set(told.cleared.values()) == {404}:
            break
        page.wait_for_timeout(200)
    context.close()
    return told


STORES = """async () => ({
  local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage),
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


def _take(page: Page, told: Visit, name: str) -> None:
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    taken = download.value
    told.downloads[f"{len(told.downloads)} {taken.suggested_filename}"] = Path(
        taken.path()
    ).read_bytes()


@pytest.fixture(scope="module")
def calls(visit: Visit, trace: Path) -> list[str]:
    found = strace.calls(trace.read_text(errors="replace"))
    assert any('"streamlit_app.py"' in call or "/streamlit_app.py" in call for call in found)
    return found


def test_the_app_writes_no_file(calls: list[str]) -> None:
    paths = strace.written(calls)
    assert [path for path in paths if not any(re.search(a, path) for a in ALLOWED)] == []


def test_the_app_calls_nobody_and_starts_nothing(calls: list[str]) -> None:
    assert strace.called(calls) == []
    assert {re.sub(r"[\d.]*$", "", Path(p).name) for p in strace.started(calls)} <= PROGRAMS


def test_the_app_prints_nothing_of_the_photo(visit: Visit, log: Path) -> None:
    printed = log.read_text()
    assert '"event": "photo"' in printed  # so it is the app's, and it had something to tell
    assert [secret for secret in SECRETS if secret in printed] == []


def test_no_address_names_the_photo(visit: Visit) -> None:
    assert len(visit.addresses) > 20
    for address in visit.addresses:
        told = unquote_plus(address)
        assert [secret for secret in SECRETS if secret in told] == []


def test_the_browser_keeps_nothing_of_the_photo(visit: Visit) -> None:
    """Neither where scripts may store things, nor in what it writes to its disk by itself."""
    assert {cookie["name"] for cookie in visit.stores.pop("cookies")} <= {"_streamlit_xsrf"}  # type: ignore[attr-defined]
    kept = repr(visit.stores)
    assert [secret for secret in SECRETS if secret in kept] == []
    assert not visit.stores["databases"]
    assert not visit.stores["caches"]
    assert not visit.stores["workers"]
    assert visit.pictures
    slices = [picture[i : i + 64] for picture in visit.pictures.values() for i in (2000, 9000)]
    files = [path for path in visit.profile.rglob("*") if path.is_file()]
    assert any("Cache" in str(path) for path in files)
    for path in files:
        data = path.read_bytes()
        assert not any(part in data for part in slices if len(part) == 64), path
        assert [secret for secret in SECRETS if secret.encode() in data] == [], path


def test_what_is_taken_away_holds_only_answers(visit: Visit) -> None:
    """File names stand in CSV and JSON, which are for their owner; nothing else comes along."""
    assert len(visit.downloads) == 6
    name = tagged_photo.NAME.encode()
    for file, data in [*visit.downloads.items(), *visit.pictures.items()]:
        assert tagged_photo.found_in(data.replace(name, b"")) == [], file
        if file.endswith((".csv", ".json")):
            continue
        assert name not in data


def test_a_strangers_request_finds_nothing_after_clear(visit: Visit) -> None:
    assert visit.pictures  # as long as one is on show, its address, a hash, is the key to it
    assert set(visit.cleared.values()) == {404}
