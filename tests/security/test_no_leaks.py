"""The library writes, sends and starts nothing while photos are worked with."""

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
    not any(weights_file.is_ready(variant) for variant in MODELS.values()),
    reason="no variant is trained yet",
)
TEMPORARY = re.escape(tempfile.gettempdir())
#: What imported packages do by themselves, none of it with a photo.
ALLOWED = (
    ("open", rf"^({TEMPORARY}/[a-z0-9_]{{8}}|{os.devnull})$"),  # Python tries where files may go
    ("os.remove", rf"^\('{TEMPORARY}/[a-z0-9_]{{8}}', "),
    ("os.mkdir", r"matplotlib|torchinductor_"),  # grad-cam's matplotlib and torch, when imported
    ("open|os\\.remove", r"/matplotlib/fontlist-[\w.-]+"),
    ("subprocess.Popen", r"^\('(uname|/sbin/ldconfig|ldconfig|lscpu)'"),  # what machine is this?
    ("socket.bind", r"\('(::1|127\.0\.0\.1|localhost)', 0"),  # urllib3 tries whether there is IPv6
)


def noted(*args: str) -> list[tuple[str, str]]:
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
    return [tuple(each) for each in json.loads(run.stdout.splitlines()[-1])]


def test_nothing_is_written_sent_or_started(tmp_path: Path) -> None:
    photo, out = tmp_path / "mine.jpg", tmp_path / "map.png"
    photo.write_bytes(tagged_photo.jpeg())
    events = noted(str(photo), str(out))
    assert ("open", str(out)) in events  # the one file that was asked for
    unexpected = [
        (event, what)
        for event, what in events
        if what != str(out)
        and not any(re.fullmatch(e, event) and re.search(w, what) for e, w in ALLOWED)
    ]
    assert unexpected == []
    assert tagged_photo.found_in(out.read_bytes()) == []


def test_a_leak_would_be_noticed(tmp_path: Path) -> None:
    photo = tmp_path / "mine.jpg"
    photo.write_bytes(b"photo")
    seen = {event for event, _ in noted(str(photo))}
    assert seen >= {"open", "tempfile.mkstemp", "subprocess.Popen", "socket.connect"}


def test_onnx_runtime_is_told_to_report_to_nobody() -> None:
    """Whatever the environment says; the switch has to stand before the import."""
    code = (
        "import os, sys, fer_core; assert 'onnxruntime' not in sys.modules; "
        "import fer_core.models.onnx_network"
    )
    code += "; assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    env = os.environ | {"ORT_DISABLE_TELEMETRY": "0"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, timeout=120)


def test_onnx_runtime_is_imported_by_the_library_alone() -> None:
    """An import elsewhere could come before the switch."""
    asking = [
        path.relative_to(ROOT).as_posix()
        for folder in ("fer_core", "pages", "training")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) onnxruntime", path.read_text(), re.MULTILINE)
    ]
    assert asking
    assert all(path.startswith("fer_core/") for path in asking)
