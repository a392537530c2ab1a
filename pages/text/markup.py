"""HTML that escapes by itself: only what was made here, or marked as `Markup`, keeps its tags."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

VOID_ELEMENTS = ("br", "img")  # elements that have no content


class Cell(NamedTuple):
    """A table's cell with attributes of its own, named as for `tag`."""

    content: object
    attributes: dict[str, object]


def tag(name: str, *content: object, **attributes: object) -> Markup:
    """An element. `class_` is the attribute class and `data_label` data-label; None leaves one out.

    >>> tag("p", "a < b", class_="sum")
    Markup('<p class="sum">a &lt; b</p>')
    """
    told = [
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    ]
    start = Markup("<{}{}>").format(name, concat(told))
    return start if name in VOID_ELEMENTS else start + concat(content) + Markup("</{}>").format(name)


def concat(parts: Iterable[object]) -> Markup:
    """One after the other, each escaped unless it is `Markup`."""
    return Markup("").join(escape(part) for part in parts)


def table(
    head: Sequence[object], rows: Iterable[Sequence[object]], css_class: str = "plain", caption: str = ""
) -> Markup:
    """A table of the class `kind`; the first cell of each row is the row's head.

    A cell is anything that can be written, `Markup` or a `Cell`. An empty `head` leaves the head
    out, and an empty text in it the column's name. `caption` is heard, not seen.
    """
    parts = [tag("caption", caption, class_="unseen")] if caption else []
    if head:
        names = (_cell("th", name, scope="col") if name != "" else tag("td") for name in head)
        parts.append(tag("thead", tag("tr", *names)))
    body = (
        tag("tr", _cell("th", first, scope="row"), *(_cell("td", cell) for cell in rest))
        for first, *rest in rows
    )
    return tag("table", *parts, tag("tbody", *body), class_=css_class)


def _cell(kind: str, cell: object, **attributes: object) -> Markup:
    if isinstance(cell, Cell):
        return tag(kind, cell.content, **(attributes | cell.attributes))
    return tag(kind, cell, **attributes)
