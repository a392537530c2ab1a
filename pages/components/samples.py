"""Sample photos as thumbnails to click; `pages.components.clicks` hears of the clicks."""

import io
from functools import cache

import numpy as np
import streamlit as st
from markupsafe import Markup
from PIL import Image

from fer_core.errors import FerError
from fer_core.imaging.sample_photo import SAMPLE_PHOTO_NAME, SAMPLES, sample_photo
from fer_core.reports import drawing
from fer_core.reports.format import join_words
from pages.components import photo_sources
from pages.session import photos
from pages.text.markup import tag


def receive(name: str = SAMPLE_PHOTO_NAME) -> None:
    """Put a sample, a key of `SAMPLES`, into the inbox; for callbacks."""
    photos.receive([(name, sample_photo(name))])
    photo_sources.count_upload()


def show() -> None:
    """Show all samples but the first as buttons with a picture, and where all come from."""
    others = list(SAMPLES)[1:]
    with st.container(key="samples"):
        st.html(tag("ul", *(tag("li", _button(name)) for name in others), class_="samples"))
    photos_of = [f"{each.title}: {each.origin}" for each in SAMPLES.values() if not each.change]
    variants = [each.title.lower() for each in SAMPLES.values() if each.change]
    st.caption(f"{'; '.join(photos_of)}. Made from them by computer: {join_words(variants)}.")


@cache
def _button(name: str) -> Markup:
    try:
        image = np.asarray(Image.open(io.BytesIO(sample_photo(name))).convert("RGB"))
    except FerError:
        return Markup("")
    sample = SAMPLES[name]
    picture = tag("img", src=drawing.encoded_uri(drawing.thumbnail(image), "JPEG"), alt="")
    return tag(
        "button", picture, sample.title, type="button", data_sample=name, title=sample.origin
    )
