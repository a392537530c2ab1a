"""Behaviour shared by all commands of python -m fer_core."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

from fer_core.cli import app
from fer_core.cli.command import report_errors, wrap_write_errors
from fer_core.errors import DataError, FerError

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


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere/a.md"
    with (
        pytest.raises(FerError, match=r"nowhere.* cannot be written: No such"),
        wrap_write_errors(path),
    ):
        path.write_text("")


def test_every_command_can_be_run() -> None:
    for command in app.COMMANDS:
        parser = argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        assert callable(command.run)
