"""Requirements are pinned, listed in docs/dependencies.md and matched by the lock files.

Every installation of the app takes only what has a hash in a lock file. The package for engineers
has ranges instead, which the pinned versions lie in.
"""

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.lock",
        "requirements-app.lock",
        "requirements-dev.lock",
        "requirements-tools.lock",
    ],
)
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
        ("requirements-tools.txt", "requirements-tools.lock"),
    ],
)
def test_a_lock_file_matches_its_requirements(requirements: str, lock: str) -> None:
    source = re.compile(rf"-r {re.escape(requirements)}$", re.MULTILINE)
    versions = {name: version for name, version, _, by in locked(lock) if source.search(by)}
    assert versions == required(requirements), "run `make lock` to update the lock files"


def test_the_locks_agree() -> None:
    app, development, tools = (
        {package[:3] for package in locked(f"requirements{kind}.lock")}
        for kind in ("", "-dev", "-tools")
    )
    assert app <= development
    shared = {package[0] for package in tools & development}
    assert shared == {package[0] for package in tools} & {package[0] for package in development}
    assert {"setuptools", "wheel"} <= shared


def test_the_lock_of_the_app_without_heat_maps_is_a_part_of_the_whole() -> None:
    packages = {package[:3] for package in locked("requirements-app.lock")}
    assert packages < {package[:3] for package in locked("requirements.lock")}
    names, groups = {package[0] for package in packages}, ranges()
    needed = {each.name for group in ("core", "evaluation", "app") for each in groups[group]}
    assert needed <= names, "run `make lock` to update the lock files"
    assert not {each.name for each in groups["explain"]} & names


def test_the_lock_covers_every_package_that_runs() -> None:
    """All that requirements.txt draws in here, such as the web server that parses uploads."""
    versions = {package[:2] for package in locked("requirements.lock")}
    waiting = [Requirement(name) for name in required("requirements.txt") if installed(name)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (key := (name, frozenset(requirement.extras))) in seen:
            continue
        seen.add(key)
        assert (name, importlib.metadata.version(name)) in versions
        extras = ("", *requirement.extras)
        waiting += [
            needed
            for needed in map(Requirement, importlib.metadata.requires(name) or [])
            if needed.marker is None
            or any(needed.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    assert {"starlette", "python-multipart", "uvicorn", "websockets", "protobuf"} <= {
        name for name, _ in seen
    }


def installed(name: str) -> bool:
    """Whether the package is installed; TensorFlow has two names, one for each kind of machine."""
    try:
        return bool(importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def ranges() -> dict[str, list[Requirement]]:
    """ "core" and each extra → its packages, without those that it takes from another extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"core": project["dependencies"], **project["optional-dependencies"]}
    return {
        group: [each for each in map(Requirement, lines) if each.name != project["name"]]
        for group, lines in groups.items()
    }


def test_the_core_or_one_extra_has_every_package_that_the_app_pins() -> None:
    groups = ranges()
    del groups["ray"]  # the app has no use for it
    names = [each.name for packages in groups.values() for each in packages]
    assert sorted(names) == sorted(required("requirements.txt"))


def test_the_pinned_versions_lie_in_the_ranges() -> None:
    pinned = required("requirements.txt") | required("requirements-dev.txt")
    for packages in ranges().values():
        for each in packages:
            assert each.specifier.contains(pinned[each.name]), each


INSTRUCTIONS = ("Makefile", "Dockerfile", "README.md", "CONTRIBUTING.md", ".ci/run", "docs")


def test_everything_is_installed_by_its_hash() -> None:
    files = [file for name in INSTRUCTIONS for file in (ROOT / name, *(ROOT / name).glob("*.md"))]
    lines = [
        line
        for file in files
        if file.is_file()
        for line in file.read_text(encoding="utf-8").replace("\\\n", "\n").splitlines()
        if re.search(r"\bpip install\b", line) and not OUR_PACKAGE.search(line)
    ]
    assert len(lines) >= 7
    assert [
        line for line in lines if "--require-hashes -r" not in line.replace(ISOLATION, "")
    ] == []
    assert len([line for line in lines if ISOLATION in line]) == 3  # make, container, README


#: Into an environment of the reader's own, so with ranges.
OUR_PACKAGE = re.compile(r"pip install '?(fer-explorer|\.|[^ ]*\.whl)")
#: The tools that build a package are those of requirements-tools.lock, installed before.
ISOLATION = "--no-build-isolation "


def test_the_build_tools_come_first() -> None:
    for name in ("Dockerfile", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.index("-r requirements-tools.lock") < text.index(ISOLATION)
    assert required("requirements-tools.txt").keys() >= {"setuptools", "wheel", "hatchling"}
