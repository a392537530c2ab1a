"""The Dockerfile's instructions, tested without Docker.

The copied files are enough to run the app from a read-only folder, and the health check and the
stop signal work.
"""

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


def values(instruction: str) -> list[str]:
    """Return the arguments of every line with this instruction."""
    return re.findall(rf"^{instruction} +(.+)$", TEXT, re.MULTILINE)


def environment() -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", values("ENV")[0]))


def command(instruction: str, port: int) -> list[str]:
    """Return the instruction's exec form, for another port and this Python."""
    [text] = re.findall(rf"^{instruction}.*?(\[.+\])$", TEXT, re.MULTILINE)
    program, *arguments = [word.replace("8501", str(port)) for word in json.loads(text)]
    module = [] if program == "python" else ["-m", program]
    return [sys.executable, *module, *arguments]


def test_the_build_context_holds_only_the_copied_files() -> None:
    copied = {line.split()[0] for line in values("COPY")}
    assert {word.removeprefix("!") for word in IGNORED if word.startswith("!")} == copied
    assert IGNORED[0] == "*"
    assert all((ROOT / name).exists() for name in copied)


def test_the_user_is_not_root_and_owns_nothing() -> None:
    assert values("USER") == ["fer"]
    assert TEXT.index("USER fer") > TEXT.rindex("COPY")
    assert "--chown" not in TEXT


def test_the_copied_files_run_the_app_until_the_stop_signal(
    tmp_path: Path, unused_port: int
) -> None:
    for line in values("COPY"):
        source, target = line.split()
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target)
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
        deadline = time.monotonic() + 60
        while subprocess.run(command("HEALTHCHECK", unused_port), capture_output=True).returncode:
            assert time.monotonic() < deadline, "never healthy"
            assert process.poll() is None, process.communicate()[1]
            time.sleep(0.3)
        process.send_signal(signal.Signals[values("STOPSIGNAL")[0]])
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
def test_the_settings_are_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/operations.md").read_text()
