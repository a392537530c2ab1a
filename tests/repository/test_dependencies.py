"""docs/dependencies.md lists what requirements.txt installs, and everything is pinned."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)(?:;.*)?$")


def required(name: str) -> dict[str, str]:
    """Package → version of a requirements file; fails at a line that pins nothing."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not text.startswith("-r "):
            pinned = PINNED.match(text)
            assert pinned, f"not pinned: {line}"
            found[pinned[1]] = pinned[2]
    return found


def listed() -> dict[str, tuple[str, ...]]:
    """Package → the other cells of its row."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines() if "|" in line]
    return {row[0]: tuple(row[1:]) for row in rows[2:]}


def test_the_list_is_that_of_requirements() -> None:
    assert {name: row[0] for name, row in listed().items()} == required("requirements.txt")


def test_every_row_says_what_for_what_it_parses_and_the_licence() -> None:
    for name, row in listed().items():
        assert len(row) == 4, name
        assert all(row), name


def test_tools_are_pinned_too() -> None:
    assert required("requirements-dev.txt")
