"""The Dockerfile's instructions, tested without Docker.

The copied files and the packages of requirements-app.lock are enough to run the app from a
read-only folder, and the health check and the stop signal work.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import time
import venv
from html import unescape
from pathlib import Path

import pytest
from linked_environment import link_distribution, python, site_packages
from load_client import Visitor
from load_photos import make_photo
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
PATIENCE = 60  # s
IGNORED = (ROOT / ".dockerignore").read_text().split()


def values(instruction: str) -> list[str]:
    """Return the arguments of every line with this instruction."""
    return re.findall(rf"^{instruction} +(.+)$", TEXT, re.MULTILINE)


def environment() -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", values("ENV")[0]))


@pytest.fixture(scope="module")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Python of an environment with what the image installs, unless it is asked for heat maps."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    lock = (ROOT / "requirements-app.lock").read_text(encoding="utf-8")
    for line in re.findall(r"^[a-z0-9-]+==.+(?= \\$)", lock, re.MULTILINE):
        package = Requirement(line)
        if package.marker is None or package.marker.evaluate():
            link_distribution(package.name, site_packages(folder))
    return str(python(folder))


def command(instruction: str, port: int, interpreter: str) -> list[str]:
    """Return the instruction's exec form, for another port and Python."""
    [text] = re.findall(rf"^{instruction}.*?(\[.+\])$", TEXT, re.MULTILINE)
    program, *arguments = [word.replace("8501", str(port)) for word in json.loads(text)]
    module = [] if program == "python" else ["-m", program]
    return [interpreter, *module, *arguments]


def test_the_build_context_holds_only_the_copied_files() -> None:
    copied = {line.split()[0] for line in values("COPY")}
    assert {word.removeprefix("!") for word in IGNORED if word.startswith("!")} == copied
    assert IGNORED[0] == "*"
    assert all((ROOT / name).exists() for name in copied)


def test_the_user_is_not_root_and_owns_nothing() -> None:
    assert values("USER") == ["fer"]
    assert TEXT.index("USER fer") > TEXT.rindex("COPY")
    assert "--chown" not in TEXT


async def visit(url: str) -> None:
    """Classify a photo, and ask for a heat map, which needs the packages that are left out."""
    photo = {"a.jpg": make_photo(0)}
    async with Visitor(url, PATIENCE) as visitor:
        await visitor.open("classify")
        await visitor.upload(photo)
        await visitor.shown_photo()
    async with Visitor(url, PATIENCE) as visitor:
        await visitor.open("saliency")
        await visitor.upload(photo)
        page = await visitor.text_with("Heat maps need torch")
        assert "fer-explorer[explain]" in unescape(page)


def test_the_copied_files_run_the_app_until_the_stop_signal(
    tmp_path: Path, unused_port: int, interpreter: str
) -> None:
    for line in values("COPY"):
        source, target = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target)
        else:
            shutil.copy(ROOT / source, tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    check = command("HEALTHCHECK", unused_port, interpreter)
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    process = subprocess.Popen(
        command("CMD", unused_port, interpreter),
        cwd=tmp_path,
        env=variables | environment() | {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while subprocess.run(check, capture_output=True).returncode:
            assert time.monotonic() < deadline, "never healthy"
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.3)
        asyncio.run(visit(f"http://localhost:{unused_port}"))
        process.send_signal(signal.Signals[values("STOPSIGNAL")[0]])
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        for path in (tmp_path, *tmp_path.rglob("*")):
            path.chmod(0o755)
    events = [json.loads(line)["event"] for line in errors.splitlines() if line[:1] == "{"]
    assert (events[0], events[-1]) == ("start", "stop")
    assert "answer" in events
    assert "error" not in events
    assert subprocess.run(check, capture_output=True).returncode


@pytest.mark.parametrize("name", [name for name in environment() if name.startswith("FER_")])
def test_the_settings_are_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/operations.md").read_text()
