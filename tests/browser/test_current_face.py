"""One current face for the visit, chosen by clicking, and the browser's back and forward."""

from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import settled
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from fer_core.imaging.sample_photo import sample_photo


@pytest.fixture(scope="module")
def two_faces() -> FilePayload:
    """A photo with the sample's face twice, the second one paler."""
    face = Image.open(BytesIO(sample_photo())).convert("RGB")
    image = Image.new("RGB", (2 * face.width, face.height))
    image.paste(face)
    image.paste(face.point(lambda value: 128 + value // 2), (face.width, 0))
    file = BytesIO()
    image.save(file, "PNG")
    return {"name": "two.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_a_face_is_chosen_by_clicking_and_kept_on_every_page(
    open_tab: Callable[..., Page], two_faces: FilePayload
) -> None:
    page = open_tab("/classify?model=multiclass")
    single: FilePayload = {**two_faces, "name": "one.png", "buffer": sample_photo()}
    page.locator("input[type=file]").set_input_files([single, two_faces])
    expect(page.locator("ul.strip button")).to_have_count(2)
    page.locator("ul.strip button").nth(1).click()
    page.locator(".photo button").nth(1).click()
    expect(page.locator(".photo button").nth(1)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Compare all models").click()
    expect(page.locator("table.grid button")).to_have_count(3)
    settled(page)
    before = page.get_by_role("button", name="Face 2 of two.png in detail")
    chosen = page.get_by_role("button", name="Face 1 of one.png in detail")
    expect(before).to_have_attribute("aria-pressed", "true")
    expect(chosen).to_have_attribute("aria-pressed", "false")
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(before).to_have_attribute("aria-pressed", "false")
    settled(page)
    page.get_by_role("button", name="look?").click()
    page.get_by_role("heading", name="Where did the model look?").wait_for()
    settled(page)
    expect(page.get_by_text("one.png; LayerCAM")).to_be_visible()
    page.go_back()
    page.get_by_role("heading", name="Do the models agree?").wait_for()
    page.go_back()
    page.get_by_role("heading", name="Which emotion is this face showing?").wait_for()
    settled(page)
    assert parse_qs(urlsplit(page.url).query) == {"model": ["multiclass"]}
    expect(page.get_by_role("combobox", name="Model")).to_have_value("Multi-class CNN")


def test_back_and_forward_restore_what_was_seen(open_tab: Callable[..., Page], app: str) -> None:
    page = open_tab("/confusion")
    page.get_by_role("combobox", name="Model", exact=True).click()
    page.get_by_role("option", name="Multi-class CNN").click()
    page.wait_for_url("**/confusion?model=multiclass")
    settled(page)
    page.get_by_role("img", name="PrivateTest").first.click()  # a face of the gallery is a link
    page.get_by_role("heading", name="Where did the model look?").wait_for()
    page.wait_for_url("**/saliency?**")
    settled(page)
    assert parse_qs(urlsplit(page.url).query)["models"] == ["multiclass"]
    page.go_back()
    page.get_by_role("heading", name="Which emotions does a model confuse?").wait_for()
    settled(page)
    assert page.url == f"{app}/confusion?model=multiclass"
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value("Multi-class CNN")
    page.go_forward()
    page.get_by_role("heading", name="Where did the model look?").wait_for()
    settled(page)
    assert "models=multiclass" in page.url


def test_the_link_to_a_view_is_copied(open_tab: Callable[..., Page], app: str) -> None:
    page = open_tab("/confusion?model=multiclass")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.bring_to_front()  # only a page with the focus may read the clipboard
    page.get_by_role("button", name="Copy link to this view").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{app}/confusion?model=multiclass"
