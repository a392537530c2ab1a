"""The command line in a real process."""

import subprocess
import sys


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m fer_core` with these arguments."""
    command = [sys.executable, "-m", "fer_core", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
