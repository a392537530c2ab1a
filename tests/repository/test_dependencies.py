"""Requirements are pinned, listed in docs/dependencies.md and matched by the lock files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)(?:;.*)?$")
#: One package of a lock file: name, version, hashes, and the comment with its dependents.
LOCKED = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ;.*)? \\\n"
    r"((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    r"((?:    #.*\n)+)",
    re.MULTILINE,
)


def required(name: str) -> dict[str, str]:
    """Package → version of a requirements file; fails at a line without an exact version."""
    versions = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not text.startswith("-r "):
            pinned = PINNED.match(text)
            assert pinned, f"not pinned: {line}"
            versions[pinned[1]] = pinned[2]
    return versions


def documented() -> dict[str, tuple[str, ...]]:
    """Package → the other cells of its row in docs/dependencies.md."""
    text = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines() if "|" in line]
    return {row[0]: tuple(row[1:]) for row in rows[2:]}


def test_the_documented_packages_are_those_of_requirements() -> None:
    assert {name: row[0] for name, row in documented().items()} == required("requirements.txt")


def test_every_row_is_complete() -> None:
    for name, row in documented().items():
        assert len(row) == 4, name
        assert all(row), name


def test_development_tools_are_pinned() -> None:
    assert required("requirements-dev.txt")


def locked(name: str) -> list[tuple[str, str, str, str]]:
    """(package, version, hashes, comment) of every package in a lock file."""
    return LOCKED.findall((ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_contains_only_packages_with_hashes(lock: str) -> None:
    rest = LOCKED.sub("", (ROOT / lock).read_text(encoding="utf-8"))
    assert locked(lock)
    assert [line for line in rest.splitlines() if not line.startswith("#")] == []


@pytest.mark.parametrize(
    ("requirements", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        ("requirements.txt", "requirements-dev.lock"),
        ("requirements-dev.txt", "requirements-dev.lock"),
    ],
)
def test_a_lock_file_matches_its_requirements(requirements: str, lock: str) -> None:
    source = re.compile(rf"-r {re.escape(requirements)}$", re.MULTILINE)
    versions = {name: version for name, version, _, by in locked(lock) if source.search(by)}
    assert versions == required(requirements), "run `make lock` to update the lock files"


def test_the_development_lock_includes_the_runtime_lock() -> None:
    def versions(lock: str) -> set[tuple[str, str, str]]:
        return {package[:3] for package in locked(lock)}

    assert versions("requirements.lock") <= versions("requirements-dev.lock")
