"""Markdown tables and lists, shared by the pages and the downloads."""

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; `|` within a cell is escaped."""
    lines = [_line(header), "|" + "---|" * len(header)]
    return "\n".join([*lines, *map(_line, rows)])


def bullet_list(items: Iterable[tuple[str, str]]) -> str:
    """A bullet list, one item per (name, text) pair, with the name in bold."""
    return "\n".join(f"- **{name}:** {text}" for name, text in items)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
