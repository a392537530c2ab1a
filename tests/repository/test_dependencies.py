"""All is pinned, docs/dependencies.md lists what requirements.txt installs, the locks fit it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)(?:;.*)?$")
#: One package of a lock: name, version, hashes, and the comment that says who wants it.
LOCKED = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ;.*)? \\\n"
    r"((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    r"((?:    #.*\n)+)",
    re.MULTILINE,
)


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


def locked(name: str) -> list[tuple[str, str, str, str]]:
    """Package, version, hashes and comment, as often as a lock has them."""
    return LOCKED.findall((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_for_every_package_and_nothing_else(lock: str) -> None:
    left = LOCKED.sub("", (ROOT / lock).read_text(encoding="utf-8"))
    assert locked(lock)
    assert [line for line in left.splitlines() if not line.startswith("#")] == []


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements.txt", "requirements-dev.lock"),
        ("requirements-dev.txt", "requirements-dev.lock"),
    ],
)
def test_a_lock_fits_its_requirements(requirements: str, lock: str) -> None:
    wanted = re.compile(rf"-r {re.escape(requirements)}$", re.MULTILINE)
    found = {name: version for name, version, _, by in locked(lock) if wanted.search(by)}
    assert found == required(requirements), "`make lock` renews the locks"


def test_what_runs_is_also_what_is_tested() -> None:
    def versions(lock: str) -> set[tuple[str, str, str]]:
        return {package[:3] for package in locked(lock)}

    assert versions("requirements.lock") <= versions("requirements-dev.lock")
