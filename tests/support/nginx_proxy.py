"""Debian's nginx with docs/nginx.conf; only paths, ports and the app's address are replaced.

strace records which files it opens for writing.
"""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import strace

CONFIGURATION = Path(__file__).parents[2] / "docs/nginx.conf"
NAME = "fer.example.org"


@dataclass(frozen=True)
class Proxy:
    folder: Path
    port: int

    def written(self) -> list[Path]:
        """Paths of the files that nginx has opened for writing."""
        calls = strace.calls((self.folder / "trace.txt").read_text(encoding="utf-8"))
        paths = [Path(path) for path in strace.written(calls) if path != "/dev/null"]
        return [path for path in paths if not path.is_dir()]


@contextmanager
def nginx(folder: Path, app: str, text: str, replicas: str = "") -> Iterator[Proxy]:
    """Run nginx with a configuration, its paths and ports replaced.

    Args:
        folder: Where nginx has its files.
        app: The app's address.
        text: docs/nginx.conf, perhaps changed.
        replicas: A file that it includes, with addresses of this machine.
    """
    with socket.socket() as first, socket.socket() as second:
        for free in (first, second):
            free.bind(("127.0.0.1", 0))
        port, plain = first.getsockname()[1], second.getsockname()[1]
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for old, new in {
        r"user www-data;": "",
        r"listen 443": f"listen 127.0.0.1:{port}",
        r"listen 80": f"listen 127.0.0.1:{plain}",
        r"127\.0\.0\.1:8501": app.removeprefix("http://"),
        r"/(var/log/nginx|run|etc/ssl/fer|etc/nginx/fer)/": f"{folder}/",
        r"http \{": "http {\n" + temporary,
    }.items():
        text, count = re.subn(old, new, text)
        assert count
    (folder / "replicas.conf").write_text(replicas, encoding="utf-8")
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    certificate = ["-keyout", "privkey.pem", "-out", "fullchain.pem", "-subj", f"/CN={NAME}"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *certificate],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    watcher = strace.command(folder / "trace.txt")
    one_process = ["-g", "daemon off; master_process off;"]
    arguments = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), *one_process]
    process = subprocess.Popen([*watcher, *arguments])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
        yield Proxy(folder, port)
    finally:
        process.terminate()
        process.wait(timeout=20)
