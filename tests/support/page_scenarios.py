"""What a visitor does on each page, and the expected outcome."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from browser import settled
from camera_films import ADMIRAL, ASTRONAUT, scene, webm
from playwright.sync_api import Page, TimeoutError, expect

from fer_core.registry import MODELS

LOADING = 90_000  # ms; the first heat map loads torch
LIST_STAYS = 10_000  # ms to click an option of an open list


def choose(page: Page, label: str, option: str) -> None:
    """Select an option of a select box.

    Scrolling closes the list, so the box is scrolled into view first. On a slow machine late
    elements may still move the page; then the list is opened again.
    """
    box = page.get_by_role("combobox", name=label, exact=True)
    list_item = page.get_by_role("option", name=option, exact=True)
    box.scroll_into_view_if_needed()
    for tries_left in (2, 1, 0):
        settled(page)
        box.click()
        try:
            list_item.click(timeout=LIST_STAYS)
            break
        except TimeoutError:
            if not tries_left:
                raise
    settled(page)


def sample(page: Page) -> None:
    page.get_by_role("button", name="Try the sample photo").click()


def home(page: Page) -> None:
    times = page.locator("td[data-label=Time]", has_text=re.compile(r"\d ms$"))
    expect(times).to_have_count(len(MODELS))  # the committed measurement
    page.get_by_role("button", name="Measure the speed").click()
    expect(page.get_by_text("on this machine, just now").first).to_be_visible()
    expect(times).to_have_count(len(MODELS))


def classify(page: Page) -> None:
    sample(page)
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible()
    choose(page, "Model", MODELS["individual"].title)
    expect(page.get_by_text("Seven separate answers")).to_be_visible()
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_role("button", name="Add the sample photo")).to_be_visible()


def compare(page: Page) -> None:
    sample(page)
    expect(page.locator("table.grid td.answer")).to_have_count(len(MODELS))
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible()


def label_the_face(page: Page) -> None:
    """Label the only face as happy, on Annotate."""
    page.get_by_role("button", name="Label one face").click()
    happy = page.get_by_role("button", name="happy")
    expect(happy).to_be_visible()
    settled(page)
    happy.click()


def annotate(page: Page) -> None:
    sample(page)
    label_the_face(page)
    expect(page.get_by_role("heading", name="says what most models say")).to_be_visible()
    expect(page.get_by_role("button", name="Labels as CSV")).to_be_visible()


def live(page: Page) -> None:
    frame = page.frame_locator("iframe[title$=live_view]")
    frame.get_by_text("Video file", exact=True).click()
    with tempfile.TemporaryDirectory() as folder:
        film = webm(Path(folder) / "film.webm", [(scene(ASTRONAUT, ADMIRAL), 2)])
        frame.locator("#file").set_input_files(film)
        frame.get_by_role("button", name="Analyse the film").click()
        expect(frame.get_by_role("status")).to_contain_text("The film is done")


def saliency(page: Page) -> None:
    sample(page)
    expect(page.get_by_text("Is this map faithful?")).to_be_visible(timeout=LOADING)
    page.get_by_role("tab", name="Where the models look on average").click()
    choose(page, "Model in detail", MODELS["resnet101"].title)
    expect(page).to_have_url(re.compile("closer=resnet101"))


def leaderboard(page: Page) -> None:
    verdict = page.get_by_role("heading", level=3)
    before = verdict.inner_text()
    choose(page, "Second model", MODELS["keras_cnn"].title)
    expect(verdict).not_to_have_text(before)
    expect(verdict).to_contain_text("is better")
    choose(page, "Test set", "PublicTest")
    expect(page.get_by_text("are those of PublicTest")).to_be_visible()


def confusion(page: Page) -> None:
    choose(page, "Second model", MODELS["keras_cnn"].title)
    expect(page.locator(".nsewdrag")).to_have_count(2)
    choose(page, "Labelled", "happy")
    expect(page.get_by_text("happy faces of PrivateTest")).to_be_visible()


def per_class(page: Page) -> None:
    page.get_by_role("radio", name="disgust").click()
    expect(page.get_by_role("heading", name="accuracy mean nothing")).to_contain_text("98")
    counts = page.locator("table.counts")
    expect(counts).to_contain_text("not disgust")
    before = counts.inner_text()
    page.get_by_role("slider").first.press("Home")
    expect(counts).not_to_have_text(before, use_inner_text=True)


def robustness(page: Page) -> None:
    page.get_by_role("radio", name="Your face").click()
    sample(page)
    expect(page.locator("table.models tbody tr")).to_have_count(len(MODELS))
    page.get_by_role("button", name="mouth", exact=True).click()
    expect(page.get_by_text("The hidden part is")).to_be_visible()


def face_map(page: Page) -> None:
    page.get_by_role("radio", name="right or wrong").click()
    sample(page)
    expect(page.locator(".legend .traces", has_text="your face")).to_have_count(1)
    choose(page, "Network", MODELS["ferplus"].title)
    expect(page.get_by_text(f"To {MODELS['ferplus'].title}, these 10 test faces")).to_be_visible()


def label_agreement(page: Page) -> None:
    caption = page.get_by_text(re.compile(r"^Faces 1 to \d+ of"))
    before = caption.inner_text()
    choose(page, "FER2013's label", "sad")
    expect(caption).not_to_have_text(before)


def label_audit(page: Page) -> None:
    choose(page, "Judged by", MODELS["keras_cnn"].title)
    expect(page.get_by_text(f"that {MODELS['keras_cnn'].title} believes least")).to_be_visible()
    page.get_by_role("radio", name="25").click()
    expect(page.get_by_text("Of the 25 labels")).to_be_visible()


def model_card(page: Page) -> None:
    choose(page, "Model", MODELS["resnet101"].title)
    expect(page.get_by_role("heading", name=MODELS["resnet101"].title)).to_be_visible()
    choose(page, "Compare with", MODELS["keras_cnn"].title)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("Download the log of"))).to_have_count(2)


def data(page: Page) -> None:
    compute = page.get_by_role("button", name="Compute the mean faces")
    if compute.count():  # computed once for all visitors
        compute.click()
    expect(page.get_by_text("Counted again in this copy")).to_be_visible()
    page.get_by_role("radio", name="PublicTest").first.click()
    expect(page).to_have_url(re.compile("of=PublicTest"))


USES: dict[str, Callable[[Page], None]] = {
    use.__name__: use
    for use in (
        *(home, classify, compare, annotate, live, saliency, leaderboard, confusion),
        *(per_class, robustness, face_map, label_agreement, label_audit, model_card, data),
    )
}


def unfold(page: Page) -> None:
    """Open all expanders."""
    folded = page.locator("details:not([open]) > summary >> visible=true")
    for _ in range(folded.count()):
        folded.first.click()
    settled(page)
