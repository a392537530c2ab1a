"""The library writes, sends and starts nothing while it processes photos."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import tagged_photo

from fer_core.artifacts import weights_file
from fer_core.registry import MODELS

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not any(weights_file.is_ready(model) for model in MODELS.values()),
    reason="no model is trained yet",
)
TEMPORARY = re.escape(tempfile.gettempdir())
#: What imported packages do by themselves, unrelated to any photo.
ALLOWED = (
    (
        "open",
        rf"^({TEMPORARY}/[a-z0-9_]{{8}}|{os.devnull})$",
    ),  # Python tests which folder is writable
    ("os.remove", rf"^\('{TEMPORARY}/[a-z0-9_]{{8}}', "),
    ("os.mkdir", r"matplotlib|torchinductor_"),  # grad-cam's matplotlib and torch, when imported
    ("open|os\\.remove", r"/matplotlib/fontlist-[\w.-]+"),
    (
        "subprocess.Popen",
        r"^\('(uname|/sbin/ldconfig|ldconfig|lscpu)'",
    ),  # queries about the machine
    ("socket.bind", r"\('(::1|127\.0\.0\.1|localhost)', 0"),  # urllib3 tests for IPv6
)


def recorded_events(*args: str) -> list[tuple[str, str]]:
    quiet = ("CI", "ORT_DISABLE_TELEMETRY")
    env = {k: v for k, v in os.environ.items() if k not in quiet} | {"PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/audit_hooks.py"), *args],
        cwd=ROOT,
        env=env | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert not [mark for mark in tagged_photo.MARKS if mark in run.stdout + run.stderr]
    return [tuple(event) for event in json.loads(run.stdout.splitlines()[-1])]


def test_nothing_is_written_sent_or_started(tmp_path: Path) -> None:
    photo, out = tmp_path / "mine.jpg", tmp_path / "map.png"
    photo.write_bytes(tagged_photo.jpeg())
    events = recorded_events(str(photo), str(out))
    assert ("open", str(out)) in events  # the requested output file
    unexpected = [
        (event, argument)
        for event, argument in events
        if argument != str(out)
        and not any(re.fullmatch(e, event) and re.search(a, argument) for e, a in ALLOWED)
    ]
    assert unexpected == []
    assert tagged_photo.found_in(out.read_bytes()) == []


def test_a_leak_would_be_recorded(tmp_path: Path) -> None:
    photo = tmp_path / "mine.jpg"
    photo.write_bytes(b"photo")
    events = {event for event, _ in recorded_events(str(photo))}
    assert events >= {"open", "tempfile.mkstemp", "subprocess.Popen", "socket.connect"}


def test_onnx_runtime_telemetry_is_off() -> None:
    """Whatever the environment says; it must be set before the import."""
    code = (
        "import os, sys, fer_core; assert 'onnxruntime' not in sys.modules; "
        "import fer_core.models.onnx_network"
    )
    code += "; assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    env = os.environ | {"ORT_DISABLE_TELEMETRY": "0"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, timeout=120)


def test_only_the_library_imports_onnx_runtime() -> None:
    """An import elsewhere could come before telemetry is disabled.

    In a function it comes after, if the file imports the library at its top.
    """
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for folder in ("fer_core", "pages", "training")
        for path in (ROOT / folder).rglob("*.py")
    }
    importers = {
        name: text
        for name, text in texts.items()
        if re.search(r"^\s*(import|from) onnxruntime", text, re.MULTILINE)
    }
    assert importers
    for name, text in importers.items():
        in_function = not re.search(r"^(import|from) onnxruntime", text, re.MULTILINE)
        after_library = re.search(r"^from fer_core", text, re.MULTILINE) is not None
        assert name.startswith("fer_core/") or (in_function and after_library), name
