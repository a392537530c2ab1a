"""Hostile file names in every element of every page that shows photos.

A name may appear only as plain text (an option, an alternative text), as fully escaped Markdown or
as fully escaped HTML. `tests/browser/test_file_names.py` checks that a browser renders it as text.
"""

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from apptest import open_page
from compare_photos import ALL_HAPPY
from compare_photos import photo as compared
from fake_explanations import explained
from google.protobuf.message import Message
from hostile_names import NAMES, SIGNS
from streamlit.testing.v1 import AppTest

from fer_core.imaging.sample_photo import sample_photo
from fer_core.text import FORMULA_PREFIXES, escape_formula
from pages.components import downloads
from pages.sections.compare import text as answers
from pages.sections.saliency import maps
from pages.session import annotations, photos
from pages.session.photo import Photo
from pages.text.escape import MAX_NAME_LENGTH, WORD_JOINER, clean_name, escape

PAGES = ("classify", "compare", "saliency")
#: Fields that Streamlit shows as plain text, as the browser test confirms.
PLAIN = {
    *(("selectbox", "options"), ("selectbox", "raw_value"), ("imgs", "alt")),
    ("button_group", "raw_values"),  # which pill is chosen; not shown
}
#: Element types whose body is Markdown; `options` are pills.
MARKDOWN = {
    *("markdown", "caption", "warning", "info", "error", "header", "subheader", "title"),
    *("progress", "options"),
}
#: All HTML elements that the app uses.
TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "div", "p", "span"),
    *("small", "img", "b", "i", "button", "br", "h2", "h3", "svg", "path", "circle", "rect"),
    "polygon",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fake_models(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    """Synthetic answers and maps; the pages and the photo pipeline are real."""
    monkeypatch.setattr(maps, "explain", explained)


def strings(message: Message, kind: str) -> Iterator[tuple[str, str, str]]:
    """Every text of an element, as (element type, field, text)."""
    for field, value in message.ListFields():
        for item in [value] if isinstance(value, str | Message) else _as_list(value):
            if isinstance(item, Message):
                yield from strings(item, field.name)
            elif isinstance(item, str):
                yield kind, field.name, item


def _as_list(value: object) -> list[object]:
    try:
        return list(value)  # type: ignore[call-overload]
    except TypeError:
        return []


def all_texts(app: AppTest) -> list[tuple[str, str, str]]:
    """Every text on the page, from every type of element."""
    texts: list[tuple[str, str, str]] = []
    todo = [app.main, app.sidebar]
    while todo:
        node = todo.pop()
        todo += list(getattr(node, "children", {}).values())
        if isinstance(proto := getattr(node, "proto", None), Message):
            texts += strings(proto, node.type)
    return texts


class Tags(HTMLParser):
    """Fails on tags and attributes that the app does not use."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "href"
            assert name != "src" or (value or "").startswith("data:image/")


def check(app: AppTest) -> set[tuple[str, str]]:
    """Fail if a name could be more than text; return the (type, field) pairs that contain names."""
    assert not app.exception
    fields_with_names = set()
    names = [*NAMES.values(), *(f"{clean_name(name)} (2)" for name in NAMES.values())]
    cut = [clean_name(name)[: annotations.MAX_NAME_LENGTH].strip() for name in names]
    safe = [escape(form(name)) for name in names for form in (str, answers.shorten)]
    safe += map(escape, cut)
    for kind, field, text in all_texts(app):
        if not any(sign in text for sign in SIGNS):
            continue
        fields_with_names.add((kind, field))
        if (kind, field) in PLAIN:
            continue
        if kind == "html":
            Tags().feed(text)
            continue
        assert kind in MARKDOWN, (kind, field, [sign for sign in SIGNS if sign in text])
        for name in sorted(safe, key=len, reverse=True):
            text = text.replace(name, "")
        assert not any(sign in text for sign in SIGNS), text
    return fields_with_names


@pytest.mark.parametrize("page", PAGES)
def test_a_name_is_text_wherever_it_appears(page: str) -> None:
    app = open_page(f"pages/{page}.py")
    waiting = [(clean_name(n), data) for n in NAMES.values() for data in (sample_photo(), b"no")]
    app.session_state["held"] = photos.SessionPhotos(inbox=waiting)
    app.run()
    fields_with_names = check(app)
    assert {("selectbox", "options"), ("html", "body"), ("warning", "body")} <= fields_with_names
    picker = app.selectbox(key="compared-face" if page == "compare" else "photo")
    for key, photo in app.session_state["held"].album.items():
        if photo.error is None:
            picker.set_value((key, 0) if page == "compare" else key)
            fields_with_names |= check(app.run())
            assert not app.exception
    if page != "classify":
        assert ("caption", "body") in fields_with_names


def test_a_name_of_an_annotator_is_text_too() -> None:
    named = [name for name in NAMES.values() if any(sign in name[:40] for sign in SIGNS)]
    app = open_page("pages/annotate.py")
    app.session_state["held"] = photos.SessionPhotos({"key": compared([ALL_HAPPY])})
    app.run()
    fields_with_names = set()
    for name in named[: annotations.MAX_ANNOTATORS]:
        app.text_input(key="new-annotator").set_value(name).run()
        app.button(key="start").click().run()
        fields_with_names |= check(app)
        app.button(key="answer-sad").click().run()
        fields_with_names |= check(app)
        app.button(key="leave").click().run()
        fields_with_names |= check(app)
    assert {("html", "body"), ("header", "body"), ("progress", "text")} <= fields_with_names


def test_photos_get_plain_names() -> None:
    """Stored names have one line, no invisible characters and a limited length."""
    photos.clear()
    photos.receive((name, b"") for name in NAMES.values())
    for name, _ in photos.session_photos().inbox:
        assert name.isprintable()
        assert 0 < len(name) <= MAX_NAME_LENGTH
    assert len(photos.session_photos().inbox) == len(NAMES)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_downloads_hold_the_name_as_text(name: str) -> None:
    photo = Photo(clean_name(name), error="This is not a photo.")
    [row] = csv.DictReader(io.StringIO(downloads.as_csv([photo], ["multiclass"])))
    assert row["file"] == escape_formula(clean_name(name))
    assert row["file"][0] not in FORMULA_PREFIXES
    assert row["note"] == "This is not a photo."
    [record] = json.loads(downloads.as_json([photo], ["multiclass"]))["photos"]
    assert record["path"] == clean_name(name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_special_character_is_left_unescaped(name: str) -> None:
    escaped = escape(name)
    assert escaped.replace(WORD_JOINER, "").replace("\\", "") == clean_name(name).replace("\\", "")
    for mark in "[]()*_$:<>`~#|!&@=":
        assert escaped.count(mark) == escaped.count("\\" + mark)
