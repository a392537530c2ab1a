"""The Dockerfile's own words, tried without an engine: what it copies is enough to run the app,
from a folder that is not to be written to; its health check and stop signal do what they say."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
IGNORED = (ROOT / ".dockerignore").read_text().split()


def words(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} +(.+)$", TEXT, re.MULTILINE)


def environment() -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", words("ENV")[0]))


def command(instruction: str, port: int) -> list[str]:
    """Its exec form, for another port and this Python."""
    [text] = re.findall(rf"^{instruction}.*?(\[.+\])$", TEXT, re.MULTILINE)
    told = [word.replace("8501", str(port)) for word in json.loads(text)]
    return [sys.executable, *({"python": []}.get(told[0], ["-m", told[0]])), *told[1:]]


def test_only_what_is_copied_is_sent_to_the_engine() -> None:
    copied = {line.split()[0] for line in words("COPY")}
    assert {word.removeprefix("!") for word in IGNORED if word.startswith("!")} == copied
    assert IGNORED[0] == "*"
    assert all((ROOT / name).exists() for name in copied)


def test_the_user_is_not_root_and_owns_nothing() -> None:
    assert words("USER") == ["fer"]
    assert TEXT.index("USER fer") > TEXT.rindex("COPY")
    assert "--chown" not in TEXT


def test_what_is_copied_runs_and_ends(tmp_path: Path, unused_port: int) -> None:
    for line in words("COPY"):
        source, goal = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / goal)
        else:
            shutil.copy(ROOT / source, tmp_path)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    process = subprocess.Popen(
        command("CMD", unused_port),
        cwd=tmp_path,
        env=os.environ | environment() | {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while subprocess.run(command("HEALTHCHECK", unused_port), capture_output=True).returncode:
            assert time.monotonic() < end, "never healthy"
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.3)
        process.send_signal(signal.Signals[words("STOPSIGNAL")[0]])
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
        for path in (tmp_path, *tmp_path.rglob("*")):
            path.chmod(0o755)
    assert [json.loads(line)["event"] for line in errors.splitlines() if line[:1] == "{"] == [
        "start",
        "stop",
    ]
    assert subprocess.run(command("HEALTHCHECK", unused_port), capture_output=True).returncode


@pytest.mark.parametrize("name", [name for name in environment() if name.startswith("FER_")])
def test_its_settings_are_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/operations.md").read_text()
