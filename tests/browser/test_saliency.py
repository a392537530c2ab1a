"""Saliency in a browser: the address, the image download, a phone."""

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from browser import overflow, settled
from PIL import Image
from playwright.sync_api import Page, expect

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS

# Two models whose networks load quickly.
NAMES = ("multiclass", "ensemble_full")
pytestmark = pytest.mark.skipif(
    not all(weights_file.is_ready(MODELS[name]) for name in NAMES),
    reason="the from-scratch CNNs are not trained",
)
LOADING = 90_000  # ms; the first map loads torch
PATH = "/saliency?" + "&".join(f"models={quote(MODELS[name].title)}" for name in NAMES)


def test_maps_are_side_by_side_and_one_can_be_downloaded(open_tab: Callable[..., Page]) -> None:
    page = open_tab(PATH, width=1440)
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.locator("ul.maps > li")).to_have_count(2 * (1 + len(NAMES)), timeout=LOADING)
    settled(page)
    assert "astronaut" not in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    image = Image.open(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert (image.format, image.info) == ("PNG", {})

    page.get_by_text("seven emotions", exact=True).click()
    expect(page.locator("ul.maps.short > li")).to_have_count(2 * 7, timeout=LOADING)
    settled(page)
    page.reload()  # the photo stays
    expect(page.locator("ul.maps.short > li")).to_have_count(2 * 7, timeout=LOADING)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_scrolls_vertically_only(open_tab: Callable[..., Page], scheme: str) -> None:
    page = open_tab(PATH, width=390, scheme=scheme)
    page.get_by_role("button", name="Try the sample photo").click()
    expect(page.get_by_role("button", name="Download PNG")).to_be_visible(timeout=LOADING)
    for parts in page.get_by_text(
        "Contributions of the"
    ).all():  # of an ensemble; folded, they have no width
        parts.click()
    settled(page)
    assert overflow(page) <= 0
    for card in page.locator("ul.maps > li").all():
        box = card.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 390
