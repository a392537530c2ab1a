"""HTML builder that escapes by default: only `Markup` keeps its tags."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

VOID_ELEMENTS = ("br", "img")  # elements without content


class Cell(NamedTuple):
    """A table cell with attributes, named as for `tag`."""

    content: object
    attributes: dict[str, object]


def tag(name: str, *content: object, **attributes: object) -> Markup:
    """An HTML element.

    Attribute names follow Python: `class_` is class and `data_label` is data-label. An attribute
    that is None is omitted.

    >>> tag("p", "a < b", class_="sum")
    Markup('<p class="sum">a &lt; b</p>')
    """
    pairs = [
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    ]
    start = Markup("<{}{}>").format(name, concat(pairs))
    return (
        start if name in VOID_ELEMENTS else start + concat(content) + Markup("</{}>").format(name)
    )


def concat(parts: Iterable[object]) -> Markup:
    """Concatenate parts, each escaped unless it is `Markup`."""
    return Markup("").join(escape(part) for part in parts)


def value_with_interval(value: str, ends: str) -> Markup:
    """A value with its interval, which goes into a line of its own on a phone; none if empty."""
    return concat([value, " ", tag("small", f"({ends})")] if ends else [value])


def table(
    head: Sequence[object],
    rows: Iterable[Sequence[object]],
    css_class: str = "plain",
    caption: str = "",
) -> Markup:
    """An HTML table; the first cell of each row is its header.

    Args:
        head: Column headers; empty for none. An empty text leaves a column unnamed.
        rows: Cells, row by row: any printable object, `Markup` or a `Cell`.
        css_class: CSS class of the table.
        caption: Text for screen readers only.
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
