"""Tables and lists as Markdown: the same text for the page and for a file to take away."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell, which would end it, is escaped."""
    lines = [_line(head), "|" + "---|" * len(head)]
    return "\n".join([*lines, *map(_line, rows)])


def bullet_list(facts: Iterable[tuple[str, str]]) -> str:
    """A line a fact, its name in bold."""
    return "\n".join(f"- **{name}:** {what}" for name, what in facts)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
