"""No result is hard-coded in a page: pages compute every number they show."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "pages"
#: Counts and percentages such as 3,589, 25.8 % and 86 %.
RESULT = re.compile(r"(?<![\d,])\d{1,3},\d{3}\b(?!,)|\d+\.\d+\s?%|\b\d{2,}\s?%")
#: Constants, not results: the confidence level, chance, all, an example confidence, the blurred
#: part of a face, and the bound of a very small probability.
CONSTANTS = {"95 %", "50 %", "100 %", "100%", "80 %", "20 %", "1,000"}


def prose(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string except docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value.replace("\u00a0", " ")


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: path.name)
def test_no_result_is_hard_coded(path: Path) -> None:
    numbers = [
        f"{path.name}:{line}: {number}"
        for line, text in prose(ast.parse(path.read_text(encoding="utf-8")))
        for number in RESULT.findall(text)
        if number not in CONSTANTS
    ]
    assert numbers == []


def test_a_hard_coded_result_is_detected() -> None:
    code = (
        'def f():\n    """3,589 faces"""\n    return f"{n} of 7,066", "25.8 %", "rgba(1,128,128)"'
    )
    numbers = [number for _, text in prose(ast.parse(code)) for number in RESULT.findall(text)]
    assert sorted(numbers) == ["25.8 %", "7,066"]
