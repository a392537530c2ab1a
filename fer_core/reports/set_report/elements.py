"""HTML and SVG elements; whatever is text in them is escaped when they are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias, Union

VOID_ELEMENTS = ("br", "img", "meta")  # elements without content
#: Characters that `str.isprintable` rejects, but that a text may have.
_ALLOWED = "\n\u00a0"

Child: TypeAlias = Union["Element", str, None]
Row: TypeAlias = Sequence[Child]


@dataclass(frozen=True)
class Element:
    """An element; as a string it is HTML."""

    tag: str
    attributes: Mapping[str, str]
    children: Sequence[Child]

    def __str__(self) -> str:
        pairs = "".join(f' {name}="{_escaped(text)}"' for name, text in self.attributes.items())
        start = f"<{self.tag}{pairs}>"
        return start if self.tag in VOID_ELEMENTS else f"{start}{_html(self.children)}</{self.tag}>"


def el(tag: str, *children: Child, **attributes: object) -> Element:
    """Make an element.

    Args:
        tag: Its name.
        children: Elements and texts in their order; None is left out.
        attributes: Named as in Python: `class_` is class and `stroke_width` is stroke-width.
    """
    names = {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items()}
    return Element(tag, names, children)


def document(title: str, policy: str, style: str, body: Sequence[Child]) -> str:
    """Write a whole HTML document.

    Args:
        title: Of the window.
        policy: The content security policy.
        style: The style sheet, of this project: it is not escaped.
        body: What the page shows.
    """
    head = [
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", title),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>{_html(head)}\n<style>\n{style}</style>\n'
        f"</head>\n<body>{el('main', *body)}</body>\n</html>\n"
    )


def section(title: str, *children: Child) -> Element:
    """A section of the report with its heading."""
    return el("section", el("h2", title), *children)


def bold(markdown: str) -> list[Child]:
    """The parts of a sentence in which `**` marks what is bold."""
    parts = markdown.split("**")
    return [el("strong", part) if i % 2 else part for i, part in enumerate(parts)]


def bullets(items: Iterable[str]) -> Element | None:
    """A list; None without items."""
    entries = [el("li", *bold(item)) for item in items]
    return el("ul", *entries) if entries else None


def value(number: str, *below: str) -> Element:
    """A number with what belongs to it, such as its interval, each in a line below it."""
    return el("span", number, *(el("small", line) for line in below if line), class_="value")


def table(
    caption: str, header: Sequence[str], rows: Iterable[Row], *, class_: str = "numbers"
) -> Element:
    """A table that scrolls sideways where it is too wide; the first cell of a row names it."""
    title = caption.partition(".")[0]
    lines = [
        el("tr", el("th", row[0], scope="row"), *(el("td", cell) for cell in row[1:]))
        for row in rows
    ]
    content = el(
        "table",
        el("thead", el("tr", *(el("th", name, scope="col") for name in header))),
        el("tbody", *lines),
        aria_label=title,
        class_=class_,
    )
    scroll = el("div", content, class_="scroll", tabindex=0, role="region", aria_label=title)
    return el("figure", el("figcaption", caption), scroll)


def figure(drawing: Element, caption: str, *, class_: str = "") -> Element:
    """A drawing with its caption."""
    return el("figure", drawing, el("figcaption", caption), class_=f"chart {class_}".rstrip())


def _html(children: Iterable[Child]) -> str:
    return "".join(
        str(child) if isinstance(child, Element) else _escaped(child)
        for child in children
        if child is not None
    )


def _escaped(text: str) -> str:
    """The text escaped, without control characters, surrogates and marks of direction."""
    shown = (c if c.isprintable() or c in _ALLOWED else "\N{REPLACEMENT CHARACTER}" for c in text)
    return escape("".join(shown))
