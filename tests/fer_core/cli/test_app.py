"""Behaviour shared by all commands of python -m fer_core."""

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

from fer_core.cli import app
from fer_core.cli.command import report_errors
from fer_core.errors import DataError, UsageError

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("words", [[], ["classify"], ["classify", "a.jpg", "--model", "vgg"]])
def test_wrong_usage_is_status_two(words: list[str]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "usage" in done.stderr


def test_help_names_every_command() -> None:
    text = run("--help").stdout
    for command in app.COMMANDS:
        assert command.__name__.rpartition(".")[2] in text


@pytest.mark.parametrize(
    "words",
    [["models"], ["card", "--help"], ["classify", "--help"], ["explain", "--help"]],
    ids=lambda words: words[0],
)
def test_what_computes_nothing_imports_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys\nfrom fer_core.cli.app import main\n"
        f"try:\n    main({words})\nexcept SystemExit: pass\n"
        "loaded = {'numpy', 'torch', 'tensorflow', 'PIL', 'pandas'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_an_error_becomes_one_line_and_status_one(capsys: Capture) -> None:
    @report_errors
    def command(words: list[str]) -> int:
        """Its own words."""
        if words:
            raise DataError(f"no {words[0]} here.")
        return 0

    assert command(["photo"]) == 1
    assert capsys.readouterr() == ("", "error: no photo here.\n")
    assert command([]) == 0
    assert command.__doc__ == "Its own words."


def test_unexpected_errors_are_raised() -> None:
    @report_errors
    def command() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()


def test_ctrl_c_and_failing_files_end_without_traceback(capsys: Capture, tmp_path: Path) -> None:
    @report_errors
    def command(error: BaseException) -> int:
        raise error

    assert command(KeyboardInterrupt()) == 130
    assert command(PermissionError(13, "Permission denied", "a file")) == 1
    assert command(UsageError("a\nb\x1b[2J would be lost.")) == 2
    assert capsys.readouterr().err.splitlines() == [
        "Stopped.",
        "error: a file: Permission denied.",
        "error: a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}[2J would be lost.",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("| true", ""),
        ("> /dev/full", "error: standard output cannot be written: No space left on device.\n"),
        (">&-", ""),
        ("2>&-", ""),
    ],
    ids=["closed pipe", "full disk", "closed output", "closed errors"],
)
def test_an_output_that_ends_early_is_no_traceback(words: str, error: str) -> None:
    command = f"'{sys.executable}' -m fer_core models {words}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == error


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_letters_that_the_terminal_lacks_are_replaced(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @report_errors
    def command() -> int:
        print("\N{CJK UNIFIED IDEOGRAPH-4E2D} Zo\xeb")
        return 0

    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", stream)
    assert command() == 0
    expected = "? Zo\xeb\n".encode(encoding, "replace")
    assert stream.buffer.getvalue() == expected  # type: ignore[attr-defined]


def test_every_command_can_be_run() -> None:
    for command in app.COMMANDS:
        parser = argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        assert callable(command.run)
