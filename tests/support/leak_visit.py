"""What a visitor does on the leak test's visit beside photos, and what the visit leaves behind."""

from dataclasses import dataclass, field
from pathlib import Path

import tagged_photo
from browser import settled
from camera_films import ASTRONAUT, scene, webm
from page_scenarios import label_the_face
from playwright.sync_api import Page, expect

SLOW = 150_000  # ms; the maps of all models load torch, under strace
FILM = "marked-film at 17 Example Street.webm"
ANNOTATOR = "Marked-annotator"  # who labels the photo's face

STORES = """async () => ({
  local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage),
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@dataclass
class Visit:
    """Everything a visit left behind."""

    downloads: dict[str, bytes] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)  # of every request and every page
    images: dict[str, bytes] = field(default_factory=dict)  # address → content
    stores: dict[str, object] = field(default_factory=dict)  # browser storage after the visit
    served: dict[str, int] = field(
        default_factory=dict
    )  # address → a third party's status during the visit
    cleared: dict[str, int] = field(
        default_factory=dict
    )  # address → the visitor's own, after Clear
    profile: Path = Path()


def evaluate(page: Page, photo: dict[str, object]) -> None:
    """Make a test set of the photo and a table that names it."""
    page.get_by_role("link", name="Measure the models by these labels").click()
    expect(page.get_by_role("heading", name="How good are the models")).to_be_visible()
    settled(page)
    page.get_by_role("radio", name="Photos, a table or a .zip file").click()
    settled(page)
    table = f'file,label\n"{tagged_photo.NAME}",happy\n'.encode()
    labels = {"name": "labels.csv", "mimeType": "text/csv", "buffer": table}
    page.locator("input[type=file]").set_input_files([photo, labels])  # type: ignore[arg-type]
    page.get_by_role("button", name="Evaluate 1 photo").click(timeout=SLOW)
    expect(page.get_by_text("1 face, ")).to_be_visible(timeout=SLOW)
    page.get_by_role("radio", name="My labels from Annotate").click()
    page.get_by_role("button", name="Evaluate").click()
    expect(page.get_by_text("1 face, ")).to_have_count(2, timeout=SLOW)
    page.get_by_role("button", name="Leaderboard").last.click()
    settled(page)


def place_on_map(page: Page, visit_record: Visit) -> None:
    """Find the test faces that are most like the photo's, and download the list."""
    page.get_by_role("link", name="Home", exact=True).click()
    page.get_by_role("link", name="Which faces look alike to a model?").click()
    expect(page.get_by_text("test faces are most like it")).to_be_visible(timeout=SLOW)
    download(page, visit_record, "Download CSV")


def look_at_film(page: Page, visit_record: Visit, film: Path) -> None:
    """Look at a film and through a camera, keep a moment of it, and download what was answered."""
    page.get_by_role("link", name="Live", exact=True).click()
    frame = page.frame_locator("iframe[title$=live_view]")
    frame.get_by_text("Video file", exact=True).click()
    content = webm(film, [(scene(ASTRONAUT, shift=shift), 0.5) for shift in (0, 20, 40)])
    frame.locator("#file").set_input_files(
        {"name": FILM, "mimeType": "video/webm", "buffer": content.read_bytes()}
    )
    frame.get_by_role("button", name="Analyse the film").click()
    expect(frame.get_by_role("status")).to_contain_text("The film is done", timeout=SLOW)
    for kind in ("CSV", "JSON lines", "WebVTT", "ELAN"):
        download(page, visit_record, kind)
    frame.get_by_text("Camera", exact=True).click()
    frame.get_by_role("button", name="Start the camera").click()
    frame.get_by_role("button", name="Keep this moment").click(timeout=SLOW)
    expect(frame.get_by_role("status")).to_contain_text("Kept as", timeout=SLOW)
    frame.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Recording (2)")).to_be_visible(timeout=SLOW)
    settled(page)


def annotate(page: Page) -> None:
    """Label the only face, under a name that nobody else may learn."""
    name = page.get_by_label("Your name")
    name.fill(ANNOTATOR)
    name.press("Enter")
    expect(page.get_by_role("radio", name=ANNOTATOR)).to_be_visible()
    label_the_face(page)
    expect(page.get_by_role("button", name="Labels as CSV")).to_be_visible()


def download(page: Page, visit_record: Visit, name: str) -> None:
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    file = download.value
    visit_record.downloads[f"{len(visit_record.downloads)} {file.suggested_filename}"] = Path(
        file.path()
    ).read_bytes()
