"""The core of the suite as on Windows, as far as Linux can imitate it.

What only Unix has is missing (tests/support/like_windows), and text has cp1252 or ASCII where no
encoding is given.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT / "tests/support/like_windows"),
    "PYTHONIOENCODING": "cp1252",
    # ASCII instead of UTF-8 for files opened without an encoding.
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
}
CORE = (
    "tests/fer_core/cli/test_models.py",
    "tests/fer_core/cli/test_bench.py",
    "tests/fer_core/cli/test_card.py",
    "tests/fer_core/artifacts/test_private_test_ledger.py",  # with a run of training.evaluate
    "tests/pages/test_model_card.py",
)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT,
        capture_output=True,
        encoding="cp1252",
    )


def test_the_imitation_works() -> None:
    program = "import locale; print(locale.getencoding())"
    assert run("-c", program).stdout.lower().strip() == "ansi_x3.4-1968"
    for line in ("import resource", "import os; os.sched_getaffinity(0)", "from os import nice"):
        program = f"exec({line!r}, {{'__name__': 'fer_core.a'}})"
        assert run("-c", program).returncode
        assert run("-c", line).returncode == 0


@pytest.mark.slow
def test_the_core_of_the_suite_passes() -> None:
    process = run("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *CORE)
    assert process.returncode == 0, process.stdout[-5000:]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
@pytest.mark.parametrize("folder", ["fer_core/weights", "fer_core/results"])
def test_git_changes_no_byte_of_a_checksummed_file(folder: str) -> None:
    """Git for Windows converts line ends of text files by default."""
    sums = (ROOT / folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    names = [f"{folder}/{line.split(maxsplit=1)[1].lstrip('*')}" for line in sums]
    command = ["git", "check-attr", "text", "--", *names]
    attributes = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    assert attributes == [f"{name}: text: unset" for name in names]
