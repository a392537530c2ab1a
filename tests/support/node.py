"""JavaScript under Node, with the packages of `onnx_web/package-lock.json`."""

import hashlib
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).parent / "onnx_web"
CACHE = ROOT / ".node"  # git ignores it


def run_node(program: str, folder: Path) -> str:
    """Run a module that may import `onnxruntime-web`, and return what it prints.

    Args:
        program: The module's text.
        folder: The working folder, where it finds its files.
    """
    with tempfile.TemporaryDirectory(dir=packages()) as own:  # below the packages, which it imports
        module = Path(own) / "program.mjs"
        module.write_text(program, encoding="utf-8")
        done = subprocess.run(
            ["node", module], cwd=folder, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def packages() -> Path:
    """The folder with the packages of the lock file, installed by their hashes where missing.

    Skips the test without Node or a registry.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node is not installed: it runs onnxruntime-web")
    lock = (SOURCE / "package-lock.json").read_bytes()
    installed = CACHE / hashlib.sha256(lock).hexdigest()[:12]
    if not installed.is_dir():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as own:
            new = shutil.copytree(SOURCE, Path(own) / "new")
            words = [npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
            done = subprocess.run(words, cwd=new, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"npm cannot install onnxruntime-web: {done.stderr.strip()[-200:]}")
            with suppress(OSError):  # another process was faster
                new.rename(installed)
    return installed
