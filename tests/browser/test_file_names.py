"""Hostile file names stay plain text in a browser."""

import io
import re
from collections.abc import Callable

import pytest
from browser import overflow, settled
from hostile_names import NAMES
from PIL import Image
from playwright.sync_api import Page, expect

from fer_core.evaluation.default_model import default_model_name
from fer_core.imaging.sample_photo import sample_photo
from pages.sections.compare import text as answers
from pages.text.escape import WORD_JOINER, clean_name

pytestmark = pytest.mark.skipif(default_model_name() is None, reason="no model is trained yet")
#: Names that a browser cannot upload, because no file can have them.
IMPOSSIBLE = ("lone surrogate", "control", "long", "nothing", "drive")
SENT = [name for kind, name in NAMES.items() if kind not in IMPOSSIBLE]
#: The names as they arrive: browsers encode three characters.
ARRIVING = [n.replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D") for n in SENT]
#: Elements that a name must not have become: links, images, scripts, maths, formatting.
INJECTED = """() => [...document.querySelectorAll(
  'a[href*="elsewhere"], a[href^="mailto"], img[src*="elsewhere"], img[src="x"], script:not([src]),'
  + ' [onerror], [onmouseover], .katex, .stAppViewContainer del, [data-testid=stMarkdownBadge],'
  + ' img[alt="streamlit"], img[src*="streamlit"]'
)].filter(each => !each.closest('head') && !each.textContent.includes('prerenderReady'))
  .map(each => each.outerHTML.slice(0, 200))"""


def check(page: Page) -> None:
    settled(page)
    assert page.evaluate(INJECTED) == []
    assert page.evaluate("window.hacked") is None
    assert overflow(page) <= 0


def options(page: Page, label: str) -> list[str]:
    """The options of a select box."""
    box = page.get_by_role("combobox", name=re.compile(f"^{re.escape(label)}$"))
    box.click()
    box.press("ArrowDown")  # opens the list if the click came too early
    page.get_by_role("option").first.wait_for()
    texts = page.get_by_role("option").all_inner_texts()
    box.press("Escape")
    return texts


def test_names_are_shown_as_plain_text(open_tab: Callable[..., Page]) -> None:
    page = open_tab("/classify")
    page.on("dialog", lambda dialog: pytest.fail(f"a name opened a dialog: {dialog.message}"))
    photo = io.BytesIO()
    Image.open(io.BytesIO(sample_photo())).resize((160, 160)).save(photo, "PNG")
    files = [
        {"name": name, "mimeType": "image/png", "buffer": data}
        for name in SENT
        for data in (photo.getvalue(), b"This is not a photo.")
    ]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="Most likely")).to_be_visible(timeout=60_000)
    check(page)
    names = page.get_by_role("alert").locator("strong").all_inner_texts()
    assert len(names) == len(SENT)
    # The photo of the same name came first, so these are numbered.
    reported = {text.replace(WORD_JOINER, "").removesuffix(" (2)") for text in names}
    assert {clean_name(name) for name in ARRIVING} - reported == set()
    numbered = options(page, f"Photo ({len(SENT)})")
    offered = [text.partition(". ")[2] for text in numbered]
    assert {clean_name(name) for name in ARRIVING} - set(offered) == set()

    page.get_by_role("link", name="Compare", exact=True).click()
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible(timeout=60_000)
    check(page)
    offered = " ".join(options(page, "Face"))
    assert [name for name in ARRIVING if answers.shorten(name) not in offered] == []
    shown = page.locator("table.grid tbody th small").all_inner_texts()
    assert set(shown) <= {answers.shorten(name) for name in ARRIVING}
    assert len(shown) == 6

    page.get_by_role("link", name="Saliency", exact=True).click()
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible(timeout=90_000)
    check(page)
