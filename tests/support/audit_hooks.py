"""Run as a program: process a photo with the library and record every leak Python can see.

Prints a JSON list of (event, argument) of all files opened for writing, sockets and programs.
Native code is not visible here; `tests/browser/test_no_leaks.py` covers it.
"""

import json
import os
import sys
from pathlib import Path

from fer_core.artifacts import weights_file

RECORDED: list[tuple[str, str]] = []
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
EVENTS = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile",
    "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate",
    "tempfile.mkstemp", "tempfile.mkdtemp", "shutil.copyfile", "shutil.move", "urllib.Request",
    "sqlite3.connect", "syslog.syslog", "webbrowser.open", "http.client.connect",
)  # fmt: skip


def record(event: str, args: tuple[object, ...]) -> None:
    """Audit hook, see PEP 578."""
    if event == "open":
        path, _, flags = args
        if isinstance(flags, int) and flags & WRITING:
            RECORDED.append((event, str(path)))
    elif event in EVENTS:
        RECORDED.append((event, repr(args)[:300]))


def visit(photo: str, out: str) -> None:
    """Run what the app does with a photo, for every model, and the command line."""
    from fer_core import pipeline
    from fer_core.cli.app import main
    from fer_core.explain import explain
    from fer_core.registry import MODELS

    ready = [name for name, model in MODELS.items() if weights_file.is_ready(model)]
    detected = pipeline.detect_faces(Path(photo).read_bytes())
    answers = pipeline.classify_chips(detected.chips, ready)
    for name in ready:
        explain(name, detected.chips, [answers[0][name].emotion])
    main(["classify", photo, "--json"])
    main(["explain", photo, "--variant", ready[0], "--out", out])


def misbehave(photo: str) -> None:
    """Leak a photo on purpose, to check that leaks are recorded."""
    import socket
    import subprocess
    import tempfile

    data = Path(photo).read_bytes()
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
    subprocess.run(["true"], check=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as away:
        away.connect(("192.0.2.1", 9))  # a documentation address; this sends nothing


if __name__ == "__main__":
    sys.addaudithook(record)
    if len(sys.argv) == 3:
        visit(*sys.argv[1:])
    else:
        misbehave(sys.argv[1])
    print("\n" + json.dumps(RECORDED))
