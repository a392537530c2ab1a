"""The command line as a real process."""

import subprocess
import sys


def run(*words: object) -> subprocess.CompletedProcess[str]:
    """`python -m fer_core` with those words."""
    command = [sys.executable, "-m", "fer_core", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
