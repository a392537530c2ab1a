"""Hostile file names through every element of every page that shows photos.

Where a name may stand is one of three: plain text (an option, an alternative text), Markdown with
every sign escaped, HTML with every sign escaped. `tests/browser/test_file_names.py` shows that a
browser makes nothing else of them.
"""

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from apptest import open_page
from fake_explanations import explained
from google.protobuf.message import Message
from hostile_names import NAMES, SIGNS
from streamlit.testing.v1 import AppTest

from fer_core.imaging.sample_photo import sample_photo
from fer_core.reports import export as report
from pages.components import downloads
from pages.sections.compare import text as answers
from pages.sections.saliency import maps
from pages.session import photos
from pages.session.photos import Photo
from pages.text.escape import WORD_JOINER, MAX_NAME_LENGTH, escape, clean_name

PAGES = ("classify", "compare", "saliency")
#: Fields that Streamlit shows as plain text; the browser test confirms it.
PLAIN = {("selectbox", "options"), ("selectbox", "raw_value"), ("imgs", "alt")}
#: Kinds of elements whose body is Markdown.
MARKDOWN = {"markdown", "caption", "warning", "info", "error", "header", "subheader", "title"}
#: All that the app's own HTML is made of.
TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li", "div", "p", "span"),
    *("small", "img", "b", "i", "br", "h2", "h3", "svg", "path", "circle", "rect", "polygon"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch, trained: None) -> None:
    """Made-up answers and maps; the pages and the photos' way are real."""
    monkeypatch.setattr(maps, "explain", explained)


def strings(message: Message, kind: str) -> Iterator[tuple[str, str, str]]:
    """Every text of an element: (the kind of element, the field, the text)."""
    for field, value in message.ListFields():
        for each in [value] if isinstance(value, str | Message) else _several(value):
            if isinstance(each, Message):
                yield from strings(each, field.name)
            elif isinstance(each, str):
                yield kind, field.name, each


def _several(value: object) -> list[object]:
    try:
        return list(value)  # type: ignore[call-overload]
    except TypeError:
        return []


def shown(app: AppTest) -> list[tuple[str, str, str]]:
    """Every text on the page, from every kind of element there is."""
    found: list[tuple[str, str, str]] = []
    todo = [app.main, app.sidebar]
    while todo:
        node = todo.pop()
        todo += list(getattr(node, "children", {}).values())
        if isinstance(proto := getattr(node, "proto", None), Message):
            found += strings(proto, node.type)
    return found


class Tags(HTMLParser):
    """Fails at a tag or an attribute that the app does not use."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "href"
            assert name != "src" or (value or "").startswith("data:image/")


def check(app: AppTest) -> set[tuple[str, str]]:
    """Fails where a name could be more than text; gives the places where names stand."""
    assert not app.exception
    places = set()
    safe = [escape(form(name)) for name in NAMES.values() for form in (str, answers.shorten)]
    for kind, field, text in shown(app):
        if not any(sign in text for sign in SIGNS):
            continue
        places.add((kind, field))
        if (kind, field) in PLAIN:
            continue
        if kind == "html":
            Tags().feed(text)
            continue
        assert kind in MARKDOWN, (kind, field, [sign for sign in SIGNS if sign in text])
        for name in sorted(safe, key=len, reverse=True):
            text = text.replace(name, "")
        assert not any(sign in text for sign in SIGNS), text
    return places


@pytest.mark.parametrize("page", PAGES)
def test_a_name_is_text_wherever_it_stands(page: str) -> None:
    app = open_page(f"pages/{page}.py")
    waiting = [(clean_name(n), data) for n in NAMES.values() for data in (sample_photo(), b"no")]
    app.session_state["held"] = photos.SessionPhotos(inbox=waiting)
    app.run()
    places = check(app)
    assert {("selectbox", "options"), ("imgs", "alt"), ("warning", "body")} <= places
    if page == "compare":  # shows all faces at once
        assert ("html", "body") in places
    picker = app.selectbox(key="face" if page == "compare" else "photo")
    for key, photo in app.session_state["held"].album.items():
        if photo.error is None:
            picker.set_value((key, 0) if page == "compare" else key)
            places |= check(app.run())
            assert not app.exception
    if page != "classify":
        assert ("caption", "body") in places


def test_photos_get_plain_names() -> None:
    """What the app keeps has one line, no invisible sign and an end."""
    photos.clear()
    photos.receive((name, b"") for name in NAMES.values())
    for name, _ in photos.session_photos().inbox:
        assert name.isprintable()
        assert 0 < len(name) <= MAX_NAME_LENGTH
    assert len(photos.session_photos().inbox) == len(NAMES)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_files_to_take_away_hold_the_name_as_text(name: str) -> None:
    kept = Photo(clean_name(name), error="This is no picture.")
    [row] = csv.DictReader(io.StringIO(downloads.as_csv([kept], ["multiclass"])))
    assert row["file"] == report.escape_formula(clean_name(name))
    assert row["file"][0] not in report.FORMULA_PREFIXES
    assert row["note"] == "This is no picture."
    [told] = json.loads(downloads.as_json([kept], ["multiclass"]))
    assert told["path"] == clean_name(name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_no_sign_is_left_unescaped(name: str) -> None:
    escaped = escape(name)
    assert escaped.replace(WORD_JOINER, "").replace("\\", "") == clean_name(name).replace("\\", "")
    for mark in "[]()*_$:<>`~#|!&@=":
        assert escaped.count(mark) == escaped.count("\\" + mark)
