"""The app in its own process, as `streamlit run` serves it."""

import os
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@contextmanager
def serving(
    log: Path,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    watcher: Sequence[str] = (),
    largest_file: int | None = None,
    on_start: Callable[[subprocess.Popen[bytes]], object] | None = None,
) -> Iterator[str]:
    """Start the app and yield its address.

    Args:
        log: File for the app's output.
        options: Further command-line options.
        environment: Variables added to those of this process.
        watcher: Command to start the app under.
        largest_file: Size limit in bytes, enforced by the system, of every file the app writes.
        on_start: Called with the app's process.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [*watcher, sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (largest_file, largest_file))
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT,
            env=os.environ | (environment or {}),
            stdout=out,
            stderr=out,
            preexec_fn=None if largest_file is None else limit,
        )
        if on_start is not None:
            on_start(process)
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/health", process, log)  # there with a base path too
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)
    output = log.read_text(encoding="utf-8")
    assert "Traceback" not in output
    assert '"event": "error"' not in output
    assert "127.0.0.1:" not in output, "a visitor's address is in the log"


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8')}")
