"""JavaScript under Node, with the packages of `onnx_web/package-lock.json`."""

import os
import shutil
import subprocess
import tempfile
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
    _install()
    with tempfile.TemporaryDirectory(dir=CACHE) as own:  # below the packages, which it imports
        module = Path(own) / "program.mjs"
        module.write_text(program, encoding="utf-8")
        done = subprocess.run(
            ["node", module], cwd=folder, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _install() -> None:
    """Install the packages by their hashes unless they are there; skips the test without Node."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node is not installed: it runs onnxruntime-web")
    lock = SOURCE / "package-lock.json"
    installed = CACHE / "node_modules" / ".installed"
    if installed.is_file() and installed.read_bytes() == lock.read_bytes():
        return
    shutil.copytree(SOURCE, CACHE, dirs_exist_ok=True)
    done = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund"],
        cwd=CACHE,
        env=os.environ | {"NPM_CONFIG_UPDATE_NOTIFIER": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"npm cannot install onnxruntime-web: {done.stderr.strip()[-200:]}")
    shutil.copy(lock, installed)
