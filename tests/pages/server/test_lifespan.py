"""The app as a process: configured by the environment, healthy, and shut down in order."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from stream_client import StreamClient, begin_upload, visit
from streamlit import net_util
from streamlit.web.server import server_util

from fer_core import onnx_session
from fer_core.artifacts import store, weights_file
from fer_core.registry import MODELS
from pages.server import health, lifespan

ROOT = Path(__file__).parents[3]


def start(port: int, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    return subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def health_report(port: int, seconds: float = 60) -> dict:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/health", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            assert time.monotonic() < end, "the app did not start"
            time.sleep(0.2)


def test_healthy_then_shut_down_in_order(unused_port: int) -> None:
    process = start(unused_port, FER_LOG="json")
    try:
        assert health_report(unused_port) == {
            "status": "ok",
            "variants_ready": sum(weights_file.is_ready(model) for model in MODELS.values()),
            "models_loaded": 0,
            "work_in_line": 0,
            "photo_mb": 0.0,
        }
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    lines = [json.loads(line)["event"] for line in errors.splitlines() if line.startswith("{")]
    assert lines == ["start", "stop"]
    assert "Traceback" not in errors


def test_an_upload_that_never_ends_does_not_keep_it_running(unused_port: int) -> None:
    process, app = start(unused_port), f"http://localhost:{unused_port}"
    try:
        health_report(unused_port)
        headers = visit(app)
        with StreamClient(app, headers) as visitor:
            session = visitor.run("classify")
            visitor.wait_until_finished()
            with begin_upload(app, session, headers) as upload:
                upload.sendall(b"x")
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=3 * lifespan.STOP_SECONDS)
    finally:
        process.kill()


def test_the_app_sets_what_the_library_leaves_to_it(
    no_results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_session, "_threads", 2)  # restored at the end, as are the next
    for name in ("MODEL_CACHE", "use_torch_threads", "guard_process"):
        monkeypatch.setattr(lifespan, name, MagicMock())
    lifespan.configure_library()
    assert onnx_session.session_options().intra_op_num_threads == 1
    assert onnx_session.session_options(threads=2).intra_op_num_threads == 2
    assert store.artifacts().recheck_seconds > 0


def test_an_invalid_setting_is_reported_in_one_sentence(unused_port: int) -> None:
    process = start(unused_port, FER_WORKERS="many")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "FER_WORKERS must be a whole number of at least 1, not 'many'." in errors
    assert "Traceback" not in errors


def test_a_cross_site_request_triggers_no_address_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("asked"))
    assert lifespan.MIDDLEWARE  # importing it disables the lookup
    assert not server_util.is_url_from_allowed_origins("https://elsewhere.example")
    assert server_util.is_url_from_allowed_origins("http://localhost:8501")


@pytest.mark.usefixtures("no_artifacts")
def test_unhealthy_without_any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.upload_limit, "photo_bytes", lambda: 0)
    answer = asyncio.run(health.health(None))  # type: ignore[arg-type]
    assert answer.status_code == 503
    assert json.loads(answer.body)["variants_ready"] == 0
