"""No result is written down in a page: what a page says in numbers, it computes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "pages"
#: 3,589 and 25.8 % and 86 %, what counts and shares look like.
RESULT = re.compile(r"(?<![\d,])\d{1,3},\d{3}\b(?!,)|\d+\.\d+\s?%|\b\d{2,}\s?%")
#: No results: the level of the intervals, what a coin gets, all, an example of a confidence, the
#: part of a face that is blurred, and a chance too small to print.
NO_RESULT = {"95 %", "50 %", "100 %", "100%", "80 %", "20 %", "1,000"}


def prose(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string, those that document the code left out."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documented:
            yield node.lineno, node.value.replace("\u00a0", " ")


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: path.name)
def test_no_result_is_written_down(path: Path) -> None:
    found = [
        f"{path.name}:{line}: {number}"
        for line, text in prose(ast.parse(path.read_text()))
        for number in RESULT.findall(text)
        if number not in NO_RESULT
    ]
    assert found == []


def test_a_result_would_be_found() -> None:
    code = (
        'def f():\n    """3,589 faces"""\n    return f"{n} of 7,066", "25.8 %", "rgba(1,128,128)"'
    )
    found = [number for _, text in prose(ast.parse(code)) for number in RESULT.findall(text)]
    assert sorted(found) == ["25.8 %", "7,066"]
