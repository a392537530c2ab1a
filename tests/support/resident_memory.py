"""Tests of memory: a program in a process of its own, so that nothing else counts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STATM = Path("/proc/self/statm")
on_linux = pytest.mark.skipif(not STATM.exists(), reason="memory is read as on Linux")


def bytes_held() -> int:
    """What this process has in memory (resident set), as Linux tells it."""
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def printed(program: str) -> list[float]:
    """The numbers that a Python program prints, which may import `resident` and our packages."""
    paths = os.pathsep.join([str(HERE.parent), str(HERE)])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [float(word) for word in done.stdout.split()]
